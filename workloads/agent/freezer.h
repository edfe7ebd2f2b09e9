/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_FREEZER_H
#define REAPLAB_FREEZER_H

#include <sys/types.h>

#include "failure.h"

/* The cgroup v1 freezer, which unlike v2's keeps even a killed task from running. */
int freezer_v1_freeze(pid_t pid, struct failure *failure);
int freezer_v1_is_frozen(void);
int freezer_v1_thaw(struct failure *failure);

/* Once its process has gone. */
int freezer_v1_remove(struct failure *failure);

#endif
