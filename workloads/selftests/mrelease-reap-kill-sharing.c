// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests that process_mrelease() with PROCESS_MRELEASE_REAP_KILL takes no memory
 * from those who live on, kills nobody where it can't reap, and with
 * PROCESS_MRELEASE_KILL_SHARERS kills all who share the memory, if it may.
 */
#include "ktap.h"
#include "mrelease-reap-kill.h"
#include "reaped-victims-callers.h"
#include "reaped-victims-sharing.h"

static const struct killing_call killing = {
	.kill = mrelease, .forms = all_forms, .form_count = FORMS,
};

static bool neighbour_is_gone(void *argument)
{
	return !neighbour_lives(argument);
}

static bool neighbour_dies(struct victim *victim)
{
	return wait_for(neighbour_is_gone, victim, WAIT_LIMIT_MS);
}

/* ---- without PROCESS_MRELEASE_KILL_SHARERS ----------------------------- */

static void nobody_is_killed(void)
{
	size_t i;
	int call;

	for (i = 0; i < PINS; i++) {
		struct victim victim;
		int neighbour;

		REQUIRE(start_in_cgroup(&victim, shared));
		neighbour = open_neighbour(&victim);
		REQUIRE(neighbour >= 0);
		for (call = 0; call < 100; call++) {
			REQUIRE_ERROR(mrelease(victim.pidfd, both_pins[i]), EINVAL);
			REQUIRE_ERROR(mrelease(neighbour, both_pins[i]), EINVAL);
		}
		REQUIRE(stays(&victim));
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		REQUIRE(keeps_memory());
		close(neighbour);
		support_cleanup();
	}
}

/* Killed by somebody else, in every stage of its death. */
static void neighbour_of_a_dying_victim(void)
{
	const struct victim_shape shape = { .bytes = 2 * MIB, .threads = 1, .neighbour = true };
	struct victim victim;
	unsigned long refused = 0;
	int round;

	for (round = 0; round < 200; round++) {
		unsigned int flags = both_pins[(size_t)round % PINS];

		REQUIRE(victim_start(&victim, &shape));
		REQUIRE(victim_kill(&victim));
		while (mrelease(victim.pidfd, flags) && errno == EINVAL)
			refused++;
		REQUIRE_MSG(errno == ESRCH, "%s in round %d", ktap_error_name(errno), round);
		REQUIRE(neighbour_checks(&victim, 2, WAIT_LIMIT_MS));
		support_cleanup();
	}
	ktap_note("refused %lu times while the victims died", refused);
}

static void neighbour_dying_too(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, shared));
		/* The second goes into the first one's freezer. */
		REQUIRE(freezer_v1(neighbour_of(&victim), true));
		REQUIRE(kill(neighbour_of(&victim), SIGKILL) == 0);
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		REQUIRE(lost_memory());
		support_cleanup();
	}
}

static void last_of_two(void)
{
	size_t i;

	for (i = 0; i < PINS; i++) {
		struct victim victim;
		int neighbour;

		REQUIRE(start_in_cgroup(&victim, shared));
		neighbour = open_neighbour(&victim);
		REQUIRE(neighbour >= 0);
		REQUIRE(victim_kill(&victim));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		REQUIRE_ERROR(mrelease(neighbour, both_pins[i]), 0);
		REQUIRE(neighbour_dies(&victim));
		REQUIRE(loses_memory());
		close(neighbour);
		support_cleanup();
	}
}

static void vfork_pair(void)
{
	size_t i;

	for (i = 0; i < PINS; i++) {
		struct victim victim;
		int child;

		REQUIRE(start_in_cgroup(&victim, vforking));
		REQUIRE(wait_for(has_vfork_child, victim.page, WAIT_LIMIT_MS));
		child = open_neighbour(&victim);
		REQUIRE(child >= 0);
		REQUIRE_ERROR(mrelease(victim.pidfd, both_pins[i]), EINVAL);
		REQUIRE_ERROR(mrelease(child, both_pins[i]), EINVAL);
		/* Both go on, and the parent finds all it had. */
		REQUIRE(finds_memory_unharmed(&victim));
		REQUIRE(stays(&victim));
		REQUIRE(keeps_memory());
		close(child);
		support_cleanup();
	}
}

static void copy_of_a_child(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, forked));
		REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
		/* All is reaped from the parent, and nothing is freed. */
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(keeps_memory());
		REQUIRE(finds_memory_unharmed(&victim));
		support_cleanup();
	}
}

/* ---- with PROCESS_MRELEASE_KILL_SHARERS -------------------------------- */

static void all_are_killed(void)
{
	size_t i;

	for (i = 0; i < PINS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, shared));
		REQUIRE_ERROR(mrelease(victim.pidfd, both_pins[i] | KILL_SHARERS), 0);
		REQUIRE(dies_of_sigkill(&victim));
		REQUIRE(neighbour_dies(&victim));
		REQUIRE(loses_memory());
		support_cleanup();
	}
}

/* Neither can exit, and both are stripped in the call. */
static void all_are_killed_frozen(void)
{
	size_t i;

	for (i = 0; i < PINS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, shared));
		REQUIRE(freezer_v1(neighbour_of(&victim), true));
		REQUIRE_ERROR(mrelease(victim.pidfd, both_pins[i] | KILL_SHARERS), 0);
		REQUIRE(lost_memory());
		REQUIRE(stays(&victim));
		REQUIRE(freezer_v1(victim.pid, false));
		REQUIRE(dies_of_sigkill(&victim));
		REQUIRE(neighbour_dies(&victim));
		support_cleanup();
	}
}

static void all_of_a_vfork_are_killed(void)
{
	size_t i;

	for (i = 0; i < PINS; i++) {
		struct victim victim;
		int child;

		REQUIRE(start_in_cgroup(&victim, vforking));
		REQUIRE(wait_for(has_vfork_child, victim.page, WAIT_LIMIT_MS));
		child = open_neighbour(&victim);
		REQUIRE(child >= 0);
		/* By way of the child once, by way of the parent the other time. */
		REQUIRE_ERROR(mrelease(i ? child : victim.pidfd, both_pins[i] | KILL_SHARERS), 0);
		REQUIRE(dies_of_sigkill(&victim));
		REQUIRE(neighbour_dies(&victim));
		REQUIRE(loses_memory());
		close(child);
		support_cleanup();
	}
}

/* Goes on as another user, on the memory it shares with its neighbour. */
static void become(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	/* The neighbour keeps being root. */
	if (syscall(SYS_setresuid, OTHER_USER, OTHER_USER, OTHER_USER) == 0)
		atomic_store(&page->go, true);
}

static void who_may_not_be_killed_keeps_the_memory(void)
{
	const struct victim_shape shape = {
		.bytes = VICTIM_BYTES, .neighbour = true, .body = become,
	};
	size_t i;

	for (i = 0; i < PINS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, shape));
		REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
		/* The victim's user may kill it and not its neighbour. It may not kill for it, */
		REQUIRE(call_of_other_user(victim.pidfd, both_pins[i]) == EINVAL);
		REQUIRE(stays(&victim));
		/* or kills in vain. */
		REQUIRE(call_of_other_user(victim.pidfd, both_pins[i] | KILL_SHARERS) == EBUSY);
		REQUIRE(dies_of_sigkill(&victim));
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		REQUIRE(keeps_memory());
		support_cleanup();
	}
}

static const struct ktap_case cases[] = {
	{ "for the memory of a living CLONE_VM neighbour nobody is killed, EINVAL", nobody_is_killed },
	{ "the neighbour of a victim killed before keeps its memory", neighbour_of_a_dying_victim },
	{ "a CLONE_VM neighbour that dies as well is no obstacle", neighbour_dying_too },
	{ "the last of two that share memory is reaped", last_of_two },
	{ "parent and child of a vfork are left alone", vfork_pair },
	{ "a child keeps its copy of the memory", copy_of_a_child },
	{ "shared memory stays", case_shared_memory_stays },
	{ "all who share the memory are killed if that is asked for", all_are_killed },
	{ "the same in a freezer", all_are_killed_frozen },
	{ "parent and child of a vfork are killed if that is asked for", all_of_a_vfork_are_killed },
	{ "a sharer that may not be killed keeps the memory, EBUSY",
	  who_may_not_be_killed_keeps_the_memory },
};

int main(void)
{
	if (!kernel_has_reap_kill()) {
		puts(REAP_KILL_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
