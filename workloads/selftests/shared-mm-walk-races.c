// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk over all processes: victims whose threads come and go while they
 * are counted. Whoever shares their memory and lives must not lose any of it.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include "ktap.h"
#include "shared-mm-walk.h"
#include "support-bodies.h"
#include "support-races.h"

#define CALLERS		3

/* How long a victim lives at most: a few threads or processes made in an emulated guest. */
#define LIFE_MS		4

static int victim_pidfd;

/* ---- callers ---------------------------------------------------------- */

/*
 * Makes both calls until there is nothing to reap any more; the result is how
 * many of them succeeded. process_reap() says ESRCH as soon as the leader has
 * left, so it is process_mrelease() that ends it.
 */
static void call_to_the_end(struct victim_page *page, char *memory, size_t bytes)
{
	int error = 0;

	(void)memory;
	(void)bytes;
	while (error != ESRCH) {
		size_t i;

		for (i = 0; i < CALLS; i++) {
			error = calls[i].make(victim_pidfd, 0) ? errno : 0;
			if (!error)
				atomic_fetch_add(&page->result, 1);
			else if (error != EINVAL && error != ESRCH)
				atomic_store(&page->damaged, (unsigned long)error);
		}
		atomic_fetch_add(&page->rounds, 1);
	}
	_exit(0);
}

static bool is_calling(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->rounds) > 0;
}

/* Several callers at a victim that lives; none has got anything but EINVAL when this returns. */
static bool start_callers(struct victim *callers, const struct victim *victim)
{
	const struct victim_shape shape = { .body = call_to_the_end };
	size_t i;

	victim_pidfd = victim->pidfd;
	for (i = 0; i < CALLERS; i++)
		if (!victim_start(&callers[i], &shape) ||
		    !wait_for(is_calling, callers[i].page, WAIT_LIMIT_MS))
			return false;
	return true;
}

/* Waits for the callers; the number of calls that reaped, or -1. */
static long successes(const struct victim *callers)
{
	long sum = 0;
	size_t i;

	for (i = 0; i < CALLERS; i++) {
		if (!victim_wait(&callers[i], true, WAIT_LIMIT_MS) ||
		    atomic_load(&callers[i].page->damaged))
			return -1;
		sum += atomic_load(&callers[i].page->result);
	}
	return sum;
}

/* ---- victims ---------------------------------------------------------- */

static void *end_at_once(void *unused)
{
	return unused;
}

/* Threads come and go; the memory always has a user more or less than a moment ago. */
static void churn_threads(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	for (;;) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, end_at_once, NULL) == 0)
			pthread_join(thread, NULL);
		atomic_fetch_add(&page->rounds, 1);
	}
}

static void live_a_moment(void)
{
	struct timespec life = { .tv_nsec = rand() % (LIFE_MS * 1000000) };

	nanosleep(&life, NULL);
}

/*
 * The neighbour lives all the time, and its memory is asked for from before
 * the victim dies until it has gone.
 */
static void neighbour_survives(const struct victim_shape *shape, unsigned int rounds)
{
	unsigned int round;

	for (round = 0; round < rounds; round++) {
		struct victim callers[CALLERS];
		struct victim victim;
		long reaped;

		REQUIRE(victim_start(&victim, shape));
		REQUIRE(start_callers(callers, &victim));
		live_a_moment();
		atomic_store(&victim.page->go, true);
		if (shape->body != exit_when_told)
			REQUIRE(victim_kill(&victim));
		reaped = successes(callers);
		REQUIRE_MSG(reaped == 0, "%ld calls reaped in round %u", reaped, round);
		REQUIRE(neighbour_checks(&victim, 2, WAIT_LIMIT_MS));
		support_cleanup();
	}
}

static void threads_exit(void)
{
	const struct victim_shape shape = { .bytes = MIB, .threads = 24, .neighbour = true };

	neighbour_survives(&shape, 60);
}

static void group_exits(void)
{
	const struct victim_shape shape = {
		.bytes = MIB, .threads = 24, .neighbour = true, .body = exit_when_told,
	};

	neighbour_survives(&shape, 40);
}

static void threads_come_and_go(void)
{
	const struct victim_shape shape = {
		.bytes = MIB, .threads = 2, .neighbour = true, .body = churn_threads,
	};

	neighbour_survives(&shape, 60);
}

static void vfork_parent_exits(void)
{
	const struct victim_shape shape = {
		.bytes = MIB, .threads = 8, .neighbour = true, .vfork = true,
	};

	neighbour_survives(&shape, 60);
}

/* ---- a neighbour in the making ---------------------------------------- */

static void start_neighbour_when_told(struct victim_page *page, char *memory, size_t bytes)
{
	while (!atomic_load(&page->go))
		;
	neighbour_start(page, memory, bytes, false);
}

static bool neighbour_is_known(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->neighbour_pid) > 0;
}

/* The victim is killed about when it clones: either there is no neighbour, or it has lost nothing. */
static void neighbour_in_the_making(void)
{
	const struct victim_shape shape = {
		.bytes = MIB, .threads = 2, .body = start_neighbour_when_told,
	};
	unsigned int made = 0;
	unsigned int round;

	for (round = 0; round < 200; round++) {
		struct timespec moment = { .tv_nsec = rand() % 300000 };
		struct victim victim;
		siginfo_t info;

		REQUIRE(victim_start(&victim, &shape));
		atomic_store(&victim.page->go, true);
		nanosleep(&moment, NULL);
		REQUIRE(victim_kill(&victim));
		while (calls[round % CALLS].make(victim.pidfd, 0) == 0 || errno == EINVAL)
			;
		REQUIRE(errno == ESRCH);
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		/* The victim was the only other child. */
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0) {
			REQUIRE(wait_for(neighbour_is_known, victim.page, WAIT_LIMIT_MS));
			REQUIRE_MSG(neighbour_checks(&victim, 2, WAIT_LIMIT_MS), "round %u", round);
			made++;
		}
		support_cleanup();
	}
	ktap_note("%u of %u neighbours came about", made, round);
}

/* ---- others, and sharers that come and go ------------------------------- */

/* Both calls in turn. EINVAL, of a process that shares its memory with a living one, is tried again. */
static int attack(int pidfd)
{
	static atomic_uint attacks;
	const struct call *call = &calls[atomic_fetch_add(&attacks, 1) % CALLS];

	if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) && errno != ESRCH)
		return errno;
	return call->make(pidfd, 0) ? errno : 0;
}

static void with_everything(void)
{
	static const struct race *const races[] = {
		&race_exit, &race_fork, &race_clone, &race_vfork, &race_exec,
		&race_mappings, &race_ptrace, &race_cgroup, &race_freezer,
	};
	size_t i;

	for (i = 0; i < sizeof(races) / sizeof(races[0]); i++) {
		struct race_results results;

		REQUIRE_MSG(race_run(races[i], attack, &results), "race %zu", i);
		REQUIRE_MSG(results.answers[0] + results.answers[ESRCH] == 3 * results.rounds,
			    "%u reaped, %u too late, of %u", results.answers[0], results.answers[ESRCH],
			    3 * results.rounds);
		support_cleanup();
	}
}

int main(int count, char **arguments)
{
	static const struct ktap_case cases[] = {
		{ "a neighbour keeps its memory while 25 threads exit", threads_exit },
		{ "a neighbour keeps its memory while 25 threads end themselves", group_exits },
		{ "a neighbour keeps its memory while threads come and go", threads_come_and_go },
		{ "a vfork child keeps its memory while its parent's threads exit", vfork_parent_exits },
		{ "a neighbour that is made while its maker is killed keeps its memory",
		  neighbour_in_the_making },
		{ "victims that exit, fork, share, exec, map, move and are traced", with_everything },
	};

	race_main(count, arguments);
	/* They would pass without the series, too. */
	if (!path_exists("/sys/kernel/tracing/events/oom/count_mm_users")) {
		puts("KTAP version 1\n1..0 # SKIP the kernel does not count the users of memory");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
