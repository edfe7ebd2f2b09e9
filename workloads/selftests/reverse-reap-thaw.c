// SPDX-License-Identifier: GPL-2.0-only
/*
 * OOM victims in a freezer: that all their threads are thawed, and nobody
 * else. A limit below what the cgroup holds makes the OOM killer act; writing
 * it returns once the memory is below.
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "ktap.h"
#include "support-reaping.h"
#include "support.h"

#define LIMIT_BYTES	(4 * MIB)

/*
 * A stop of the freezer lasts a millisecond or two, a start as long: thirty
 * kills meet all of its moments.
 */
#define FREEZE_ROUNDS	30

/* ---- victims that are thawed ------------------------------------------ */

static void all_threads_exit(unsigned int threads, bool leader_exits)
{
	const struct victim_shape shape = {
		.bytes = VICTIM_BYTES, .threads = threads, .leader_exits = leader_exits,
	};
	struct victim victim;

	REQUIRE(start_in_cgroup(&victim, shape));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(limit_cgroup(LIMIT_BYTES));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	/* One thread has the mark, as ever. */
	REQUIRE(trace_count("mark_victim:", NULL) == 1);
}

static void single_thread(void)
{
	all_threads_exit(0, false);
}

static void many_threads(void)
{
	all_threads_exit(7, false);
}

static void threads_without_a_leader(void)
{
	all_threads_exit(3, true);
}

/* The freezer of cgroup v2 lets go of whoever is killed, with this series or without. */
static void frozen_by_v2(void)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = 3 };
	struct victim victim;

	REQUIRE(start_in_cgroup(&victim, shape));
	REQUIRE(freezer_v2(cgroup, true));
	REQUIRE(limit_cgroup(LIMIT_BYTES));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
}

/* ---- those that are not ----------------------------------------------- */

static void count(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	for (;;)
		atomic_fetch_add(&page->passes, 1);
}

static void bystander_stays_frozen(void)
{
	const struct victim_shape counting = { .body = count };
	struct victim victim;
	struct victim bystander;
	unsigned long passes;

	REQUIRE(victim_start(&bystander, &counting));
	REQUIRE(start_frozen(&victim, 3));
	REQUIRE(freezer_v1(bystander.pid, true));
	passes = atomic_load(&bystander.page->passes);
	REQUIRE(limit_cgroup(LIMIT_BYTES));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(stays(&bystander));
	REQUIRE_MSG(atomic_load(&bystander.page->passes) == passes, "it ran");
}

static void killed_by_user_space(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, 3));
	REQUIRE(victim_kill(&victim));
	REQUIRE(stays(&victim));
}

/*
 * Not a thread of the victim, but a user of its memory: killed with it, and
 * neither marked nor thawed. So the memory stays and the OOM killer comes again,
 * finds somebody dying who has it, and marks that one without another kill.
 */
static void neighbour_goes_next(void)
{
	const struct victim_shape shape = {
		.bytes = VICTIM_BYTES, .threads = 3, .neighbour = true,
	};
	struct victim victim;
	pid_t neighbour;

	REQUIRE(start_in_cgroup(&victim, shape));
	neighbour = atomic_load(&victim.page->neighbour_pid);
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(freezer_v1(neighbour, true));
	REQUIRE(limit_cgroup(LIMIT_BYTES));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(wait_for_state(neighbour, "Z", WAIT_LIMIT_MS));
	REQUIRE(oom_kills() == 1);
	REQUIRE(trace_count("mark_victim:", NULL) == 2);
}

/* ---- freezing and thawing at the same time ---------------------------- */

/* The state is not waited for: victims that are let go need not reach it. */
static void *freeze_and_thaw(void *argument)
{
	atomic_bool *stop = argument;
	char file[128];

	snprintf(file, sizeof(file), "/sys/fs/cgroup-v1/freezer/selftest-%d/freezer.state",
		 getpid());
	while (!atomic_load(stop)) {
		write_file(file, "FROZEN");
		sleep_ms(1);
		write_file(file, "THAWED");
		sleep_ms(1);
	}
	/* The victim has to leave against it. */
	write_file(file, "FROZEN");
	return NULL;
}

static void freezer_on_and_off(void)
{
	unsigned int round;

	srand(1);
	for (round = 0; round < FREEZE_ROUNDS; round++) {
		atomic_bool stop = false;
		struct victim victim;
		pthread_t freezer;
		bool gone;

		/* Makes the group and puts the victim there. */
		REQUIRE(start_frozen(&victim, 7));
		REQUIRE(pthread_create(&freezer, NULL, freeze_and_thaw, &stop) == 0);
		sleep_ms(rand() % 5);
		gone = limit_cgroup(LIMIT_BYTES);
		atomic_store(&stop, true);
		pthread_join(freezer, NULL);
		gone = gone && victim_wait(&victim, true, WAIT_LIMIT_MS);
		REQUIRE_MSG(gone, "round %u", round);
		support_cleanup();
	}
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "a frozen OOM victim of eight threads exits", many_threads },
		{ "so does one of a single thread", single_thread },
		{ "so do threads whose leader has gone", threads_without_a_leader },
		{ "so does a victim frozen by cgroup v2", frozen_by_v2 },
		{ "a bystander in the same freezer stays frozen", bystander_stays_frozen },
		{ "a process killed by user space stays frozen", killed_by_user_space },
		{ "a CLONE_VM neighbour of a victim is killed with it and thawed next", neighbour_goes_next },
		{ "no victim is kept by a freezer that goes on and off", freezer_on_and_off },
	};

	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
