// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests what process_mrelease() with PROCESS_MRELEASE_REAP_KILL does to the
 * process it kills. Who shares memory with it is the matter of
 * mrelease-reap-kill-sharing.c, who acts at the same time that of
 * mrelease-reap-kill-races.c.
 */
#include "ktap.h"
#include "mrelease-reap-kill.h"
#include "reaped-victims-cases.h"

static const struct killing_call killing = {
	.kill = mrelease, .forms = all_forms, .form_count = FORMS,
};

static void reap_frozen(const struct victim_shape *shape)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, *shape));
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		/* At once, and with the victim still frozen. */
		REQUIRE(lost_memory());
		REQUIRE(stays(&victim));
		/* Whoever comes next, it is no mistake. */
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
		REQUIRE(freezer_v1(victim.pid, false));
		REQUIRE(dies_of_sigkill(&victim));
		support_cleanup();
	}
}

static void frozen(void)
{
	reap_frozen(&plain);
}

static void frozen_threads(void)
{
	reap_frozen(&threaded);
}

static void frozen_without_leader(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, headless));
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		REQUIRE(lost_memory());
		support_cleanup();
	}
}

static void killed_before(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, threaded));
		REQUIRE(victim_kill(&victim));
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		REQUIRE(lost_memory());
		support_cleanup();
	}
}

static const struct ktap_case cases[] = {
	{ "plain kill frees nothing of a frozen process", case_plain_kill },
	{ "a frozen victim loses its memory in the call", frozen },
	{ "so does a frozen victim of five threads", frozen_threads },
	{ "so do threads without a leader", frozen_without_leader },
	{ "so does a victim that was killed before", killed_before },
	{ "so does a victim in D state", case_d_state },
	{ "so does a tracee in its exit stop", case_exit_stop },
	{ "a process that dumps core is killed and keeps its memory, EBUSY", case_core_dump },
	{ "a process may reap itself", case_suicide },
	{ "a notifier that refuses gives EAGAIN, and the rest is reaped", case_partly_done },
};

int main(void)
{
	if (!kernel_has_reap_kill()) {
		puts(REAP_KILL_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
