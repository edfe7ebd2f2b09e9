// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the arguments of process_mrelease() with PROCESS_MRELEASE_REAP_KILL:
 * every errno, the order of the checks, who may call, who is a target, and that
 * nobody is killed where the call says so. What becomes of the memory is the
 * matter of mrelease-reap-kill-work.c.
 */
#include "ktap.h"
#include "mrelease-reap-kill.h"
#include "reaped-victims-callers.h"

#include <fcntl.h>

#ifndef PIDFD_THREAD
#define PIDFD_THREAD	O_EXCL	/* since Linux 6.9; an older <linux/pidfd.h> lacks it */
#endif

static const struct killing_call killing = {
	.kill = mrelease, .forms = all_forms, .form_count = FORMS,
};

static void flags_come_first(void)
{
	struct victim victim;
	unsigned int bit;

	REQUIRE(victim_start(&victim, &sleeper));
	for (bit = 0; bit < 32; bit++) {
		if (1U << bit == REAP_KILL)
			continue;
		/* Those that say how to kill need the one that says so. */
		REQUIRE_ERROR(mrelease(-1, 1U << bit), EINVAL);
		REQUIRE_ERROR(mrelease(victim.pidfd, 1U << bit), EINVAL);
		if (1U << bit == PIN_USERS || 1U << bit == KILL_SHARERS)
			continue;
		REQUIRE_ERROR(mrelease(-1, REAP_KILL | 1U << bit), EINVAL);
		REQUIRE_ERROR(mrelease(victim.pidfd, REAP_KILL | 1U << bit), EINVAL);
	}
	REQUIRE_ERROR(mrelease(victim.pidfd, PIN_USERS | KILL_SHARERS), EINVAL);
	REQUIRE(stays(&victim));
}

static void the_descriptor_must_be_a_pidfd(void)
{
	int directory = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int not_a_pidfd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	size_t i;

	REQUIRE(directory >= 0 && not_a_pidfd >= 0);
	for (i = 0; i < FORMS; i++) {
		REQUIRE_ERROR(mrelease(-1, all_forms[i]), EBADF);
		REQUIRE_ERROR(mrelease(not_a_pidfd, all_forms[i]), EBADF);
		/* pidfd_send_signal() takes one of these; process_mrelease() does not. */
		REQUIRE_ERROR(mrelease(directory, all_forms[i]), EBADF);
	}
	close(directory);
	close(not_a_pidfd);
}

/* Without the new flag all is as before. */
static void no_flag_does_not_kill(void)
{
	struct victim victim;

	REQUIRE(start_in_cgroup(&victim, holder));
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), EINVAL);
	REQUIRE(stays(&victim));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), EINVAL);
	REQUIRE(keeps_memory());
	REQUIRE(victim_kill(&victim));
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
	REQUIRE(lost_memory());
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
}

static void a_living_process_is_killed(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, holder));
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), 0);
		/* Else the victim may still be at what it has unmapped before the call. */
		if (all_forms[i] & PIN_USERS)
			REQUIRE(lost_memory());
		REQUIRE(dies_of_sigkill(&victim));
		REQUIRE(loses_memory());
		support_cleanup();
	}
}

/* ---- targets ----------------------------------------------------------- */

static void no_memory_no_process(void)
{
	struct victim victim;
	size_t i;

	REQUIRE(victim_start(&victim, &sleeper));
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
	for (i = 0; i < FORMS; i++)
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), ESRCH);
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	for (i = 0; i < FORMS; i++)
		REQUIRE_ERROR(mrelease(victim.pidfd, all_forms[i]), ESRCH);
}

static void kernel_threads_are_not_taken(void)
{
	/* Process 2 is kthreadd, the parent of all kernel threads. */
	int pidfd = (int)syscall(SYS_pidfd_open, 2, 0);
	size_t i;

	REQUIRE(pidfd >= 0);
	for (i = 0; i < FORMS; i++)
		REQUIRE_ERROR(mrelease(pidfd, all_forms[i]), ESRCH);
	close(pidfd);
}

static void thread_pidfds(void)
{
	struct victim victim;
	size_t i;

	for (i = 0; i < FORMS; i++) {
		int leader;

		REQUIRE(start_in_cgroup(&victim, holder));
		/* That of a leader names the process, as without the flag. */
		leader = (int)syscall(SYS_pidfd_open, victim.pid, PIDFD_THREAD);
		REQUIRE(leader >= 0);
		REQUIRE_ERROR(mrelease(leader, all_forms[i]), 0);
		REQUIRE(dies_of_sigkill(&victim));
		close(leader);
		support_cleanup();
	}
}

static void pidfds_of_other_threads(void)
{
	const struct victim_shape shape = { .threads = 1, .body = tell_thread };
	struct victim victim;
	int thread;
	size_t i;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
	REQUIRE(atomic_load(&victim.page->result) > 0);
	thread = (int)syscall(SYS_pidfd_open, atomic_load(&victim.page->result), PIDFD_THREAD);
	REQUIRE(thread >= 0);
	for (i = 0; i < FORMS; i++)
		REQUIRE_ERROR(mrelease(thread, all_forms[i]), ESRCH);
	REQUIRE(stays(&victim));
	close(thread);
}

/* ---- who may call ------------------------------------------------------ */

static void a_stranger_needs_the_right_to_signal(void)
{
	struct victim victim;
	size_t i;

	REQUIRE(start_in_cgroup(&victim, holder));
	for (i = 0; i < FORMS; i++)
		REQUIRE(call_of_other_user(victim.pidfd, all_forms[i]) == EPERM);
	REQUIRE(stays(&victim));
	REQUIRE(keeps_memory());

	/* Once it is dying, reaping is free for all; killing it again is not. */
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	for (i = 0; i < FORMS; i++)
		REQUIRE(call_of_other_user(victim.pidfd, all_forms[i]) == EPERM);
	REQUIRE(keeps_memory());
	REQUIRE(call_of_other_user(victim.pidfd, 0) == 0);
	REQUIRE(lost_memory());
}

/* Two faults at a time. */
static void faults_are_found_in_order(void)
{
	const struct victim_shape with_neighbour = { .neighbour = true };
	struct victim zombie;
	struct victim victim;
	size_t i;

	REQUIRE(victim_start(&zombie, &sleeper));
	REQUIRE(victim_kill(&zombie));
	REQUIRE(victim_wait(&zombie, false, WAIT_LIMIT_MS));
	REQUIRE(victim_start(&victim, &with_neighbour));
	for (i = 0; i < FORMS; i++) {
		/* Flags before the descriptor, before permission. */
		REQUIRE_ERROR(mrelease(-1, all_forms[i] | 1U << 1), EINVAL);
		REQUIRE(call_of_other_user(victim.pidfd, all_forms[i] | 1U << 1) == EINVAL);
		/* The descriptor before permission. */
		REQUIRE(call_of_other_user(-1, all_forms[i]) == EBADF);
		/* Permission before a look at the memory: whether there is any, and whose. */
		REQUIRE(call_of_other_user(zombie.pidfd, all_forms[i]) == EPERM);
		REQUIRE(call_of_other_user(victim.pidfd, all_forms[i]) == EPERM);
	}
	REQUIRE_ERROR(mrelease(victim.pidfd, REAP_KILL), EINVAL);
	REQUIRE(stays(&victim));
	REQUIRE(neighbour_lives(&victim));
}

static const struct ktap_case cases[] = {
	{ "flags come first", flags_come_first },
	{ "the descriptor must be a pidfd", the_descriptor_must_be_a_pidfd },
	{ "without the flag nobody is killed", no_flag_does_not_kill },
	{ "a living process is killed and reaped", a_living_process_is_killed },
	{ "a process without memory gives ESRCH", no_memory_no_process },
	{ "a kernel thread gives ESRCH", kernel_threads_are_not_taken },
	{ "init gives EBUSY and lives", case_init_is_not_reaped },
	{ "a thread pidfd of a leader names the process", thread_pidfds },
	{ "one of another thread gives ESRCH", pidfds_of_other_threads },
	{ "a stranger needs the right to signal", a_stranger_needs_the_right_to_signal },
	{ "no capability is needed", case_no_capability_is_needed },
	{ "faults are found in order", faults_are_found_in_order },
};

int main(void)
{
	if (!kernel_has_reap_kill()) {
		puts(REAP_KILL_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
