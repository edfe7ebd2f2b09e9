/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_SWAPOUT_H
#define REAPLAB_SWAPOUT_H

#include "cgroup.h"

/* Move that much of a cgroup's memory to swap; *unmet says if it did not go. */
int swap_out(const struct cgroup *cgroup, int64_t bytes, const char **unmet, struct failure *failure);

#endif
