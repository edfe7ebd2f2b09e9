// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests that pidfd_send_signal() with PIDFD_SIGNAL_SYNC_REAP_MM and
 * PIDFD_SIGNAL_SYNC_REAP_MM_FIXED takes no memory from those who live on:
 * processes that share it (CLONE_VM, vfork), and children that have it copy on
 * write.
 */
#include "ktap.h"
#include "reaped-victims-sharing.h"
#include "sync-reap-mm.h"

static const struct killing_call killing = {
	.kill = kill_and_reap, .forms = both_forms, .form_count = FORMS,
};

static void neighbour_of_a_frozen_victim(void)
{
	size_t i;
	int call;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, shared));
		for (call = 0; call < 100; call++)
			REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i]), EBUSY);
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		REQUIRE(keeps_memory());

		/* The signal was sent, to the victim alone. */
		REQUIRE(freezer_v1(victim.pid, false));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		REQUIRE(neighbour_lives(&victim));
		REQUIRE(keeps_memory());
		support_cleanup();
	}
}

/*
 * The victim runs, and the call meets it in every stage of its death. There is
 * no moment in which the call may succeed.
 */
static void neighbour_of_a_running_victim(void)
{
	const struct victim_shape shape = { .bytes = 2 * MIB, .threads = 1, .neighbour = true };
	struct victim victim;
	int round;

	for (round = 0; round < 200; round++) {
		unsigned int form = both_forms[(size_t)round % FORMS];
		int call;

		REQUIRE(victim_start(&victim, &shape));
		for (call = 0; call < 5; call++)
			REQUIRE_ERROR(kill_and_reap(victim.pidfd, form), EBUSY);
		REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, form), EBUSY);
		REQUIRE(neighbour_checks(&victim, 2, WAIT_LIMIT_MS));
		support_cleanup();
	}
}

static void neighbour_dying_too(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, shared));
		/* The second goes into the first one's freezer. */
		REQUIRE(freezer_v1(neighbour_of(&victim), true));
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i]), EBUSY);
		REQUIRE(kill(neighbour_of(&victim), SIGKILL) == 0);
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i]), 0);
		REQUIRE(lost_memory());
		support_cleanup();
	}
}

/* Whoever is killed, the other one of the two keeps the memory. */
static void killed_one_after_the_other(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;
		int neighbour;

		REQUIRE(start_in_cgroup(&victim, shared));
		neighbour = open_neighbour(&victim);
		REQUIRE(neighbour >= 0);
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i]), EBUSY);
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		/* The only user that is left. Frozen, it can't exit before the posted form looks. */
		REQUIRE(freezer_v1(neighbour_of(&victim), true));
		REQUIRE_ERROR(kill_and_reap(neighbour, both_forms[i]), 0);
		REQUIRE(lost_memory());
		close(neighbour);
		support_cleanup();
	}
}

/* ---- vfork ------------------------------------------------------------- */

static void vfork_parent(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, vforking));
		REQUIRE(wait_for(has_vfork_child, victim.page, WAIT_LIMIT_MS));
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i]), EBUSY);
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		/* Its memory stays with the child. */
		REQUIRE(neighbour_lives(&victim));
		REQUIRE(keeps_memory());
		support_cleanup();
	}
}

static void vfork_child_itself(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;
		int child;

		REQUIRE(start_in_cgroup(&victim, vforking));
		REQUIRE(wait_for(has_vfork_child, victim.page, WAIT_LIMIT_MS));
		child = open_neighbour(&victim);
		REQUIRE(child >= 0);
		REQUIRE_ERROR(kill_and_reap(child, both_forms[i]), EBUSY);
		/* The parent goes on, and finds all it had. */
		REQUIRE(wait_for(has_result, victim.page, WAIT_LIMIT_MS));
		REQUIRE(atomic_load(&victim.page->result) == 1);
		REQUIRE(stays(&victim));
		close(child);
		support_cleanup();
	}
}

/* ---- copy on write ----------------------------------------------------- */

static void copy_of_a_child(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, forked));
		REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
		REQUIRE(freezer_v1(victim.pid, true));
		/* All is reaped from the parent, and nothing is freed. */
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i]), 0);
		REQUIRE(keeps_memory());
		REQUIRE(freezer_v1(victim.pid, false));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(keeps_memory());
		REQUIRE(finds_memory_unharmed(&victim));
		support_cleanup();
	}
}

static const struct ktap_case cases[] = {
	{ "a living CLONE_VM neighbour of a frozen victim gives EBUSY and keeps its memory",
	  neighbour_of_a_frozen_victim },
	{ "a living CLONE_VM neighbour of a running victim gives EBUSY and keeps its memory",
	  neighbour_of_a_running_victim },
	{ "a CLONE_VM neighbour that dies as well is no obstacle", neighbour_dying_too },
	{ "the last of two that share memory is reaped", killed_one_after_the_other },
	{ "the parent of a vfork child is not reaped", vfork_parent },
	{ "the child of a vfork is not reaped", vfork_child_itself },
	{ "a child keeps its copy of the memory", copy_of_a_child },
	{ "shared memory stays", case_shared_memory_stays },
};

int main(void)
{
	if (!kernel_has_sync_reap()) {
		puts(SYNC_REAP_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
