// SPDX-License-Identifier: GPL-2.0-only
/*
 * try_reap_dying_process(): victims that do something meanwhile, an mmap_lock
 * that is taken, and callers that must not sleep.
 */
#include <sched.h>
#include <sys/resource.h>

#include "ktap.h"
#include "reaping-races.h"
#include "try-reap.h"

/* Where a case keeps test and victim apart. */
#define CALLER_CPU	0
#define VICTIM_CPU	1

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

/* Holds the mmap_lock for writing nearly all the time: every call walks all pages. */
static void protect_in_a_loop(struct victim_page *page, char *memory, size_t bytes)
{
	for (;;) {
		mprotect(memory, bytes, PROT_READ);
		mprotect(memory, bytes, PROT_READ | PROT_WRITE);
		atomic_fetch_add(&page->passes, 1);
	}
}

static void spin(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	for (;;)
		atomic_fetch_add_explicit(&page->passes, 1, memory_order_relaxed);
}

static bool passed_twice(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->passes) >= 2;
}

/*
 * Pushes a victim off its CPU somewhere in its loop; with luck it holds the
 * lock then, and goes on holding it.
 */
static bool start_starved(struct victim *victim)
{
	struct victim_shape victim_shape = { .bytes = VICTIM_BYTES, .body = protect_in_a_loop };
	struct victim_shape spinner_shape = { .body = spin };
	struct sched_param parameters = { .sched_priority = 0 };
	struct victim spinner;

	return victim_start(victim, &victim_shape) && pin(victim->pid, VICTIM_CPU) &&
	       wait_for(passed_twice, victim->page, WAIT_LIMIT_MS) &&
	       sched_setscheduler(victim->pid, SCHED_IDLE, &parameters) == 0 &&
	       victim_start(&spinner, &spinner_shape) && pin(spinner.pid, VICTIM_CPU) &&
	       setpriority(PRIO_PROCESS, (id_t)spinner.pid, -20) == 0 &&
	       wait_for(passed_twice, spinner.page, WAIT_LIMIT_MS) && victim_kill(victim);
}

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

	if (sysconf(_SC_NPROCESSORS_ONLN) <= VICTIM_CPU)
		SKIP("needs two CPUs: the caller must run while the victim can't");
	for (attempt = 1; attempt <= 50 && !seen; attempt++) {
		long before;
		long result;
		int error;

		REQUIRE(pin(0, CALLER_CPU));
		REQUIRE(start_starved(&victim));
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

/* The address space is torn down by its own process, never by a caller. */
static void teardown_is_not_ours(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	char filter[64];
	int round;

	if (sysconf(_SC_NPROCESSORS_ONLN) <= VICTIM_CPU)
		SKIP("needs two CPUs: the victim exits beside the caller");
	snprintf(filter, sizeof(filter), "common_pid == %d", getpid());
	for (round = 0; round < 30; round++) {
		struct victim victim;

		REQUIRE(pin(0, CALLER_CPU));
		REQUIRE(victim_start(&victim, &shape));
		REQUIRE(pin(victim.pid, VICTIM_CPU));
		REQUIRE(trace_event("mmap/exit_mmap", filter));
		REQUIRE(victim_kill(&victim));
		while (try_reap(victim.pidfd, 0, MIB) >= 0 || errno == EBUSY)
			;
		REQUIRE(errno == ESRCH);
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(trace_count("exit_mmap:", NULL) == 0);
		support_cleanup();
	}
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
