/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A call that kills and reaps at once, made by several callers on victims that
 * are at something else: cases that hold for every such call. A program that
 * includes this, once and after ktap.h, defines `killing_races` and puts
 * KILLING_RACES into its table.
 */
#ifndef REAPLAB_REAPED_VICTIMS_RACES_H
#define REAPLAB_REAPED_VICTIMS_RACES_H

#include "reaped-victims.h"
#include "support-cpus.h"
#include "support-races.h"

struct killing_races {
	/* The call's forms that are raced, and all of them in turn, so that they meet. */
	struct {
		const char *name;
		int (*attack)(int pidfd);	/* an errno or 0 */
	} attacks[3];
	bool may_be_gone;			/* ESRCH is an answer, too, beside EBUSY */
};

static const struct killing_races killing_races;

static inline void against(const struct race *race)
{
	size_t i;

	for (i = 0; i < sizeof(killing_races.attacks) / sizeof(killing_races.attacks[0]); i++) {
		struct race_results results;
		unsigned int answers = 0;
		unsigned int good;
		int error;

		REQUIRE(race_run(race, killing_races.attacks[i].attack, &results));
		for (error = 0; error < RACE_ERRNOS; error++)
			answers += results.answers[error];
		ktap_note("%s: %u of %u calls gave 0, %u EBUSY, %u ESRCH",
			  killing_races.attacks[i].name, results.answers[0], answers,
			  results.answers[EBUSY], results.answers[ESRCH]);
		good = results.answers[0] + results.answers[EBUSY];
		if (killing_races.may_be_gone)
			good += results.answers[ESRCH];
		REQUIRE(good == answers);
		support_cleanup();
	}
}

#define RACE_CASE(kind)						\
	static inline void case_against_##kind(void)		\
	{							\
		against(&race_##kind);				\
	}

RACE_CASE(exit)
RACE_CASE(fork)
RACE_CASE(clone)
RACE_CASE(vfork)
RACE_CASE(exec)
RACE_CASE(mappings)
RACE_CASE(ptrace)
RACE_CASE(cgroup)
RACE_CASE(freezer)

/* The part of a program's table that is made of these. */
#define KILLING_RACES								\
	{ "against exit", case_against_exit },					\
	{ "against fork", case_against_fork },					\
	{ "against clones that share the memory", case_against_clone },		\
	{ "against vfork", case_against_vfork },				\
	{ "against exec", case_against_exec },					\
	{ "against changing mappings", case_against_mappings },			\
	{ "against a tracer", case_against_ptrace },				\
	{ "against moves between cgroups", case_against_cgroup },		\
	{ "against a freezer", case_against_freezer }

/*
 * How many of so many victims that run were gone when an attack looked for
 * their memory, which it tells by an errno; -1 if it gave another one, or
 * something fails.
 */
static inline int misses(int (*attack)(int pidfd), int miss, int rounds)
{
	const struct victim_shape shape = { .bytes = MIB };
	int missed = 0;
	int round;

	for (round = 0; round < rounds; round++) {
		struct victim victim;
		int error;

		if (!victim_start(&victim, &shape) || !pin(victim.pid, VICTIM_CPU))
			return -1;
		error = attack(victim.pidfd);
		if (error && error != miss)
			return -1;
		missed += error == miss;
		if (!victim_wait(&victim, true, WAIT_LIMIT_MS))
			return -1;
		support_end_victims();
	}
	return missed;
}

#endif /* REAPLAB_REAPED_VICTIMS_RACES_H */
