/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_TRACE_H
#define REAPLAB_TRACE_H

#include <stdint.h>
#include <sys/types.h>

#include "failure.h"

/* Who may have run exit_mmap of the victim. */
struct suspects {
	const pid_t *victim;	/* its threads, ended by 0 */
	pid_t killer;
	const pid_t *kthreads;	/* ended by 0 */
};

/* Have the kernel trace exits of address spaces, and what its OOM killer and reaper do, in a buffer of our own. */
int trace_start(struct failure *failure);

/* Throw away what was traced so far. */
void trace_drain(void);

/* Take what was traced since: what the following are asked about. */
void trace_collect(void);

/* When an event of the OOM killer or reaper first concerned that process, in ns cut to microseconds; 0 = it did not. */
int64_t trace_time(const char *event, pid_t pid);

/* "victim", "killer", "kthread", "other" or "none", from the events of [from, to]; NULL without tracing. */
const char *trace_teardown_by(const struct suspects *suspects, int64_t from, int64_t to);

#endif
