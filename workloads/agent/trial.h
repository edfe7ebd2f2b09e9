/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_TRIAL_H
#define REAPLAB_TRIAL_H

#include <stdatomic.h>
#include <stdio.h>

#include "counters.h"
#include "earlier.h"
#include "methods.h"
#include "observer.h"
#include "refill.h"
#include "request.h"
#include "victim.h"

/* What only some scenarios or methods measure. */
struct measure {
	const char *name;
	int64_t value;
	const char *unit;
};

#define MEASURES_MAX 16

/* One kill of one victim (or one set of them): what was asked, what stands, what came out. */
struct trial {
	struct trial_request request;
	const struct method *method;
	struct victim victim;
	struct earlier earlier;
	struct refill refill;
	struct program killer_spinner;

	int64_t begun;			/* when the request was taken up */
	const char *unmet;		/* the condition that was not reached; NULL = all were */
	_Atomic int64_t t0;
	int64_t t0_bytes;
	int prepared;			/* the method has something to put away */
	/*
	 * Of several victims: times from the first call to the last, the first
	 * error there was, and the calls' durations all together.
	 */
	struct kill_result result;
	int64_t kill_call_ns, reap_call_ns;	/* JSON_NONE = no such call */
	const struct observation *observation;	/* NULL without observer */
	int64_t exit_at;		/* CLOCK_MONOTONIC, 0 = not seen */
	int64_t window_end;
	struct counters before, after;
	int64_t victim_cpu_ns, killer_cpu_ns, kthread_cpu_ns;	/* spent in the window */
	int64_t left_bytes;		/* the memory clock at the window's end */
	int64_t floor_bytes;		/* the memory clock after cleanup */
	int64_t used_at;		/* when the refiller was done, 0 = not */
	const char *teardown_by;
	int64_t zram_bytes;		/* what the swap took of memory just before the kill */
	struct failure cleanup;		/* "" = the guest is as it was */
	struct measure measures[MEASURES_MAX];
	unsigned int measure_count;
	pid_t killer_pid;
	int64_t decision_ns;		/* where the killer program decides; JSON_NONE = not reached */
};

/* A value of JSON_NONE is not noted. */
void trial_measure(struct trial *trial, const char *name, int64_t value, const char *unit);

/* What every trial of this agent uses; opened once. */
int trial_prepare(struct failure *failure);

/* Do one trial and write its line of JSON. -1: nothing was written, @failure says why. */
int trial_run(const char *const *words, int count, FILE *output, struct failure *failure);

void trial_report(const struct trial *trial, FILE *output);

#endif
