/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_MEMORY_CLOCK_H
#define REAPLAB_MEMORY_CLOCK_H

#include <stdint.h>

#include "cgroup.h"

/*
 * By what it is told how much of a victim's memory is gone. Its cgroup's
 * memory.current, except where death does not free it from there: swapped
 * memory is counted in memory.swap.current as well, and of a file's pages,
 * which stay in the page cache, it is counted how many are mapped.
 */
enum memory_clock_kind { CLOCK_MEMORY, CLOCK_MEMORY_AND_SWAP, CLOCK_MAPPED };

struct memory_clock {
	int kind;
	int fd;		/* memory.current or memory.stat */
	int swap_fd;	/* memory.swap.current */
};

/* For as long as the cgroup is there. */
int memory_clock_open(struct memory_clock *clock, enum memory_clock_kind kind, const struct cgroup *cgroup,
		      struct failure *failure);
void memory_clock_close(struct memory_clock *clock);

/* Bytes held; -1 where they cannot be read. Allocates nothing of the agent's. */
int64_t memory_clock_read(const struct memory_clock *clock);

/* What it may still show when everything has gone. */
int64_t memory_clock_slack(const struct memory_clock *clock);

#endif
