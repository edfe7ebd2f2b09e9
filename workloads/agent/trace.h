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

/* Have the kernel trace mmap:exit_mmap in a buffer of our own. */
int trace_start(struct failure *failure);

/* Throw away what was traced so far. */
void trace_drain(void);

/* "victim", "killer", "kthread", "other" or "none", from the events of [from, to]; NULL without tracing. */
const char *trace_teardown_by(const struct suspects *suspects, int64_t from, int64_t to);

#endif
