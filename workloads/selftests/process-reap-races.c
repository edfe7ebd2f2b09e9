// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_reap(): victims that exit meanwhile, who tears their address space
 * down, and callers that are killed.
 */
#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "ktap.h"
#include "support.h"
#include "process-reap.h"

/* Where a case keeps test and victim apart. */
#define CALLER_CPU	0
#define VICTIM_CPU	1

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

static void spin(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	for (;;)
		atomic_fetch_add_explicit(&page->passes, 1, memory_order_relaxed);
}

/*
 * Kills running victims, calls at once, and counts how often the teardown ran
 * in the calling task: exit_mmap runs where the last of mm_users is dropped.
 */
static int teardowns_by_caller(long (*call)(int pidfd, unsigned int flags), int rounds)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	char filter[64];
	int torn_down = 0;
	int round;

	snprintf(filter, sizeof(filter), "common_pid == %d", getpid());
	for (round = 0; round < rounds; round++) {
		struct victim victim;

		if (!victim_start(&victim, &shape) || !pin(victim.pid, VICTIM_CPU) ||
		    !trace_event("mmap/exit_mmap", filter) || !victim_kill(&victim))
			return -1;
		if (call(victim.pidfd, 0) == 0)
			torn_down += trace_count("exit_mmap:", NULL) > 0;
		if (!victim_wait(&victim, true, WAIT_LIMIT_MS))
			return -1;
		support_cleanup();
	}
	return torn_down;
}

static void teardown_by_caller(void)
{
	const int rounds = 30;
	int reap;
	int release;

	if (sysconf(_SC_NPROCESSORS_ONLN) <= VICTIM_CPU)
		SKIP("needs two CPUs: the victim exits beside the caller");
	REQUIRE(pin(0, CALLER_CPU));
	reap = teardowns_by_caller(process_reap, rounds);
	release = teardowns_by_caller(mrelease, rounds);
	ktap_note("teardown by the caller of process_reap %d, of process_mrelease %d, of %d", reap,
		  release, rounds);
	REQUIRE(reap > 0);
	/* It pins mm_count, so that it never holds the last user. */
	REQUIRE(release == 0);
}

/* ---- killed while waiting --------------------------------------------- */

/* Holds the mmap_lock for writing nearly all the time: every call walks all pages. */
static void protect_in_a_loop(struct victim_page *page, char *memory, size_t bytes)
{
	for (;;) {
		mprotect(memory, bytes, PROT_READ);
		mprotect(memory, bytes, PROT_READ | PROT_WRITE);
		atomic_fetch_add(&page->passes, 1);
	}
}

static void reap_once(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	atomic_store(&page->go, true);
	process_reap(race_pidfd, 0);
	atomic_store(&page->result, 1);
	_exit(0);
}

static bool toggled_twice(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->passes) >= 2;
}

/*
 * One attempt. The victim is pushed off its CPU somewhere in its loop; with
 * luck it holds the lock. Then the caller waits, and is killed. Nobody but
 * the tracer sees what its call returns.
 */
static bool interrupt_caller(void)
{
	struct victim_shape victim_shape = { .bytes = VICTIM_BYTES, .body = protect_in_a_loop };
	struct victim_shape spinner_shape = { .body = spin };
	struct victim_shape caller_shape = { .body = reap_once };
	struct sched_param parameters = { .sched_priority = 0 };
	struct victim victim;
	struct victim spinner;
	struct victim caller;
	char task[32];
	int interrupted;

	if (!victim_start(&victim, &victim_shape) || !pin(victim.pid, VICTIM_CPU) ||
	    !wait_for(toggled_twice, victim.page, WAIT_LIMIT_MS) ||
	    sched_setscheduler(victim.pid, SCHED_IDLE, &parameters) ||
	    !victim_start(&spinner, &spinner_shape) || !pin(spinner.pid, VICTIM_CPU) ||
	    setpriority(PRIO_PROCESS, (id_t)spinner.pid, -20) ||
	    !wait_for(toggled_twice, spinner.page, WAIT_LIMIT_MS))
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

	if (sysconf(_SC_NPROCESSORS_ONLN) <= VICTIM_CPU)
		SKIP("needs two CPUs: the caller must run while the victim can't");
	REQUIRE(pin(0, CALLER_CPU));
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
