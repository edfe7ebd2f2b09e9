// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_reap(): victims that exit meanwhile, who tears their address space
 * down, and callers that are killed.
 */
#include <errno.h>

#include "ktap.h"
#include "support.h"
#include "support-cpus.h"
#include "process-reap.h"

#define VICTIM_BYTES	(32 * MIB)

/* ---- victims that exit ------------------------------------------------ */

static int race_pidfd;

/* Calls until there is nothing to reap any more, and keeps the errno. */
static void reap_to_the_end(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	while (process_reap(race_pidfd, 0) == 0)
		;
	atomic_store(&page->result, errno);
	_exit(0);
}

static void race_with_exit(void)
{
	struct victim_shape victim_shape = { .bytes = 8 * MIB, .threads = 3 };
	struct victim_shape caller_shape = { .body = reap_to_the_end };
	struct victim callers[3];
	struct victim victim;
	unsigned int reaped = 0;
	int round;
	size_t i;

	for (round = 0; round < 100; round++) {
		long result;

		REQUIRE(victim_start(&victim, &victim_shape));
		race_pidfd = victim.pidfd;
		REQUIRE(victim_kill(&victim));
		result = process_reap(victim.pidfd, 0);
		REQUIRE_MSG(result == 0 || errno == ESRCH, "%s in round %d",
			    ktap_error_name(errno), round);
		reaped += result == 0;
		for (i = 0; i < 3; i++)
			REQUIRE(victim_start(&callers[i], &caller_shape));
		for (i = 0; i < 3; i++) {
			REQUIRE(victim_wait(&callers[i], true, WAIT_LIMIT_MS));
			REQUIRE_MSG(atomic_load(&callers[i].page->result) == ESRCH, "%s in round %d",
				    ktap_error_name((int)atomic_load(&callers[i].page->result)),
				    round);
		}
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		support_cleanup();
	}
	ktap_note("%u of %d calls came in time", reaped, round);
}

/* A call that comes too late for the victim is no mistake. */
static bool kill_then_reap(const struct victim *victim)
{
	if (!victim_kill(victim))
		return false;
	process_reap(victim->pidfd, 0);
	return true;
}

static bool kill_then_release(const struct victim *victim)
{
	if (!victim_kill(victim))
		return false;
	mrelease(victim->pidfd, 0);
	return true;
}

static void teardown_by_caller(void)
{
	const int rounds = 30;
	int reap;
	int release;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the victim exits beside the caller");
	reap = teardowns_by_caller(kill_then_reap, VICTIM_BYTES, rounds);
	release = teardowns_by_caller(kill_then_release, VICTIM_BYTES, rounds);
	ktap_note("teardown by the caller of process_reap %d, of process_mrelease %d, of %d", reap,
		  release, rounds);
	REQUIRE(reap > 0);
	/* It pins mm_count, so that it never holds the last user. */
	REQUIRE(release == 0);
}

/* ---- killed while waiting --------------------------------------------- */

static void reap_once(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	atomic_store(&page->go, true);
	process_reap(race_pidfd, 0);
	atomic_store(&page->result, 1);
	_exit(0);
}

/*
 * One attempt. If the victim holds the lock, the caller waits, and is killed.
 * Nobody but the tracer sees what its call returns.
 */
static bool interrupt_caller(void)
{
	struct victim_shape caller_shape = { .body = reap_once };
	struct victim victim;
	struct victim caller;
	char task[32];
	int interrupted;

	if (!start_starved(&victim, VICTIM_BYTES, NULL))
		return false;
	race_pidfd = victim.pidfd;
	if (!victim_kill(&victim) || !victim_start(&caller, &caller_shape))
		return false;
	/* A caller that did not have to wait is through, and a zombie. */
	if (!wait_for_state(caller.pid, "DZ", WAIT_LIMIT_MS) || !victim_kill(&caller) ||
	    !victim_wait(&caller, true, WAIT_LIMIT_MS))
		return false;
	trace_task(task, sizeof(task), caller.pid);
	interrupted = trace_count("sys_exit: NR 600 = -4", task);
	if (interrupted)
		ktap_note("caller %d: EINTR, result %ld", caller.pid,
			  atomic_load(&caller.page->result));
	return interrupted && !atomic_load(&caller.page->result);
}

static void killed_while_waiting(void)
{
	int attempt;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the caller must run while the victim can't");
	for (attempt = 1; attempt <= 50; attempt++) {
		bool interrupted;

		REQUIRE(trace_event("raw_syscalls/sys_exit", "id == 600"));
		interrupted = interrupt_caller();
		support_cleanup();
		if (interrupted) {
			ktap_note("in attempt %d", attempt);
			return;
		}
	}
	ktap_fail(__FILE__, __LINE__, "no caller was interrupted in %d attempts", attempt - 1);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "a victim that exits meanwhile gives 0 or ESRCH to any number of callers",
		  race_with_exit },
		{ "the teardown falls to a caller that drops the last user", teardown_by_caller },
		{ "a caller killed while it waits for the mmap_lock gets EINTR",
		  killed_while_waiting },
	};

	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
