/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_VICTIM_H
#define REAPLAB_VICTIM_H

#include "cgroup.h"
#include "program.h"
#include "request.h"

#define VICTIM_THREADS_MAX 4096

/* Everything one trial sets up around the process to be killed. */
struct victim {
	struct cgroup cgroup;
	struct program hog;
	struct program spinner;
	pid_t threads[VICTIM_THREADS_MAX + 1];	/* ended by 0 */
	int64_t faulted_bytes;			/* what memory.current rose by until it was ready */
	int filesystem_frozen;
	int in_v1_freezer;
};

/* Where /disk is frozen for a victim in D state. */
#define DISK "/disk"

/*
 * Make the victim as the request describes it, below @parent, and bring it
 * into its state. -1 = something is broken (failure); otherwise *unmet says
 * which condition was not reached in time, NULL if all were.
 */
int victim_create(struct victim *victim, const struct trial_request *request, const char *parent, const char **unmet,
		  struct failure *failure);

/* Undo the state (thaw, unfreeze, unthrottle), kill, wait until the cgroup is empty. */
int victim_end(struct victim *victim, struct failure *failure);

/* Bring the victim, which is ready, into the state of the request. Part of victim_create. */
int victim_apply_state(struct victim *victim, const struct trial_request *request, const char **unmet,
		       struct failure *failure);
int victim_undo_state(struct victim *victim, struct failure *failure);

#endif
