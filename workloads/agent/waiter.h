/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_WAITER_H
#define REAPLAB_WAITER_H

#include "program.h"

/* The process that waits for a robust lock of the victim's. */
struct waiter {
	struct program program;
	struct meeting meeting;	/* has the lock; the victim is started with it, too */
};

/* Before the victim is started. */
int waiter_prepare(struct waiter *waiter, struct failure *failure);

/* Once the victim owns the lock; returns when it is being waited for. */
int waiter_start(struct waiter *waiter, const char **unmet, struct failure *failure);

/* When the waiter learnt that the owner had died, 0 = not yet; NULL without a waiter. */
const _Atomic int64_t *waiter_told(const struct waiter *waiter);
int waiter_end(struct waiter *waiter, struct failure *failure);

#endif
