/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_TRIAL_H
#define REAPLAB_TRIAL_H

#include <stdatomic.h>
#include <stdio.h>

#include "counters.h"
#include "methods.h"
#include "observer.h"
#include "refill.h"
#include "request.h"
#include "victim.h"

/* One kill of one victim: what was asked, what stands, what came out. */
struct trial {
	struct trial_request request;
	const struct method *method;
	struct victim victim;
	struct refill refill;

	int64_t begun;			/* when the request was taken up */
	const char *unmet;		/* the condition that was not reached; NULL = all were */
	_Atomic int64_t t0;
	int64_t t0_bytes;
	struct kill_result result;
	const struct observation *observation;	/* NULL without observer */
	int64_t exit_at;		/* CLOCK_MONOTONIC, 0 = not seen */
	int64_t window_end;
	struct counters before, after;
	int64_t victim_cpu_ns, killer_cpu_ns, kthread_cpu_ns;	/* spent in the window */
	int64_t left_bytes;		/* memory.current at the window's end */
	int64_t floor_bytes;		/* memory.current after cleanup */
	int64_t used_at;		/* when the refiller was done, 0 = not */
	const char *teardown_by;
	struct failure cleanup;		/* "" = the guest is as it was */

	/* Only where the killer program decides: */
	pid_t killer_pid;
	int64_t decision_ns, awake_ns, walk_ns, choose_ns;	/* JSON_NONE = not reached */
};

/* What every trial of this agent uses; opened once. */
int trial_prepare(struct failure *failure);

/* Do one trial and write its line of JSON. -1: nothing was written, @failure says why. */
int trial_run(const char *const *words, int count, FILE *output, struct failure *failure);

void trial_report(const struct trial *trial, FILE *output);

#endif
