// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests what PIDFD_SIGNAL_EXPEDITE and PIDFD_SIGNAL_EXPEDITE_QUEUE do to the
 * victim: that the oom reaper takes its memory at once, whom it leaves alone,
 * who is thawed and marked, and that nobody is queued twice. The arguments are
 * the matter of ss-expedite.c.
 */
#include "ktap.h"
#include "ss-expedite.h"
#include "support-reaping.h"
#include "support.h"

static void plain_kill_frees_nothing(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, 3));
	REQUIRE(victim_kill(&victim));
	REQUIRE(stays(&victim));
	REQUIRE(cgroup_memory(cgroup) >= (int64_t)VICTIM_BYTES);
	REQUIRE(trace_count("reap", NULL) == 0);
}

/* Everything but the time, which is kept for the caller. */
static void strip_frozen_threads(unsigned int flags, int64_t *time_ms)
{
	bool marks = flags & EXPEDITE;
	struct victim victim;

	REQUIRE(start_frozen(&victim, 3));
	REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, flags), 0);
	/* Queued before the call returned: no timer in between. */
	REQUIRE(trace_count("wake_reaper:", NULL) == 1);
	*time_ms = strip_time_ms();
	REQUIRE(*time_ms >= 0);
	REQUIRE(reaped_times(1));
	REQUIRE(trace_count("start_task_reaping:", NULL) == 1);
	REQUIRE_MSG(trace_count("mark_victim:", NULL) == marks, "%d times",
		    trace_count("mark_victim:", NULL));
	/* A thread may have been thawed; the process can't exit without the others. */
	REQUIRE(stays(&victim));
}

static void frozen_threads_lose_their_memory(unsigned int flags)
{
	int64_t time_ms = AT_ONCE_MS;
	int tries;

	for (tries = 0; tries < AT_ONCE_TRIES && time_ms >= AT_ONCE_MS && !ktap.failed; tries++) {
		strip_frozen_threads(flags, &time_ms);
		support_cleanup();
	}
	REQUIRE(time_ms >= 0 && time_ms < AT_ONCE_MS);
}

static void marked_threads_lose_their_memory(void)
{
	frozen_threads_lose_their_memory(EXPEDITE);
}

static void queued_threads_lose_their_memory(void)
{
	frozen_threads_lose_their_memory(EXPEDITE_QUEUE);
}

static void the_process_scope_may_be_stated(void)
{
	frozen_threads_lose_their_memory(EXPEDITE | SCOPE_THREAD_GROUP);
	frozen_threads_lose_their_memory(EXPEDITE_QUEUE | SCOPE_THREAD_GROUP);
}

static void marking_thaws_a_single_thread(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, 0));
	REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, EXPEDITE), 0);
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(is_stripped_soon());
	REQUIRE(trace_count("mark_victim:", NULL) == 1);
}

static void queueing_thaws_nobody(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, 0));
	REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, EXPEDITE_QUEUE), 0);
	REQUIRE(is_stripped_soon());
	REQUIRE(stays(&victim));
	REQUIRE(trace_count("mark_victim:", NULL) == 0);
}

static void threads_without_a_leader_are_found(void)
{
	const struct victim_shape headless = {
		.bytes = VICTIM_BYTES, .threads = 2, .leader_exits = true,
	};
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, headless));
		REQUIRE(freezer_v1(victim.pid, true));
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[i]), 0);
		REQUIRE(is_stripped_soon());
		REQUIRE(reaped_times(1));
		support_cleanup();
	}
}

static void a_living_neighbour_keeps_its_memory(void)
{
	const struct victim_shape shared = { .bytes = VICTIM_BYTES, .neighbour = true };
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, shared));
		REQUIRE(freezer_v1(victim.pid, true));
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[i]), 0);
		/* Left alone: neither queued nor marked nor thawed, and all is there. */
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		REQUIRE(stays(&victim));
		REQUIRE(trace_count("wake_reaper:", NULL) == 0);
		REQUIRE(trace_count("start_task_reaping:", NULL) == 0);
		REQUIRE(trace_count("mark_victim:", NULL) == 0);
		/* But the signal was sent. */
		REQUIRE(freezer_v1(victim.pid, false));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		REQUIRE(atomic_load(&victim.page->damaged) == 0);
		REQUIRE(cgroup_memory(cgroup) >= (int64_t)VICTIM_BYTES);
		support_cleanup();
	}
}

static void a_dying_neighbour_is_no_obstacle(void)
{
	const struct victim_shape shared = { .bytes = VICTIM_BYTES, .neighbour = true };
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, shared));
		REQUIRE(freezer_v1(victim.pid, true));
		REQUIRE(freezer_v1(atomic_load(&victim.page->neighbour_pid), true));
		REQUIRE(kill(atomic_load(&victim.page->neighbour_pid), SIGKILL) == 0);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[i]), 0);
		REQUIRE(is_stripped_soon());
		REQUIRE(reaped_times(1));
		support_cleanup();
	}
}

/* One kernel thread serves them all. */
static void many_at_once_are_all_reaped(void)
{
	enum { MANY = 12, EACH_MIB = 8 };
	const struct victim_shape small = {
		.bytes = EACH_MIB * MIB, .threads = 3, .cgroup = cgroup,
	};
	struct victim victims[MANY];
	size_t i;

	REQUIRE(trace_oom_events());
	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	for (i = 0; i < MANY; i++) {
		REQUIRE(victim_start(&victims[i], &small));
		REQUIRE(freezer_v1(victims[i].pid, true));
	}
	REQUIRE(cgroup_memory(cgroup) >= MANY * EACH_MIB * (int64_t)MIB);
	for (i = 0; i < MANY; i++)
		REQUIRE_ERROR(send_signal(victims[i].pidfd, SIGKILL, both_forms[i % FORMS]), 0);
	REQUIRE(reaped_times(MANY));
	/* One mebibyte each for page tables and stacks. */
	REQUIRE_MSG(cgroup_memory(cgroup) < MANY * (int64_t)MIB, "%lld bytes left",
		    (long long)cgroup_memory(cgroup));
	REQUIRE(trace_count("mark_victim:", NULL) == MANY / 2);
}

static void a_victim_is_queued_once(void)
{
	size_t first;
	size_t second;

	for (first = 0; first < FORMS; first++)
		for (second = 0; second < FORMS; second++) {
			struct victim victim;

			REQUIRE(start_frozen(&victim, 3));
			REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[first]), 0);
			REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[second]), 0);
			REQUIRE(is_stripped_soon());
			/* Once more when all is done. */
			REQUIRE(reaped_times(1));
			REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[first]), 0);
			REQUIRE(stays(&victim));
			REQUIRE(reaped_times(1));
			support_cleanup();
		}
}

static const struct ktap_case cases[] = {
	{ "plain kill frees nothing of a frozen process", plain_kill_frees_nothing },
	{ "four frozen threads lose their memory at once", marked_threads_lose_their_memory },
	{ "the same unmarked", queued_threads_lose_their_memory },
	{ "the process scope may be stated", the_process_scope_may_be_stated },
	{ "marking thaws a single thread, which exits", marking_thaws_a_single_thread },
	{ "queueing thaws nobody", queueing_thaws_nobody },
	{ "threads without a leader are found", threads_without_a_leader_are_found },
	{ "a living neighbour keeps its memory", a_living_neighbour_keeps_its_memory },
	{ "a dying neighbour is no obstacle", a_dying_neighbour_is_no_obstacle },
	{ "many at once are all reaped", many_at_once_are_all_reaped },
	{ "a victim is queued once", a_victim_is_queued_once },
};

int main(void)
{
	if (!kernel_has_expedite()) {
		puts(EXPEDITE_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
