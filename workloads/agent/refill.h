/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_REFILL_H
#define REAPLAB_REFILL_H

#include "cgroup.h"
#include "program.h"
#include "request.h"

/* The independent process that wants memory at the moment of the kill. */
struct refill {
	struct cgroup cgroup;
	struct program program;
	struct meeting meeting;
};

/* Have it ready to fault in usable_bytes, in a cgroup of its own, on load_cpu. */
int refill_create(struct refill *refill, const struct trial_request *request, struct failure *failure);
int refill_end(struct refill *refill, struct failure *failure);

#endif
