// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests what pidfd_send_signal() with PIDFD_SIGNAL_SYNC_REAP_MM and
 * PIDFD_SIGNAL_SYNC_REAP_MM_FIXED does to the process it kills, and in what the
 * two differ. Who shares memory with it is the matter of sync-reap-mm-sharing.c,
 * who acts at the same time that of sync-reap-mm-races.c.
 */
#include "ktap.h"
#include "reaped-victims.h"
#include "support.h"
#include "sync-reap-mm.h"

#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

static const struct victim_shape plain = { .bytes = VICTIM_BYTES };
static const struct victim_shape threaded = { .bytes = VICTIM_BYTES, .threads = 4 };

/* ---- victims that can't exit ------------------------------------------- */

static void plain_kill_frees_nothing(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, threaded));
	REQUIRE(victim_kill(&victim));
	REQUIRE(stays(&victim));
	REQUIRE(keeps_memory());
}

static void reap_frozen(const struct victim_shape *shape, unsigned int scope)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, *shape));
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i] | scope), 0);
		/* At once, and with the victim still frozen. */
		REQUIRE(lost_memory());
		REQUIRE(wait_for_state(victim.pid, "D", WAIT_LIMIT_MS));
		REQUIRE(freezer_v1(victim.pid, false));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		support_cleanup();
	}
}

static void frozen(void)
{
	reap_frozen(&plain, 0);
}

static void frozen_threads(void)
{
	reap_frozen(&threaded, 0);
}

static void stated_scope(void)
{
	reap_frozen(&threaded, SCOPE_THREAD_GROUP);
}

/* The test proper, with DISK frozen. */
static void reap_in_d_state(const struct victim *victim, unsigned int form, int expected)
{
	atomic_store(&victim->page->go, true);
	REQUIRE(wait_for_state(victim->pid, "D", WAIT_LIMIT_MS));
	REQUIRE_ERROR(kill_and_reap(victim->pidfd, form), expected);
	REQUIRE(stays(victim));
	REQUIRE(expected ? keeps_memory() : lost_memory());
}

static void reap_writers(struct victim_shape shape, int expected)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, shape));
		REQUIRE(freeze_disk(true));
		reap_in_d_state(&victim, both_forms[i], expected);
		REQUIRE(freeze_disk(false));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		unlink(FILE_ON_DISK);
		support_cleanup();
	}
}

static void d_state(void)
{
	if (!has_disk())
		SKIP("needs a file system at " DISK);
	reap_writers(disk_writer, 0);
}

/* It may go on dumping for long, and what it dumps is its memory. */
static void core_dump(void)
{
	char pattern[256];

	if (!has_disk() || read_file(CORE_PATTERN, pattern, sizeof(pattern)) <= 0)
		SKIP("needs core dumps and a file system at " DISK);
	REQUIRE(write_file(CORE_PATTERN, FILE_ON_DISK));
	reap_writers(core_dumper, EBUSY);
	REQUIRE(write_file(CORE_PATTERN, pattern));
}

static void exit_stop(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, leaver));
		REQUIRE(ptrace(PTRACE_SEIZE, victim.pid, NULL, (void *)PTRACE_O_TRACEEXIT) == 0);
		atomic_store(&victim.page->go, true);
		REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i]), 0);
		REQUIRE(lost_memory());
		REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
		support_cleanup();
	}
}

/* ---- where the forms differ -------------------------------------------- */

/* The threads hold on to the memory. The posted form asks the leader alone. */
static void leader_gone(void)
{
	const struct victim_shape headless = {
		.bytes = VICTIM_BYTES, .threads = 2, .leader_exits = true,
	};
	struct victim victim;

	REQUIRE(start_frozen(&victim, headless));
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP), EBUSY);
	REQUIRE(keeps_memory());
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP_FIXED), 0);
	REQUIRE(lost_memory());
}

/* The mark of the posted form stays, and says that there is nothing to do. */
static void marked_once(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, threaded));
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP), 0);
	REQUIRE(lost_memory());
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP), EBUSY);
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP_FIXED), 0);
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
}

static void not_marked(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, threaded));
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP_FIXED), 0);
	REQUIRE(lost_memory());
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP_FIXED), 0);
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
	/* With a mark it would be EBUSY, as it is once the posted form has been here. */
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP), 0);
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP), EBUSY);
}

/* Runs into its cgroup's limit once told to. */
static void exceed_limit(struct victim_page *page, char *memory, size_t bytes)
{
	while (!atomic_load(&page->go))
		sleep_ms(1);
	memory = mmap(NULL, 2 * bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory != MAP_FAILED)
		memset(memory, 1, 2 * bytes);
}

/*
 * A victim of the OOM killer, held in its exit stop: the oom reaper comes for
 * it after two seconds. False if it came before us.
 */
static bool reap_oom_victim(bool *in_time)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = exceed_limit };
	struct victim victim;
	char file[160];
	int posted;
	int fixed;
	bool kept;

	if (!start_in_cgroup(&victim, shape))
		return false;
	snprintf(file, sizeof(file), "%s/memory.max", cgroup);
	if (!write_file(file, "64M") || !trace_event("oom/start_task_reaping", NULL) ||
	    ptrace(PTRACE_SEIZE, victim.pid, NULL, (void *)PTRACE_O_TRACEEXIT))
		return false;
	atomic_store(&victim.page->go, true);
	if (!wait_for_state(victim.pid, "t", WAIT_LIMIT_MS))
		return false;
	posted = kill_and_reap(victim.pidfd, SYNC_REAP) ? errno : 0;
	kept = cgroup_memory(cgroup) > held_bytes;
	fixed = kill_and_reap(victim.pidfd, SYNC_REAP_FIXED) ? errno : 0;
	*in_time = trace_count("start_task_reaping:", NULL) == 0;
	if (!*in_time)
		return true;
	/* Its mark comes later, so it reaps again what has been reaped. */
	ktap_note("posted %s, fixed %s", ktap_error_name(posted), ktap_error_name(fixed));
	return !posted && kept && !fixed && lost_memory();
}

static void oom_victim(void)
{
	bool in_time = false;
	int attempt;

	/* A host that is busy may stop the guest for so long. */
	for (attempt = 0; attempt < 5 && !in_time; attempt++) {
		REQUIRE(reap_oom_victim(&in_time));
		support_cleanup();
	}
	REQUIRE(in_time);
}

/* ---- suicide ----------------------------------------------------------- */

static void kill_itself(struct victim_page *page, char *memory, size_t bytes)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);

	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->go))
		sleep_ms(1);
	kill_and_reap(self, (unsigned int)atomic_load(&page->rounds));
	_exit(1);
}

static void suicide(void)
{
	const struct victim_shape shape = {
		.bytes = VICTIM_BYTES, .threads = 3, .body = kill_itself,
	};
	size_t i;

	for (i = 0; i < FORMS; i++) {
		siginfo_t info = { .si_pid = 0 };
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, shape));
		atomic_store(&victim.page->rounds, both_forms[i]);
		atomic_store(&victim.page->go, true);
		REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
		REQUIRE(waitid(P_PID, (id_t)victim.pid, &info, WEXITED) == 0);
		REQUIRE(info.si_code == CLD_KILLED && info.si_status == SIGKILL);
		REQUIRE(lost_memory());
		support_cleanup();
	}
}

/* ---- partly done ------------------------------------------------------- */

/* With a notifier that refuses for one of the victim's mappings. */
static void reap_partly(const struct victim *victim, unsigned int form)
{
	unsigned long memory = atomic_load(&victim->page->memory);
	int64_t half = (int64_t)VICTIM_BYTES / 2;
	char text[64];
	int64_t left;

	snprintf(text, sizeof(text), "%d %lx %lx", victim->pid, memory, memory + VICTIM_BYTES / 2);
	REQUIRE(write_file(REFUSE, text));
	REQUIRE_ERROR(kill_and_reap(victim->pidfd, form), EAGAIN);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left < held_bytes - half + MEMORY_SLACK && left > held_bytes - half - MEMORY_SLACK,
		    "%ld of %ld bytes", (long)left, (long)held_bytes);
	/* No mark is left behind, in either form. */
	REQUIRE_ERROR(kill_and_reap(victim->pidfd, form), EAGAIN);
	REQUIRE(write_file(REFUSE, "0"));
	REQUIRE_ERROR(kill_and_reap(victim->pidfd, form), 0);
	REQUIRE(lost_memory());
}

static void partly_done(void)
{
	size_t i;

	if (!path_exists(REFUSE))
		SKIP("needs the refusing notifier of the debug flavour");
	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, two_mappings));
		REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
		REQUIRE(freezer_v1(victim.pid, true));
		reap_partly(&victim, both_forms[i]);
		write_file(REFUSE, "0");
		support_cleanup();
	}
}

static const struct ktap_case cases[] = {
	{ "plain kill frees nothing of a frozen process", plain_kill_frees_nothing },
	{ "a frozen victim loses its memory in the call", frozen },
	{ "so does a frozen victim of five threads", frozen_threads },
	{ "the process scope may be stated", stated_scope },
	{ "so does a victim in D state", d_state },
	{ "so does a tracee in its exit stop", exit_stop },
	{ "a process that dumps core is killed and keeps its memory, EBUSY", core_dump },
	{ "the posted form does not find threads without a leader, the fixed one does", leader_gone },
	{ "the posted form marks the memory as reaped", marked_once },
	{ "the fixed form does not", not_marked },
	{ "the posted form leaves an OOM victim to the oom reaper, the fixed one does not", oom_victim },
	{ "a process may reap itself", suicide },
	{ "a notifier that refuses gives EAGAIN, and the rest is reaped", partly_done },
};

int main(void)
{
	if (!kernel_has_sync_reap()) {
		puts("KTAP version 1\n1..0 # SKIP pidfd_send_signal() has no PIDFD_SIGNAL_SYNC_REAP_MM");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
