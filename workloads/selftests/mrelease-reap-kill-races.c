// SPDX-License-Identifier: GPL-2.0-only
/*
 * Races of process_mrelease() with PROCESS_MRELEASE_REAP_KILL: victims that
 * exit at once, that fork, exec, map, are traced, moved or frozen meanwhile;
 * several callers; who tears the address space down; callers that wait for the
 * mmap_lock.
 */
#include "ktap.h"
#include "mrelease-reap-kill.h"
#include "reaped-victims-races.h"
#include "reaped-victims-waiting.h"

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

/* A victim that has no memory any more gives ESRCH. */
static const struct killing_races killing_races = {
	.attacks = {
		{ "mm_count", attack_count },
		{ "mm_users", attack_users },
		{ "mixed", attack_mixed },
	},
	.may_be_gone = true,
};

/* ---- against the victim's own exit ------------------------------------- */

static int kill_then_release(int pidfd)
{
	if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0))
		return errno;
	return attack(pidfd, 0);
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
	two_calls = misses(kill_then_release, ESRCH, rounds);
	count = misses(attack_count, ESRCH, rounds);
	users = misses(attack_users, ESRCH, rounds);
	ktap_note("missed of %d: two calls %d, one that pins mm_count %d, mm_users %d", rounds,
		  two_calls, count, users);
	REQUIRE(two_calls >= 0);
	REQUIRE(count == 0);
	REQUIRE(users == 0);
}

static bool kill_by_count(const struct victim *victim)
{
	return !attack_count(victim->pidfd);
}

static bool kill_by_users(const struct victim *victim)
{
	return !attack_users(victim->pidfd);
}

static void teardown_by_caller(void)
{
	const int rounds = 30;
	int count;
	int users;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the victim exits beside the caller");
	count = teardowns_by_caller(kill_by_count, VICTIM_BYTES, rounds);
	users = teardowns_by_caller(kill_by_users, VICTIM_BYTES, rounds);
	ktap_note("teardown by the caller of %d: pinning mm_count %d, mm_users %d", rounds, count,
		  users);
	REQUIRE(count == 0);
	REQUIRE(users > 0);
}

/* ---- waiting for the mmap_lock ----------------------------------------- */

static void killed_while_waiting(void)
{
	static int (*const attacks[])(int pidfd) = { attack_count, attack_users };
	size_t i;

	if (!has_disk())
		SKIP("needs a file system at " DISK);
	waiting.system_call = SYS_process_mrelease;
	for (i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		waiting.attack = attacks[i];
		REQUIRE(happens_while_waiting(caller_is_interrupted));
	}
}

static const struct ktap_case cases[] = {
	KILLING_RACES,
	{ "no victim gets away", no_victim_gets_away },
	{ "the teardown falls to a caller that pins mm_users", teardown_by_caller },
	{ "a caller killed while it waits for the mmap_lock gets EINTR", killed_while_waiting },
};

int main(int count, char **arguments)
{
	race_main(count, arguments);
	if (!kernel_has_reap_kill()) {
		puts(REAP_KILL_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
