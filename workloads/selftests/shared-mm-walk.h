/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the selftests of shared-mm-walk share. Include it after ktap.h, in the
 * program's main source file only.
 */
#ifndef REAPLAB_SELFTEST_SHARED_MM_WALK_H
#define REAPLAB_SELFTEST_SHARED_MM_WALK_H

#include "process-reap.h"
#include "support.h"

#define VICTIM_BYTES	(16 * MIB)

/* Both calls ask the same function whether the memory may be reaped. */
struct call {
	const char *name;
	long (*make)(int pidfd, unsigned int flags);
};

static const struct call calls[] = {
	{ "process_reap", process_reap },
	{ "process_mrelease", mrelease },
};

#define CALLS	(sizeof(calls) / sizeof(calls[0]))

static inline bool trace_counting(void)
{
	return trace_event("oom/count_mm_users", NULL);
}

/* How often the users of the victim's memory were counted, and what came of it. */
static inline int counted(const struct victim *victim, const char *outcome)
{
	char text[64];

	snprintf(text, sizeof(text), "count_mm_users: tgid=%d ", victim->pid);
	return trace_count(text, outcome);
}

#define WALKED	"walk=1"
#define SPARED	"walk=0"

#endif /* REAPLAB_SELFTEST_SHARED_MM_WALK_H */
