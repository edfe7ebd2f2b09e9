/* SPDX-License-Identifier: GPL-2.0-only */
/* What the selftests of approach oom-mempool share: the two calls of its interface. */
#ifndef REAPLAB_OOM_MEMPOOL_H
#define REAPLAB_OOM_MEMPOOL_H

#include <errno.h>
#include <stdbool.h>
#include <sys/prctl.h>

#include "mempool.h"

/* 0, or -1 and errno. Needs CAP_SYS_RESOURCE. */
static inline int mempool_set(unsigned long pages, unsigned long flags)
{
	return prctl(PR_SET_MEMPOOL, pages, flags, 0UL, 0UL);
}

/* What is asked of the calling thread's reserve, or -1 and errno. Needs CAP_SYS_RESOURCE. */
static inline int mempool_get(unsigned long what)
{
	return prctl(PR_GET_MEMPOOL, what, 0UL, 0UL, 0UL);
}

/* False on a kernel without the series, which knows no such option. */
static inline bool mempool_exists(void)
{
	return mempool_get(MEMPOOL_LEFT) >= 0 || errno != EINVAL;
}

/* True if the calling thread has a reserve of this size, and this much of it. */
static inline bool mempool_is(int size, int left)
{
	return mempool_get(MEMPOOL_SIZE) == size && mempool_get(MEMPOOL_LEFT) == left;
}

#endif /* REAPLAB_OOM_MEMPOOL_H */
