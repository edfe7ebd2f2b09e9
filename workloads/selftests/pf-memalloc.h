/* SPDX-License-Identifier: GPL-2.0-only */
/* What the selftests of approach pf-memalloc share: the two calls of its interface. */
#ifndef REAPLAB_PF_MEMALLOC_H
#define REAPLAB_PF_MEMALLOC_H

#include <errno.h>
#include <stdbool.h>
#include <sys/prctl.h>

#include "memalloc.h"

/* 0, or -1 and errno. Needs CAP_SYS_RESOURCE. */
static inline int memalloc_set(unsigned long mode)
{
	return prctl(PR_SET_MEMALLOC, mode, 0UL, 0UL, 0UL);
}

/* The calling thread's mode, or -1 and errno. Needs CAP_SYS_RESOURCE. */
static inline int memalloc_get(void)
{
	return prctl(PR_GET_MEMALLOC, 0UL, 0UL, 0UL, 0UL);
}

/* False on a kernel without the series, which knows no such option. */
static inline bool memalloc_exists(void)
{
	return memalloc_get() >= 0 || errno != EINVAL;
}

#endif /* REAPLAB_PF_MEMALLOC_H */
