/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_VICTIM_H
#define REAPLAB_VICTIM_H

#include "cgroup.h"
#include "memory_clock.h"
#include "program.h"
#include "reader.h"
#include "request.h"
#include "waiter.h"

#define VICTIM_THREADS_MAX 4096

/* Everything one trial sets up around the process (or the set of processes) to be killed. */
struct victim {
	struct cgroup cgroup;
	struct memory_clock clock;
	struct program hog;		/* the victim, or the nursery of several */
	struct program spinner;
	struct program tracer;
	struct reader reader;
	struct waiter waiter;
	/* Who is killed, in this order. */
	pid_t pids[VICTIMS_MAX];
	int pidfds[VICTIMS_MAX];
	unsigned int count;
	pid_t threads[VICTIM_THREADS_MAX + 1];	/* of all of them, ended by 0 */
	int filesystem_frozen;
	int in_v1_freezer;
};

/* Where /disk is frozen for a victim in D state. */
#define DISK "/disk"

/* What a victim in D state writes to, or has mapped. */
#define VICTIM_FILE DISK "/victim"

/*
 * Make the victim as the request describes it, below @parent, and bring it
 * into its state. -1 = something is broken (failure); otherwise *unmet says
 * which condition was not reached in time, NULL if all were.
 */
int victim_create(struct victim *victim, const struct trial_request *request, const char *parent, const char **unmet,
		  struct failure *failure);

/* CPU time that they have used, those that have exited but not been waited for included. */
int64_t victim_cpu_ns(const struct victim *victim);

/* Undo the state (thaw, unfreeze, unthrottle), kill, wait until the cgroup is empty. */
int victim_end(struct victim *victim, struct failure *failure);

/* Bring the victim, which is ready, into the state of the request. Part of victim_create. */
int victim_apply_state(struct victim *victim, const struct trial_request *request, const char **unmet,
		       struct failure *failure);
/* Wait until a hog that was told to write to its file is in D state for the frozen filesystem; -1 = it was not in time. */
int victim_wait_frozen_write(pid_t pid);

int victim_undo_state(struct victim *victim, struct failure *failure);

#endif
