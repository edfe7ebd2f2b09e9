/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_EARLIER_H
#define REAPLAB_EARLIER_H

#include <pthread.h>

#include "cgroup.h"
#include "methods.h"
#include "program.h"
#include "request.h"

/*
 * Another victim, in a cgroup of its own, that is killed by the same method a
 * little earlier: whoever serves one victim at a time is busy with it when the
 * victim of the trial comes. A second killer on load_cpu kills it, so that no
 * killer waits for the other.
 */
struct earlier {
	struct cgroup cgroup;
	struct program hog;
	pthread_t killer;
	int killer_runs;
	int cpu;
	struct failure failure;		/* the killer's */
	const struct method *method;
	struct kill_context context;
	struct kill_result result;
	_Atomic int64_t t0;
	int64_t left_bytes;	/* its memory when the trial's victim is about to be killed */
};

/* Does nothing where the request has no earlier victim. Before the filesystem is frozen: its file is opened. */
int earlier_create(struct earlier *earlier, const struct trial_request *request, struct failure *failure);

/* The state of the request, which is d-state: the filesystem is frozen now. */
int earlier_enter_state(struct earlier *earlier, const char **unmet, struct failure *failure);

/* Have it killed, and come back earlier_ms after that has begun. */
int earlier_kill(struct earlier *earlier, const struct method *method, const struct trial_request *request,
		 struct failure *failure);

/*
 * After the window. Whether the victim with process @pid, whose kill began at
 * @t0, came while the earlier one was being dealt with; *distance is the time
 * between the two, by the kernel's marks where it has left any.
 */
int earlier_overlaps(const struct earlier *earlier, const struct trial_request *request, pid_t pid, int64_t t0,
		     int64_t *distance);

/* Once nothing holds it any more: wait for the killer, end the victim. */
int earlier_end(struct earlier *earlier, struct failure *failure);

#endif
