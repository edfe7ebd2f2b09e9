/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface of approach pf-memalloc, see
 * kernel-patches/pf-memalloc/0003-*.patch. Written out here because the tests
 * are built against the host's headers.
 */
#ifndef REAPLAB_PF_MEMALLOC_H
#define REAPLAB_PF_MEMALLOC_H

#include <errno.h>
#include <stdbool.h>
#include <sys/prctl.h>

#define PR_SET_MEMALLOC		0x4d454d01
#define PR_GET_MEMALLOC		0x4d454d02

#define PR_MEMALLOC_OFF		0UL	/* as any other thread */
#define PR_MEMALLOC_FULL	1UL	/* PF_MEMALLOC */
#define PR_MEMALLOC_OOM		2UL	/* the reserves of an OOM victim, then reclaim */

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
