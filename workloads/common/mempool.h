/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_MEMPOOL_H
#define REAPLAB_MEMPOOL_H

/*
 * The private prctl numbers of the oom-mempool series:
 * prctl(PR_SET_MEMPOOL, pages, flags, 0, 0) sets pages aside for the calling
 * thread, or refills them; prctl(PR_GET_MEMPOOL, what, 0, 0, 0) tells about them.
 */
#define PR_SET_MEMPOOL 0x4d454d03
#define PR_GET_MEMPOOL 0x4d454d04

#define MEMPOOL_MAX 1024	/* pages */
#define MEMPOOL_NORECLAIM 1UL	/* flag: take only what is free */

#define MEMPOOL_LEFT 0		/* pages there are now */
#define MEMPOOL_SIZE 1		/* pages when full */
#define MEMPOOL_MISSED 2	/* times one was wanted in vain, since the size was set */

#endif
