// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests what pidfd_send_signal() with PIDFD_SIGNAL_SYNC_REAP_MM and
 * PIDFD_SIGNAL_SYNC_REAP_MM_FIXED does to the process it kills, and in what the
 * two differ. Who shares memory with it is the matter of sync-reap-mm-sharing.c,
 * who acts at the same time that of sync-reap-mm-races.c.
 */
#include "ktap.h"
#include "reaped-victims-cases.h"
#include "sync-reap-mm.h"

#include <sys/mman.h>
#include <sys/ptrace.h>

static const struct killing_call killing = {
	.kill = kill_and_reap, .forms = both_forms, .form_count = FORMS,
};

/* ---- victims that can't exit ------------------------------------------- */

static void reap_frozen(const struct victim_shape *shape, unsigned int scope)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, *shape));
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i] | scope), 0);
		/* At once, and with the victim still frozen. */
		REQUIRE(lost_memory());
		REQUIRE(wait_for_state(victim.pid, "D", WAIT_LIMIT_MS));
		REQUIRE(freezer_v1(victim.pid, false));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		support_cleanup();
	}
}

static void frozen(void)
{
	reap_frozen(&plain, 0);
}

static void frozen_threads(void)
{
	reap_frozen(&threaded, 0);
}

static void stated_scope(void)
{
	reap_frozen(&threaded, SCOPE_THREAD_GROUP);
}

/* ---- where the forms differ -------------------------------------------- */

/* The threads hold on to the memory. The posted form asks the leader alone. */
static void leader_gone(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, headless));
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP), EBUSY);
	REQUIRE(keeps_memory());
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP_FIXED), 0);
	REQUIRE(lost_memory());
}

/* The mark of the posted form stays, and says that there is nothing to do. */
static void marked_once(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, threaded));
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP), 0);
	REQUIRE(lost_memory());
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP), EBUSY);
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP_FIXED), 0);
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
}

static void not_marked(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, threaded));
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP_FIXED), 0);
	REQUIRE(lost_memory());
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP_FIXED), 0);
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
	/* With a mark it would be EBUSY, as it is once the posted form has been here. */
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP), 0);
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP), EBUSY);
}

/*
 * A victim of the OOM killer, held in its exit stop: the oom reaper comes for
 * it after two seconds. False if it came before us.
 */
static bool reap_oom_victim(bool *in_time)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = exceed_limit };
	struct victim victim;
	char file[160];
	int posted;
	int fixed;
	bool kept;

	if (!start_in_cgroup(&victim, shape))
		return false;
	snprintf(file, sizeof(file), "%s/memory.max", cgroup);
	if (!write_file(file, "64M") || !trace_event("oom/start_task_reaping", NULL) ||
	    ptrace(PTRACE_SEIZE, victim.pid, NULL, (void *)PTRACE_O_TRACEEXIT))
		return false;
	atomic_store(&victim.page->go, true);
	if (!wait_for_state(victim.pid, "t", WAIT_LIMIT_MS))
		return false;
	posted = kill_and_reap(victim.pidfd, SYNC_REAP) ? errno : 0;
	kept = cgroup_memory(cgroup) > held_bytes;
	fixed = kill_and_reap(victim.pidfd, SYNC_REAP_FIXED) ? errno : 0;
	*in_time = trace_count("start_task_reaping:", NULL) == 0;
	if (!*in_time)
		return true;
	/* Its mark comes later, so it reaps again what has been reaped. */
	ktap_note("posted %s, fixed %s", ktap_error_name(posted), ktap_error_name(fixed));
	return !posted && kept && !fixed && lost_memory();
}

static void oom_victim(void)
{
	bool in_time = false;
	int attempt;

	/* A host that is busy may stop the guest for so long. */
	for (attempt = 0; attempt < 5 && !in_time; attempt++) {
		REQUIRE(reap_oom_victim(&in_time));
		support_cleanup();
	}
	REQUIRE(in_time);
}

static const struct ktap_case cases[] = {
	{ "plain kill frees nothing of a frozen process", case_plain_kill },
	{ "a frozen victim loses its memory in the call", frozen },
	{ "so does a frozen victim of five threads", frozen_threads },
	{ "the process scope may be stated", stated_scope },
	{ "so does a victim in D state", case_d_state },
	{ "so does a tracee in its exit stop", case_exit_stop },
	{ "a process that dumps core is killed and keeps its memory, EBUSY", case_core_dump },
	{ "the posted form does not find threads without a leader, the fixed one does", leader_gone },
	{ "the posted form marks the memory as reaped", marked_once },
	{ "the fixed form does not", not_marked },
	{ "the posted form leaves an OOM victim to the oom reaper, the fixed one does not", oom_victim },
	{ "a process may reap itself", case_suicide },
	{ "a notifier that refuses gives EAGAIN, and the rest is reaped", case_partly_done },
};

int main(void)
{
	if (!kernel_has_sync_reap()) {
		puts(SYNC_REAP_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
