// SPDX-License-Identifier: GPL-2.0-only
/*
 * Races of pidfd_send_signal() with PIDFD_SIGNAL_SYNC_REAP_MM and
 * PIDFD_SIGNAL_SYNC_REAP_MM_FIXED: victims that exit at once, that fork, exec,
 * map, are traced, moved or frozen meanwhile; several callers; who tears the
 * address space down; callers that wait for the mmap_lock.
 */
#include "ktap.h"
#include "reaped-victims-races.h"
#include "reaped-victims-waiting.h"
#include "sync-reap-mm.h"

/* ---- against everything that a victim may be doing --------------------- */

static int attack_posted(int pidfd)
{
	return kill_and_reap(pidfd, SYNC_REAP) ? errno : 0;
}

static int attack_fixed(int pidfd)
{
	return kill_and_reap(pidfd, SYNC_REAP_FIXED) ? errno : 0;
}

/* One caller each way, so that the forms meet. */
static int attack_mixed(int pidfd)
{
	static atomic_uint turn;

	return kill_and_reap(pidfd, both_forms[atomic_fetch_add(&turn, 1) % FORMS]) ? errno : 0;
}

/* Nobody waits for the victim, and nothing but 0 and EBUSY may come out of it. */
static const struct killing_races killing_races = {
	.attacks = {
		{ "posted", attack_posted },
		{ "fixed", attack_fixed },
		{ "mixed", attack_mixed },
	},
};

/* ---- against the victim's own exit ------------------------------------- */

static void no_victim_gets_away(void)
{
	const int rounds = 300;
	int posted;
	int fixed;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the victim exits beside the caller");
	REQUIRE(pin(0, CALLER_CPU));
	posted = misses(attack_posted, EBUSY, rounds);
	fixed = misses(attack_fixed, EBUSY, rounds);
	ktap_note("the posted form missed %d of %d, the fixed one %d", posted, rounds, fixed);
	REQUIRE(posted >= 0);
	REQUIRE(fixed == 0);
}

static bool is_gone(void *argument)
{
	const struct victim *victim = argument;

	return kill_and_reap(victim->pidfd, SYNC_REAP_FIXED) && errno == ESRCH;
}

static void kill_without_parent(unsigned int *errors)
{
	const struct victim_shape shape = { .bytes = MIB };
	int round;

	for (round = 0; round < 200; round++) {
		struct victim victim;
		size_t i = (size_t)round % FORMS;

		REQUIRE(victim_start(&victim, &shape));
		if (kill_and_reap(victim.pidfd, both_forms[i])) {
			REQUIRE_MSG(errno == ESRCH || errno == EBUSY, "%s", ktap_error_name(errno));
			errors[i]++;
		}
		REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
		/* Readable comes shortly before gone. */
		REQUIRE(wait_for(is_gone, &victim, WAIT_LIMIT_MS));
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i]), ESRCH);
		support_end_victims();
	}
}

/*
 * Somebody may wait for the victim before the posted form has looked for it.
 * Here it is the kernel, as nobody cares for SIGCHLD.
 */
static void waited_for_at_once(void)
{
	unsigned int errors[FORMS] = { 0 };

	signal(SIGCHLD, SIG_IGN);
	kill_without_parent(errors);
	support_end_victims();
	signal(SIGCHLD, SIG_DFL);
	ktap_note("the posted form missed %u, the fixed one %u", errors[0], errors[1]);
	REQUIRE(errors[1] == 0);
}

/* A call of the posted form that comes too late for the victim is no mistake. */
static bool kill_by_posted(const struct victim *victim)
{
	attack_posted(victim->pidfd);
	return true;
}

static bool kill_by_fixed(const struct victim *victim)
{
	attack_fixed(victim->pidfd);
	return true;
}

static void teardown_by_caller(void)
{
	const int rounds = 30;
	int posted;
	int fixed;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the victim exits beside the caller");
	posted = teardowns_by_caller(kill_by_posted, VICTIM_BYTES, rounds);
	fixed = teardowns_by_caller(kill_by_fixed, VICTIM_BYTES, rounds);
	ktap_note("teardown by the caller: posted form %d, fixed form %d, of %d", posted, fixed,
		  rounds);
	REQUIRE(posted >= 0);
	REQUIRE(fixed > 0);
}

/* ---- waiting for the mmap_lock ----------------------------------------- */

/* While it waits, everybody is told that the memory has been reaped. */
static bool mark_is_seen(void)
{
	struct victim victim;
	struct victim caller;

	return caller_waits(&victim, &caller) && mrelease(victim.pidfd, 0) == 0 &&
	       keeps_memory() && stays(&caller) && !atomic_load(&caller.page->result);
}

static void mark_before_the_work(void)
{
	if (!has_disk())
		SKIP("needs a file system at " DISK);
	waiting.attack = attack_posted;
	REQUIRE(happens_while_waiting(mark_is_seen));
}

static void killed_while_waiting(void)
{
	if (!has_disk())
		SKIP("needs a file system at " DISK);
	waiting.attack = attack_fixed;
	waiting.system_call = SYS_pidfd_send_signal;
	REQUIRE(happens_while_waiting(caller_is_interrupted));
}

static const struct ktap_case cases[] = {
	KILLING_RACES,
	{ "no victim gets away from the fixed form", no_victim_gets_away },
	{ "a victim that is waited for at once gives ESRCH only where there is none", waited_for_at_once },
	{ "the teardown falls to a caller that drops the last user", teardown_by_caller },
	{ "the posted form says reaped while it waits for the mmap_lock", mark_before_the_work },
	{ "a caller of the fixed form killed while it waits gets EINTR", killed_while_waiting },
};

int main(int count, char **arguments)
{
	race_main(count, arguments);
	if (!kernel_has_sync_reap()) {
		puts(SYNC_REAP_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
