// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a waiter in PIDFD_EXIT_INHERIT lends, to whom, for how long, and what
 * comes of it. Victims are killed while the v1 freezer holds them, so that the
 * priority they have meanwhile can be looked at.
 */
#include "ktap.h"
#include "exit-inherit.h"
#include "support-cpus.h"

#include <dirent.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/mman.h>

#define VICTIM_BYTES	(32 * MIB)

static const struct sched_param none;

static bool start_condemned(struct victim *victim, const struct victim_shape *shape)
{
	return victim_start(victim, shape) && freezer_v1(victim->pid, true) && victim_kill(victim);
}

static bool start_waiter(struct victim *process, const struct victim *victim, int policy, int priority)
{
	const struct waiter waiter = {
		.pidfd = victim->pidfd, .policy = policy, .priority = priority, .timeout_ns = FOR_EVER,
	};

	return waiter_start(process, &waiter);
}

static bool end_waiter(const struct victim *process)
{
	return victim_kill(process) && victim_wait(process, true, WAIT_LIMIT_MS);
}

static const struct victim_shape sleeper = { 0 };

static void the_priority_is_lent_and_given_back(void)
{
	struct victim victim;
	struct victim waiter;

	REQUIRE(start_condemned(&victim, &sleeper));
	REQUIRE(gets_priority(victim.pid, PRIORITY_NICE_0));
	REQUIRE(start_waiter(&waiter, &victim, SCHED_FIFO, 20));
	REQUIRE(gets_priority(victim.pid, PRIORITY_RT(20)));
	/* Inherited, not set. */
	REQUIRE(sched_getscheduler(victim.pid) == SCHED_OTHER);
	REQUIRE(end_waiter(&waiter));
	REQUIRE(gets_priority(victim.pid, PRIORITY_NICE_0));
	REQUIRE(start_waiter(&waiter, &victim, SCHED_RR, 7));
	REQUIRE(gets_priority(victim.pid, PRIORITY_RT(7)));
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(waiter_result(&waiter) == 0);
	/* A zombie has given it back. */
	REQUIRE(gets_priority(victim.pid, PRIORITY_NICE_0));
}

static void a_timeout_gives_it_back(void)
{
	struct waiter lender = { .policy = SCHED_FIFO, .priority = 20, .timeout_ns = 500 * NS_PER_MS };
	struct victim victim;
	struct victim waiter;

	REQUIRE(start_condemned(&victim, &sleeper));
	lender.pidfd = victim.pidfd;
	REQUIRE(waiter_start(&waiter, &lender));
	REQUIRE(gets_priority(victim.pid, PRIORITY_RT(20)));
	REQUIRE(waiter_result(&waiter) == ETIMEDOUT);
	REQUIRE(gets_priority(victim.pid, PRIORITY_NICE_0));
}

static void a_fair_waiter_lends_a_number(void)
{
	struct waiter lender = { .policy = SCHED_OTHER, .nice = -20, .timeout_ns = FOR_EVER };
	struct victim victim;
	struct victim waiter;

	REQUIRE(start_condemned(&victim, &sleeper));
	lender.pidfd = victim.pidfd;
	REQUIRE(waiter_start(&waiter, &lender));
	/* The number shows, as with any rt_mutex. It is not what fair tasks are scheduled by. */
	REQUIRE(keeps_priority(victim.pid, PRIORITY_NICE_0 - 20));
	REQUIRE(getpriority(PRIO_PROCESS, (id_t)victim.pid) == 0);
	REQUIRE(end_waiter(&waiter));
	REQUIRE(gets_priority(victim.pid, PRIORITY_NICE_0));
}

/* As the kernel's struct sched_attr; libc has it only of late. */
struct attributes {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

static void what_the_waiter_becomes_is_lent(void)
{
	const struct sched_param forty = { .sched_priority = 40 };
	struct attributes deadline = {
		.size = sizeof(deadline), .policy = SCHED_DEADLINE,
		.runtime = 10 * NS_PER_MS, .deadline = 100 * NS_PER_MS, .period = 100 * NS_PER_MS,
	};
	struct victim victim;
	struct victim waiter;

	REQUIRE(start_condemned(&victim, &sleeper));
	REQUIRE(start_waiter(&waiter, &victim, SCHED_FIFO, 10));
	REQUIRE(gets_priority(victim.pid, PRIORITY_RT(10)));
	REQUIRE_ERROR(sched_setscheduler(waiter.pid, SCHED_FIFO, &forty), 0);
	REQUIRE(gets_priority(victim.pid, PRIORITY_RT(40)));
	REQUIRE_ERROR(sched_setscheduler(waiter.pid, SCHED_OTHER, &none), 0);
	REQUIRE(gets_priority(victim.pid, PRIORITY_NICE_0));
	REQUIRE_ERROR((int)syscall(SYS_sched_setattr, waiter.pid, &deadline, 0), 0);
	REQUIRE(gets_priority(victim.pid, PRIORITY_DEADLINE));
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(waiter_result(&waiter) == 0);
}

static void the_highest_of_several_counts(void)
{
	static const int priorities[] = { 10, 30, 20 };
	struct victim victim;
	struct victim waiters[3];
	size_t i;

	REQUIRE(start_condemned(&victim, &sleeper));
	for (i = 0; i < 3; i++)
		REQUIRE(start_waiter(&waiters[i], &victim, SCHED_FIFO, priorities[i]));
	REQUIRE(keeps_priority(victim.pid, PRIORITY_RT(30)));
	REQUIRE(end_waiter(&waiters[1]));
	REQUIRE(gets_priority(victim.pid, PRIORITY_RT(20)));
	REQUIRE(freezer_v1(victim.pid, false));
	/* All learn of the end. */
	REQUIRE(waiter_result(&waiters[0]) == 0);
	REQUIRE(waiter_result(&waiters[2]) == 0);
}

static int lent_threads(pid_t pid, long priority)
{
	char path[64];
	struct dirent *entry;
	DIR *directory;
	int count = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	directory = opendir(path);
	while (directory && (entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			count += priority_of(pid, (pid_t)strtol(entry->d_name, NULL, 10)) == priority;
	if (directory)
		closedir(directory);
	return count;
}

static void threads_are_helped_one_by_one(void)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = 7 };
	const struct victim_shape headless = { .bytes = VICTIM_BYTES, .threads = 7, .leader_exits = true };
	struct victim victim;
	struct victim waiter;

	REQUIRE(start_condemned(&victim, &shape));
	REQUIRE(start_waiter(&waiter, &victim, SCHED_FIFO, 20));
	REQUIRE(lent_threads(victim.pid, PRIORITY_RT(20)) == 1);
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(waiter_result(&waiter) == 0);
	REQUIRE(victim_wait(&victim, true, 0));

	/* A leader that is a zombie already is passed over. */
	REQUIRE(start_condemned(&victim, &headless));
	REQUIRE(start_waiter(&waiter, &victim, SCHED_FIFO, 20));
	REQUIRE(priority_of(victim.pid, victim.pid) == PRIORITY_NICE_0);
	REQUIRE(lent_threads(victim.pid, PRIORITY_RT(20)) == 1);
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(waiter_result(&waiter) == 0);
	REQUIRE(victim_wait(&victim, true, 0));
}

static void the_starved_leave_sooner(void)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim spinner;
	struct victim victim;
	struct victim waiter;
	int64_t start;

	if (!has_two_cpus())
		SKIP("the load needs a CPU that is not the test's");
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(pin(victim.pid, VICTIM_CPU));
	REQUIRE_ERROR(sched_setscheduler(victim.pid, SCHED_IDLE, &none), 0);
	REQUIRE(start_spinner(&spinner));
	REQUIRE(victim_kill(&victim));
	start = now_ns();
	REQUIRE(start_waiter(&waiter, &victim, SCHED_FIFO, 20));
	REQUIRE(waiter_result(&waiter) == 0);
	ktap_note("left after %lld ms", (long long)((now_ns() - start) / NS_PER_MS));
	REQUIRE(victim_wait(&victim, true, 0));
}

static void the_neighbour_keeps_its_memory(void)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .neighbour = true };
	struct victim victim;
	struct victim waiter;

	REQUIRE(start_condemned(&victim, &shape));
	REQUIRE(start_waiter(&waiter, &victim, SCHED_FIFO, 20));
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(waiter_result(&waiter) == 0);
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
}

/* ---- chains of locks --------------------------------------------------- */

/* Between kill and call the victim may have had its turn on the CPU after all; then once more. */
#define ATTEMPTS	20

/* A priority-inheriting futex; holds the number of its owner. */
static _Atomic uint32_t *futex;

static bool make_futex(void)
{
	futex = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return futex != MAP_FAILED;
}

static void own_futex(struct victim_page *page, char *memory, size_t bytes)
{
	(void)page;
	(void)memory;
	(void)bytes;
	atomic_store(futex, (uint32_t)getpid());
	for (;;)
		pause();
}

static void want_futex(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	atomic_store(&page->go, true);
	syscall(SYS_futex, futex, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
	_exit(0);
}

/*
 * A victim that was killed while it waited for the futex and has not been able
 * to notice: its CPU is taken by a higher priority than is ever lent here. The
 * kernel lets normal tasks have a twentieth of a second of every second there;
 * the victim's turn comes after the better part of the first.
 */
static bool start_starved_on_futex(struct victim *victim)
{
	const struct victim_shape shape = { .body = want_futex };
	const struct sched_param fifty = { .sched_priority = 50 };
	struct victim spinner;

	return victim_start(victim, &shape) && pin(victim->pid, VICTIM_CPU) &&
	       wait_for(is_about_to_wait, victim, WAIT_LIMIT_MS) &&
	       wait_for_state(victim->pid, "S", WAIT_LIMIT_MS) && start_spinner(&spinner) &&
	       sched_setscheduler(spinner.pid, SCHED_FIFO, &fifty) == 0 && victim_kill(victim);
}

static void it_goes_on_along_a_chain(void)
{
	const struct victim_shape shape = { .body = own_futex };
	bool lent = false;
	int attempt;

	if (!has_two_cpus())
		SKIP("the load needs a CPU that is not the test's");
	for (attempt = 0; attempt < ATTEMPTS && !lent; attempt++) {
		struct victim waiter;
		struct victim victim;
		struct victim owner;

		REQUIRE(pin(0, 0));
		REQUIRE(make_futex());
		REQUIRE(victim_start(&owner, &shape));
		REQUIRE(wait_for_state(owner.pid, "S", WAIT_LIMIT_MS));
		REQUIRE(start_starved_on_futex(&victim));
		REQUIRE(start_waiter(&waiter, &victim, SCHED_FIFO, 20));
		lent = priority_of(owner.pid, owner.pid) == PRIORITY_RT(20);
		REQUIRE(!lent || priority_of(victim.pid, victim.pid) == PRIORITY_RT(20));
		REQUIRE(end_waiter(&waiter));
		REQUIRE(gets_priority(owner.pid, PRIORITY_NICE_0));
		support_cleanup();
		munmap(futex, 4096);
	}
	ktap_note("in attempt %d", attempt);
	REQUIRE(lent);
}

static void a_circle_is_found(void)
{
	struct victim victim;
	int attempt;
	int error = 0;

	if (!has_two_cpus())
		SKIP("the load needs a CPU that is not the test's");
	for (attempt = 0; attempt < ATTEMPTS && error != EDEADLK; attempt++) {
		REQUIRE(pin(0, 0));
		REQUIRE(make_futex());
		atomic_store(futex, (uint32_t)getpid());
		REQUIRE(start_starved_on_futex(&victim));
		error = exit_inherit(victim.pidfd, 0) ? errno : 0;
		REQUIRE_MSG(error == EDEADLK || error == ETIMEDOUT || !error, "%s", ktap_error_name(error));
		support_cleanup();
		munmap(futex, 4096);
	}
	ktap_note("in attempt %d", attempt);
	REQUIRE_MSG(error == EDEADLK, "%s", ktap_error_name(error));
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "the priority is lent, and given back with the wait or the exit",
		  the_priority_is_lent_and_given_back },
		{ "a timeout gives it back", a_timeout_gives_it_back },
		{ "a waiter of a fair policy lends neither policy nor nice value", a_fair_waiter_lends_a_number },
		{ "what the waiter becomes meanwhile is lent", what_the_waiter_becomes_is_lent },
		{ "the highest of several waiters counts, and all are woken",
		  the_highest_of_several_counts },
		{ "threads are helped one by one", threads_are_helped_one_by_one },
		{ "a starved victim leaves", the_starved_leave_sooner },
		{ "who shares the victim's memory keeps it", the_neighbour_keeps_its_memory },
		{ "it goes on along a chain of locks", it_goes_on_along_a_chain },
		{ "a circle of locks is found", a_circle_is_found },
	};

	if (exit_inherit_probe()) {
		puts("KTAP version 1\n1..0 # SKIP pidfds have no PIDFD_EXIT_INHERIT");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
