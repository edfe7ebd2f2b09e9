// SPDX-License-Identifier: GPL-2.0-only
/*
 * Races of pidfd_send_signal() with PIDFD_SIGNAL_SYNC_REAP_MM and
 * PIDFD_SIGNAL_SYNC_REAP_MM_FIXED: victims that exit at once, that fork, exec,
 * map, are traced, moved or frozen meanwhile; several callers; who tears the
 * address space down; callers that wait for the mmap_lock.
 */
#include "ktap.h"
#include "reaped-victims-waiting.h"
#include "reaped-victims.h"
#include "support-races.h"
#include "support.h"
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

static void against(const struct race *race)
{
	static int (*const attacks[])(int pidfd) = { attack_posted, attack_fixed, attack_mixed };
	static const char *const names[] = { "posted", "fixed", "mixed" };
	size_t i;

	for (i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		struct race_results results;
		unsigned int answers = 0;
		int error;

		REQUIRE(race_run(race, attacks[i], &results));
		for (error = 0; error < RACE_ERRNOS; error++)
			answers += results.answers[error];
		ktap_note("%s: %u of %u calls gave 0, %u EBUSY", names[i], results.answers[0],
			  answers, results.answers[EBUSY]);
		/* Nobody waits for the victim, and nothing else may come out of it. */
		REQUIRE(results.answers[0] + results.answers[EBUSY] == answers);
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

/* How many of so many victims that run were gone when the call looked for their memory. */
static int misses(unsigned int form, int rounds)
{
	const struct victim_shape shape = { .bytes = MIB };
	int missed = 0;
	int round;

	for (round = 0; round < rounds; round++) {
		struct victim victim;

		if (!victim_start(&victim, &shape) || !pin(victim.pid, VICTIM_CPU))
			return -1;
		if (kill_and_reap(victim.pidfd, form)) {
			if (errno != EBUSY)
				return -1;
			missed++;
		}
		if (!victim_wait(&victim, true, WAIT_LIMIT_MS))
			return -1;
		support_end_victims();
	}
	return missed;
}

static void no_victim_gets_away(void)
{
	const int rounds = 300;
	int posted;
	int fixed;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the victim exits beside the caller");
	REQUIRE(pin(0, CALLER_CPU));
	posted = misses(SYNC_REAP, rounds);
	fixed = misses(SYNC_REAP_FIXED, rounds);
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

/*
 * Kills running victims and counts how often the teardown ran in the calling
 * task: exit_mmap runs where the last of mm_users is dropped.
 */
static int teardowns_by_caller(unsigned int form, int rounds)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES };
	char filter[64];
	int torn_down = 0;
	int round;

	snprintf(filter, sizeof(filter), "common_pid == %d", getpid());
	for (round = 0; round < rounds; round++) {
		struct victim victim;

		if (!victim_start(&victim, &shape) || !pin(victim.pid, VICTIM_CPU) ||
		    !trace_event("mmap/exit_mmap", filter))
			return -1;
		kill_and_reap(victim.pidfd, form);
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
	int posted;
	int fixed;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the victim exits beside the caller");
	REQUIRE(pin(0, CALLER_CPU));
	posted = teardowns_by_caller(SYNC_REAP, rounds);
	REQUIRE(pin(0, CALLER_CPU));
	fixed = teardowns_by_caller(SYNC_REAP_FIXED, rounds);
	ktap_note("teardown by the caller: posted form %d, fixed form %d, of %d", posted, fixed,
		  rounds);
	REQUIRE(posted >= 0);
	REQUIRE(fixed > 0);
}

/* ---- waiting for the mmap_lock ----------------------------------------- */

static unsigned int race_form;

static void kill_once(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	kill_and_reap(waited_pidfd, race_form);
	atomic_store(&page->result, 1);
	_exit(0);
}

/* While it waits, everybody is told that the memory has been reaped. */
static bool mark_is_seen(void)
{
	struct victim victim;
	struct victim caller;

	race_form = SYNC_REAP;
	return caller_waits(&victim, &caller, kill_once) && mrelease(victim.pidfd, 0) == 0 &&
	       keeps_memory() && stays(&caller) && !atomic_load(&caller.page->result);
}

static bool caller_is_interrupted(void)
{
	struct victim victim;
	struct victim caller;
	char task[32];

	race_form = SYNC_REAP_FIXED;
	if (!trace_event("raw_syscalls/sys_exit", "id == 424") ||
	    !caller_waits(&victim, &caller, kill_once) || !victim_kill(&caller) ||
	    !victim_wait(&caller, true, WAIT_LIMIT_MS))
		return false;
	/* Nobody but the tracer sees what its call returns. */
	trace_task(task, sizeof(task), caller.pid);
	return trace_count("sys_exit: NR 424 = -4", task) > 0 && !atomic_load(&caller.page->result);
}

static void mark_before_the_work(void)
{
	if (!has_disk())
		SKIP("needs a file system at " DISK);
	REQUIRE(happens_while_waiting(mark_is_seen));
}

static void killed_while_waiting(void)
{
	if (!has_disk())
		SKIP("needs a file system at " DISK);
	REQUIRE(happens_while_waiting(caller_is_interrupted));
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
		puts("KTAP version 1\n1..0 # SKIP pidfd_send_signal() has no PIDFD_SIGNAL_SYNC_REAP_MM");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
