// SPDX-License-Identifier: GPL-2.0-only
/*
 * Races of process_mrelease() with PROCESS_MRELEASE_REAP_KILL: victims that
 * exit at once, that fork, exec, map, are traced, moved or frozen meanwhile;
 * several callers; who tears the address space down; callers that wait for the
 * mmap_lock.
 */
#include "ktap.h"
#include "mrelease-reap-kill.h"
#include "reaped-victims-waiting.h"
#include "reaped-victims.h"
#include "support-races.h"
#include "support.h"

/* ---- against everything that a victim may be doing --------------------- */

static int attack(int pidfd, unsigned int flags)
{
	return mrelease(pidfd, flags) ? errno : 0;
}

static int attack_count(int pidfd)
{
	return attack(pidfd, REAP_KILL);
}

static int attack_users(int pidfd)
{
	return attack(pidfd, REAP_KILL | PIN_USERS);
}

/* All forms in turn, so that they meet. */
static int attack_mixed(int pidfd)
{
	static atomic_uint turn;

	return attack(pidfd, all_forms[atomic_fetch_add(&turn, 1) % FORMS]);
}

static void against(const struct race *race)
{
	static int (*const attacks[])(int pidfd) = { attack_count, attack_users, attack_mixed };
	static const char *const names[] = { "mm_count", "mm_users", "mixed" };
	size_t i;

	for (i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		struct race_results results;
		unsigned int answers = 0;
		int error;

		REQUIRE(race_run(race, attacks[i], &results));
		for (error = 0; error < RACE_ERRNOS; error++)
			answers += results.answers[error];
		ktap_note("%s: %u of %u calls gave 0, %u EBUSY, %u ESRCH", names[i],
			  results.answers[0], answers, results.answers[EBUSY], results.answers[ESRCH]);
		REQUIRE(results.answers[0] + results.answers[EBUSY] + results.answers[ESRCH] == answers);
		support_cleanup();
	}
}

#define RACE_CASE(kind)					\
	static void against_##kind(void)		\
	{						\
		against(&race_##kind);			\
	}

RACE_CASE(exit)
RACE_CASE(fork)
RACE_CASE(clone)
RACE_CASE(vfork)
RACE_CASE(exec)
RACE_CASE(mappings)
RACE_CASE(ptrace)
RACE_CASE(cgroup)
RACE_CASE(freezer)

/* ---- against the victim's own exit ------------------------------------- */

static int kill_then_release(int pidfd)
{
	if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0))
		return errno;
	return attack(pidfd, 0);
}

/* How many of so many victims that run were gone when the call looked for their memory. */
static int misses(int (*call)(int pidfd), int rounds)
{
	const struct victim_shape shape = { .bytes = MIB };
	int missed = 0;
	int round;

	for (round = 0; round < rounds; round++) {
		struct victim victim;
		int error;

		if (!victim_start(&victim, &shape) || !pin(victim.pid, VICTIM_CPU))
			return -1;
		error = call(victim.pidfd);
		if (error && error != ESRCH)
			return -1;
		missed += error == ESRCH;
		if (!victim_wait(&victim, true, WAIT_LIMIT_MS))
			return -1;
		support_end_victims();
	}
	return missed;
}

static void no_victim_gets_away(void)
{
	const int rounds = 300;
	int two_calls;
	int count;
	int users;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the victim exits beside the caller");
	REQUIRE(pin(0, CALLER_CPU));
	two_calls = misses(kill_then_release, rounds);
	count = misses(attack_count, rounds);
	users = misses(attack_users, rounds);
	ktap_note("missed of %d: two calls %d, one that pins mm_count %d, mm_users %d", rounds,
		  two_calls, count, users);
	REQUIRE(two_calls >= 0);
	REQUIRE(count == 0);
	REQUIRE(users == 0);
}

/*
 * Kills running victims and counts how often the teardown ran in the calling
 * task: exit_mmap runs where the last of mm_users is dropped.
 */
static int teardowns_by_caller(unsigned int flags, int rounds)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES };
	char filter[64];
	int torn_down = 0;
	int round;

	snprintf(filter, sizeof(filter), "common_pid == %d", getpid());
	for (round = 0; round < rounds; round++) {
		struct victim victim;

		if (!victim_start(&victim, &shape) || !pin(victim.pid, VICTIM_CPU) ||
		    !trace_event("mmap/exit_mmap", filter) || mrelease(victim.pidfd, flags))
			return -1;
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
	int count;
	int users;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the victim exits beside the caller");
	REQUIRE(pin(0, CALLER_CPU));
	count = teardowns_by_caller(REAP_KILL, rounds);
	REQUIRE(pin(0, CALLER_CPU));
	users = teardowns_by_caller(REAP_KILL | PIN_USERS, rounds);
	ktap_note("teardown by the caller of %d: pinning mm_count %d, mm_users %d", rounds, count,
		  users);
	REQUIRE(count == 0);
	REQUIRE(users > 0);
}

/* ---- waiting for the mmap_lock ----------------------------------------- */

static unsigned int waiting_flags;

static void kill_once(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	mrelease(waited_pidfd, waiting_flags);
	atomic_store(&page->result, 1);
	_exit(0);
}

static bool caller_is_interrupted(void)
{
	struct victim victim;
	struct victim caller;
	char task[32];

	if (!trace_event("raw_syscalls/sys_exit", "id == 448") ||
	    !caller_waits(&victim, &caller, kill_once) || !victim_kill(&caller) ||
	    !victim_wait(&caller, true, WAIT_LIMIT_MS))
		return false;
	/* Nobody but the tracer sees what its call returns. */
	trace_task(task, sizeof(task), caller.pid);
	return trace_count("sys_exit: NR 448 = -4", task) > 0 && !atomic_load(&caller.page->result);
}

static void killed_while_waiting(void)
{
	size_t i;

	if (!has_disk())
		SKIP("needs a file system at " DISK);
	for (i = 0; i < PINS; i++) {
		waiting_flags = both_pins[i];
		REQUIRE(happens_while_waiting(caller_is_interrupted));
	}
}

static const struct ktap_case cases[] = {
	{ "against exit", against_exit },
	{ "against fork", against_fork },
	{ "against clones that share the memory", against_clone },
	{ "against vfork", against_vfork },
	{ "against exec", against_exec },
	{ "against changing mappings", against_mappings },
	{ "against a tracer", against_ptrace },
	{ "against moves between cgroups", against_cgroup },
	{ "against a freezer", against_freezer },
	{ "no victim gets away", no_victim_gets_away },
	{ "the teardown falls to a caller that pins mm_users", teardown_by_caller },
	{ "a caller killed while it waits for the mmap_lock gets EINTR", killed_while_waiting },
};

int main(int count, char **arguments)
{
	race_main(count, arguments);
	if (!kernel_has_reap_kill()) {
		puts("KTAP version 1\n1..0 # SKIP process_mrelease() has no PROCESS_MRELEASE_REAP_KILL");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
