/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Victims for the tests of ss-expedite that look at the reaper. They sit in a
 * cgroup of their own, and mostly in the v1 freezer: a frozen process cannot
 * exit, so whatever frees its memory, it is not the process itself.
 *
 * Include it after ktap.h, in the program's main source file only.
 */
#ifndef REAPLAB_SS_EXPEDITE_VICTIMS_H
#define REAPLAB_SS_EXPEDITE_VICTIMS_H

#include "ss-expedite.h"
#include "support.h"

#include <poll.h>
#include <stdlib.h>

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

static const unsigned int both_forms[] = { EXPEDITE, EXPEDITE_QUEUE };

#define FORMS	(sizeof(both_forms) / sizeof(both_forms[0]))

static char cgroup[128];

static inline bool trace_oom_events(void)
{
	return trace_event("oom/wake_reaper", NULL) &&
	       trace_event("oom/start_task_reaping", NULL) &&
	       trace_event("oom/finish_task_reaping", NULL) &&
	       trace_event("oom/skip_task_reaping", NULL) && trace_event("oom/mark_victim", NULL);
}

/* A victim in a new cgroup, and tracing on. */
static inline bool start_in_cgroup(struct victim *victim, struct victim_shape shape)
{
	shape.cgroup = cgroup;
	return trace_oom_events() && cgroup_create(cgroup, sizeof(cgroup)) &&
	       victim_start(victim, &shape);
}

static inline bool start_frozen(struct victim *victim, unsigned int threads)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = threads };

	return start_in_cgroup(victim, shape) && freezer_v1(victim->pid, true);
}

static inline bool is_stripped(void *path)
{
	return cgroup_memory(path) < (int64_t)REST_BYTES;
}

/* How long the cgroup takes to lose its memory, in milliseconds, or -1. */
static inline int64_t strip_time_ms(void)
{
	int64_t start = now_ns();
	bool stripped = wait_for(is_stripped, cgroup, WAIT_LIMIT_MS);
	int64_t time = now_ns() - start;

	ktap_note("%s after %lld us, %lld KiB left", stripped ? "stripped" : "not stripped",
		  (long long)time / 1000, (long long)cgroup_memory(cgroup) / 1024);
	return stripped ? time / 1000000 : -1;
}

static inline bool is_stripped_soon(void)
{
	return strip_time_ms() >= 0;
}

/* True if the process is still there a while later. */
static inline bool stays(const struct victim *victim)
{
	struct pollfd gone = { .fd = victim->pidfd, .events = POLLIN };

	return poll(&gone, 1, SETTLE_MS) == 0;
}

static inline bool reaping_is_finished(void *count)
{
	return trace_count("finish_task_reaping:", NULL) >= *(int *)count;
}

/* Waits for the reaper to be done so many times, and tells that it was not more. */
static inline bool reaped_times(int count)
{
	return wait_for(reaping_is_finished, &count, WAIT_LIMIT_MS) &&
	       trace_count("finish_task_reaping:", NULL) == count &&
	       trace_count("wake_reaper:", NULL) == count;
}

#endif /* REAPLAB_SS_EXPEDITE_VICTIMS_H */
