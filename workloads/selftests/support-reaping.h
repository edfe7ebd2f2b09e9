/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Victims for the tests that look at what the kernel reaps by itself. They sit
 * in a cgroup of their own, and mostly in the v1 freezer: a frozen process
 * cannot exit, so whatever frees its memory, it is not the process itself.
 * Conventions as in support.h.
 */
#ifndef REAPLAB_SELFTEST_SUPPORT_REAPING_H
#define REAPLAB_SELFTEST_SUPPORT_REAPING_H

#include "support.h"

/*
 * Half of the two seconds that the OOM killer's own victims wait, so a pass
 * can't be theirs. Reaping VICTIM_BYTES takes some milliseconds, emulated with
 * KASAN and lockdep about a hundred; but a guest whose host is busy may be
 * stopped for seconds, so whoever asks for this repeats it.
 */
#define AT_ONCE_MS	1000
#define AT_ONCE_TRIES	5
#define VICTIM_BYTES	(32 * MIB)

/* What a stripped victim may still hold: page tables, kernel stacks, a stray page. */
#define REST_BYTES	(2 * MIB)

/* How long we look before we believe that nothing happens. */
#define SETTLE_MS	300

/* The victims' cgroup, of the case that runs. */
extern char cgroup[128];

/* Traces waking, starting, finishing and skipping of reapers, and marks of OOM victims. */
bool trace_oom_events(void);
/* A victim in a new cgroup, and tracing on. */
bool start_in_cgroup(struct victim *victim, struct victim_shape shape);
/* The same with VICTIM_BYTES and so many threads beside the leader, all frozen. */
bool start_frozen(struct victim *victim, unsigned int threads);

/* How long the cgroup takes to lose its memory, in milliseconds, or -1. */
int64_t strip_time_ms(void);
/* True if it loses it within WAIT_LIMIT_MS. */
bool is_stripped_soon(void);
/* True if it still has at least that much a while later. */
bool keeps(size_t bytes);
/* True if the process is still there a while later. */
bool stays(const struct victim *victim);
/* Waits for reapers to be done so many times, and tells that it was not more. */
bool reaped_times(int count);

/* Sets the cgroup's limit, and turns its swap off. */
bool limit_cgroup(size_t bytes);
/* How often the OOM killer has killed in the cgroup, or -1. */
int oom_kills(void);
/*
 * A process in the cgroup that faults so much in, more or less at once, and
 * then exits with 0.
 */
bool start_allocating(struct victim *allocator, size_t bytes);
/* Waits for the end of a child; how it ended is like waitid() says, in code and status. */
bool ends(const struct victim *child, int code, int status);

#endif /* REAPLAB_SELFTEST_SUPPORT_REAPING_H */
