// SPDX-License-Identifier: GPL-2.0-only
/*
 * try_reap_dying_process(): victims that do something meanwhile, an mmap_lock
 * that is taken, and callers that must not sleep.
 */
#include <sys/resource.h>

#include "ktap.h"
#include "reaping-races.h"
#include "support-cpus.h"
#include "try-reap.h"

#define VICTIM_BYTES	(32 * MIB)

/* Small steps, so that there are many calls to a victim. */
static long reap_a_little(int pidfd)
{
	return try_reap(pidfd, 0, MIB);
}

static const struct racing_call racing = {
	.reap = reap_a_little,
	.refuses = EPERM,
	.may_be_busy = true,
};

/* ---- the lock is taken ------------------------------------------------ */

/* How often this thread has given its CPU up in order to wait. */
static long waits(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_THREAD, &usage) ? -1 : usage.ru_nvcsw;
}

static void busy(void)
{
	struct victim victim;
	bool seen = false;
	int attempt;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the caller must run while the victim can't");
	for (attempt = 1; attempt <= 50 && !seen; attempt++) {
		long before;
		long result;
		int error;

		REQUIRE(start_starved(&victim, VICTIM_BYTES, NULL));
		REQUIRE(victim_kill(&victim));
		before = waits();
		result = try_reap_all(victim.pidfd);
		error = errno;
		REQUIRE_MSG(waits() == before, "%ld times in attempt %d", waits() - before, attempt);
		REQUIRE_MSG(result >= 0 || error == EBUSY || error == ESRCH, "%s in attempt %d",
			    ktap_error_name(error), attempt);
		seen = result < 0 && error == EBUSY;
		support_cleanup();
	}
	ktap_note("in attempt %d", attempt - 1);
	REQUIRE(seen);
}

/* ---- between the calls ------------------------------------------------ */

/* What a call reports is what it has unmapped itself, whoever else unmaps. */
static void nothing_is_counted_twice(void)
{
	struct victim_shape victim_shape = { .bytes = VICTIM_BYTES };
	struct victim_shape caller_shape = { .body = call_to_the_end };
	unsigned long most = 0;
	int round;

	for (round = 0; round < 30; round++) {
		struct victim caller;
		unsigned long sum = 0;
		long bytes;

		REQUIRE(victim_start(&race.victim, &victim_shape));
		REQUIRE(victim_start(&caller, &caller_shape));
		REQUIRE(kill_in_round());
		do {
			bytes = try_reap(race.victim.pidfd, 0, MIB);
			if (bytes > 0)
				sum += (unsigned long)bytes;
		} while (bytes >= 0 || errno == EBUSY);
		REQUIRE_MSG(errno == ESRCH, "%s", ktap_error_name(errno));
		REQUIRE(victim_wait(&caller, true, WAIT_LIMIT_MS));
		REQUIRE(atomic_load(&caller.page->result) == 0);
		sum += atomic_load(&caller.page->passes);
		/* The program itself is less than the rest. */
		REQUIRE_MSG(sum < VICTIM_BYTES + 4 * MIB, "%lu bytes", sum);
		most = sum > most ? sum : most;
		support_cleanup();
	}
	ktap_note("up to %lu bytes of %zu were left to two callers", most, VICTIM_BYTES);
}

static bool kill_and_reap(const struct victim *victim)
{
	if (!victim_kill(victim))
		return false;
	while (try_reap(victim->pidfd, 0, MIB) >= 0 || errno == EBUSY)
		;
	return errno == ESRCH;
}

/* The address space is torn down by its own process, never by a caller. */
static void teardown_is_not_ours(void)
{
	if (!has_two_cpus())
		SKIP("needs two CPUs: the victim exits beside the caller");
	REQUIRE(teardowns_by_caller(kill_and_reap, VICTIM_BYTES, 30) == 0);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "an mmap_lock that is taken gives EBUSY, and the caller does not sleep", busy },
		{ "callers at the same time count nothing twice", nothing_is_counted_twice },
		{ "the teardown never falls to a caller", teardown_is_not_ours },
		REAPING_RACES,
	};

	if (!kernel_has_try_reap()) {
		puts(TRY_REAP_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
