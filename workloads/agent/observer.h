/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_OBSERVER_H
#define REAPLAB_OBSERVER_H

#include <stdatomic.h>
#include <stdint.h>

#include "failure.h"
#include "memory_clock.h"

/*
 * One change of what the victim's memory clock shows. The value became @bytes
 * after @previous_ns (taken before the read that still showed the old value)
 * and not later than @ns (taken after the read that showed the new one).
 */
struct sample {
	int64_t previous_ns;
	int64_t ns;
	int64_t bytes;
};

/*
 * What to watch and until when. The window ends when the memory is gone and
 * all victims have exited (and whoever else has to be done is, if there is
 * one); once the memory is gone but no exit comes, at exit_limit_ns; else at
 * limit_ns.
 * Without @samples the observer sleeps until the exit or the limit: what it
 * then sees is what sampling costs.
 */
struct watch {
	int samples;
	int64_t sample_ns;		/* sleep between two samples */
	const struct memory_clock *clock;
	const int *pidfds;		/* of the victims in the order in which they are killed */
	unsigned int pidfd_count;
	int64_t gone_bytes;		/* at or below this the memory counts as gone */
	int64_t limit_ns;
	int64_t exit_limit_ns;
	const _Atomic int64_t *t0;	/* 0 until the kill begins */
	const _Atomic int64_t *used;	/* 0 until refiller or waiter is done; NULL = none */
	int cpu;
};

struct observation {
	struct sample *samples;	/* times are CLOCK_MONOTONIC; the first is the state at the start */
	unsigned int count;
	int64_t exit_at;	/* of the last victim; 0 = not seen */
	int64_t gap_max_ns;	/* widest [previous_ns, ns] of two neighbouring reads after t0 */
	int64_t window_end;
	int overflow;
};

/* Start the thread; it sleeps until it is given something to watch. */
int observer_start(struct failure *failure);

/* Begin to watch; returns after the first sample. */
int observer_begin(const struct watch *watch, struct failure *failure);

/* Give up a watch whose kill will not come. */
void observer_cancel(void);

/* Sleep until the window has ended. What comes back is valid until the next watch. */
const struct observation *observer_finish(void);

#endif
