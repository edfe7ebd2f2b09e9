/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_READER_H
#define REAPLAB_READER_H

#include "cgroup.h"
#include "program.h"

/*
 * A process that reads /proc files of the victim where it gets hardly any CPU:
 * SCHED_IDLE beside a spinner, the two in a cgroup of their own.
 */
struct reader {
	struct cgroup cgroup;
	struct program program;
	struct program spinner;
	struct meeting meeting;
};

/* Returns when a read is in progress. */
int reader_start(struct reader *reader, pid_t victim, int64_t cpu, const char **unmet, struct failure *failure);

/* Whether a read is in progress, and the victim's memory held by it. */
int reader_reads(const struct reader *reader);
int reader_end(struct reader *reader, struct failure *failure);

#endif
