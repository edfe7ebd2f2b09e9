// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests what process_mrelease() with PROCESS_MRELEASE_REAP_KILL does to the
 * process it kills. Who shares memory with it is the matter of
 * mrelease-reap-kill-sharing.c, who acts at the same time that of
 * mrelease-reap-kill-races.c.
 */
#include "ktap.h"
#include "mrelease-reap-kill.h"
#include "reaped-victims.h"
#include "support.h"

#include <sys/ptrace.h>
#include <sys/wait.h>

static const struct victim_shape plain = { .bytes = VICTIM_BYTES };
static const struct victim_shape threaded = { .bytes = VICTIM_BYTES, .threads = 4 };

static void plain_kill_frees_nothing(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, threaded));
	REQUIRE(victim_kill(&victim));
	REQUIRE(stays(&victim));
	REQUIRE(keeps_memory());
}

static void reap_frozen(const struct victim_shape *shape)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, *shape));
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		/* At once, and with the victim still frozen. */
		REQUIRE(lost_memory());
		REQUIRE(stays(&victim));
		/* Whoever comes next, it is no mistake. */
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
		REQUIRE(freezer_v1(victim.pid, false));
		REQUIRE(dies_of_sigkill(&victim));
		support_cleanup();
	}
}

static void frozen(void)
{
	reap_frozen(&plain);
}

static void frozen_threads(void)
{
	reap_frozen(&threaded);
}

static void frozen_without_leader(void)
{
	const struct victim_shape headless = {
		.bytes = VICTIM_BYTES, .threads = 2, .leader_exits = true,
	};
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, headless));
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		REQUIRE(lost_memory());
		support_cleanup();
	}
}

static void killed_before(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_frozen(&victim, threaded));
		REQUIRE(victim_kill(&victim));
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		REQUIRE(lost_memory());
		support_cleanup();
	}
}

/* ---- victims that hang in the kernel ----------------------------------- */

/* The test proper, with DISK frozen. */
static void reap_in_d_state(const struct victim *victim, unsigned int flags, int expected)
{
	atomic_store(&victim->page->go, true);
	REQUIRE(wait_for_state(victim->pid, "D", WAIT_LIMIT_MS));
	REQUIRE_ERROR(mrelease(victim->pidfd, flags), expected);
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
		reap_in_d_state(&victim, all_forms[i], expected);
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
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		REQUIRE(lost_memory());
		REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
		support_cleanup();
	}
}

/* ---- suicide ----------------------------------------------------------- */

static void kill_itself(struct victim_page *page, char *memory, size_t bytes)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);

	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->go))
		sleep_ms(1);
	mrelease(self, (unsigned int)atomic_load(&page->rounds));
	_exit(1);
}

static void suicide(void)
{
	const struct victim_shape shape = {
		.bytes = VICTIM_BYTES, .threads = 3, .body = kill_itself,
	};
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, shape));
		atomic_store(&victim.page->rounds, all_forms[i]);
		atomic_store(&victim.page->go, true);
		REQUIRE(dies_of_sigkill(&victim));
		REQUIRE(loses_memory());
		support_cleanup();
	}
}

/* ---- partly done ------------------------------------------------------- */

/* With a notifier that refuses for one of the victim's mappings. */
static void reap_partly(const struct victim *victim, unsigned int flags)
{
	unsigned long memory = atomic_load(&victim->page->memory);
	int64_t half = (int64_t)VICTIM_BYTES / 2;
	char text[64];
	int64_t left;

	snprintf(text, sizeof(text), "%d %lx %lx", victim->pid, memory, memory + VICTIM_BYTES / 2);
	REQUIRE(write_file(REFUSE, text));
	REQUIRE_ERROR(mrelease(victim->pidfd, flags), EAGAIN);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left < held_bytes - half + MEMORY_SLACK && left > held_bytes - half - MEMORY_SLACK,
		    "%ld of %ld bytes", (long)left, (long)held_bytes);
	REQUIRE_ERROR(mrelease(victim->pidfd, flags), EAGAIN);
	REQUIRE(write_file(REFUSE, "0"));
	REQUIRE_ERROR(mrelease(victim->pidfd, flags), 0);
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
		reap_partly(&victim, all_forms[i]);
		write_file(REFUSE, "0");
		support_cleanup();
	}
}

static const struct ktap_case cases[] = {
	{ "plain kill frees nothing of a frozen process", plain_kill_frees_nothing },
	{ "a frozen victim loses its memory in the call", frozen },
	{ "so does a frozen victim of five threads", frozen_threads },
	{ "so do threads without a leader", frozen_without_leader },
	{ "so does a victim that was killed before", killed_before },
	{ "so does a victim in D state", d_state },
	{ "so does a tracee in its exit stop", exit_stop },
	{ "a process that dumps core is killed and keeps its memory, EBUSY", core_dump },
	{ "a process may reap itself", suicide },
	{ "a notifier that refuses gives EAGAIN, and the rest is reaped", partly_done },
};

int main(void)
{
	if (!kernel_has_reap_kill()) {
		puts("KTAP version 1\n1..0 # SKIP process_mrelease() has no PROCESS_MRELEASE_REAP_KILL");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
