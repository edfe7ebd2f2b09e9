/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A storm: processes of several threads that fork, execute, map, unmap, read
 * and write while memory is short, are moved between cgroups and traced, and
 * are killed and reaped at any moment. Who dies has to be gone in time, that
 * is all; that the kernel says nothing is for its console to show.
 * Conventions as in support.h.
 */
#ifndef REAPLAB_SELFTEST_SUPPORT_STORM_H
#define REAPLAB_SELFTEST_SUPPORT_STORM_H

#include "support.h"

struct storm {
	int seconds;
	/* One more thing that threads of the processes do at times; may be NULL. */
	void (*step)(uint64_t random);
	/* One more thing that the test does before each kill; may be NULL. */
	void (*round)(uint64_t random);
};

/* Returns how many were killed, or -1 if one did not die, or none could be started. */
int storm_run(const struct storm *storm);

/* The next of a series of random numbers, none of which is 0. */
uint64_t storm_random(uint64_t *state);

#endif /* REAPLAB_SELFTEST_SUPPORT_STORM_H */
