/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test on one CPU and its victim on another: victims that don't get on with
 * what they are at, loads beside them, and whose task tears an address space
 * down. Conventions as in support.h.
 */
#ifndef REAPLAB_SELFTEST_SUPPORT_CPUS_H
#define REAPLAB_SELFTEST_SUPPORT_CPUS_H

#include "support.h"

/* Where a case keeps test and victim apart. */
#define CALLER_CPU	0
#define VICTIM_CPU	1

/* True if there are both. */
bool has_two_cpus(void);

/*
 * Starts a load that takes all it can get of VICTIM_CPU, and waits until it
 * runs. It keeps to nice 0, beside which a SCHED_IDLE task still gets 0.3 %.
 * Beside a higher one such a task may get nothing for half a minute, and if
 * that catches it in an RCU read-side section, others wait for its end.
 */
bool start_spinner(struct victim *spinner);

/*
 * Keeps the test to CALLER_CPU, and pushes a victim off VICTIM_CPU somewhere in
 * a loop that locks its memory for writing: SCHED_IDLE beside a spinner. With
 * luck it holds the mmap_lock then, and goes on holding it for a while. The
 * cgroup is as in struct victim_shape.
 */
bool start_starved(struct victim *victim, size_t bytes, const char *cgroup);

/*
 * How many of so many victims, which run on VICTIM_CPU, are torn down by the
 * task that kills and reaps them: exit_mmap runs where the last of mm_users is
 * dropped. -1 if something fails, be it kill_and_reap.
 */
int teardowns_by_caller(bool (*kill_and_reap)(const struct victim *victim), size_t bytes, int rounds);

#endif /* REAPLAB_SELFTEST_SUPPORT_CPUS_H */
