/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whom a call that reaps another process takes, and whom it must refuse: cases
 * that hold for every such call, whatever its name and its errnos. A program
 * that includes this, once and after ktap.h, defines `reaping` and names the
 * functions case_...() in its table.
 *
 * Refused is a process that is not dying, or whose memory is used by one that
 * is not. Whether memory has gone is read from the victim's cgroup.
 */
#ifndef REAPLAB_REAPING_CASES_H
#define REAPLAB_REAPING_CASES_H

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support.h"
#include "support-bodies.h"

struct reaping_call {
	/* Takes all it can from the process: negative and errno, or anything else. */
	long (*reap)(int pidfd);
	int refuses;			/* errno for a process that must be left alone */
};

static const struct reaping_call reaping;

#define VICTIM_BYTES	(32 * MIB)

/*
 * How far memory.current may be off: up to 64 pages of charges per CPU are
 * kept in stock, and page tables, stacks and the victim's text are charged
 * beside the memory it asked for.
 */
#define MEMORY_SLACK	(4 * (int64_t)MIB)

#define REQUIRE_REFUSED(pidfd)	REQUIRE_ERROR(reaping.reap(pidfd), reaping.refuses)
#define REQUIRE_REAPED(pidfd)	REQUIRE_ERROR(reaping.reap(pidfd), 0)

/* The current case's cgroup. */
static char cgroup[128];

/* Starts a victim in a new cgroup, which then holds what is put into *held. */
static inline bool start_in_cgroup(struct victim *victim, struct victim_shape shape, int64_t *held)
{
	shape.cgroup = cgroup;
	if (!cgroup_create(cgroup, sizeof(cgroup)) || !victim_start(victim, &shape))
		return false;
	*held = cgroup_memory(cgroup);
	return *held >= (int64_t)shape.bytes;
}

/* True if the cgroup has lost so much of what it held, and not more. */
static inline bool lost_bytes(int64_t held, int64_t bytes)
{
	int64_t lost = held - cgroup_memory(cgroup);

	if (lost > bytes - MEMORY_SLACK && lost < bytes + MEMORY_SLACK)
		return true;
	ktap_note("lost %ld of %ld bytes, expected %ld", (long)lost, (long)held, (long)bytes);
	return false;
}

/* ---- nobody there ----------------------------------------------------- */

static inline void case_waited_for(void)
{
	struct victim_shape shape = { 0 };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE_ERROR(reaping.reap(victim.pidfd), ESRCH);
}

static inline void case_zombie(void)
{
	struct victim_shape shape = { 0 };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
	REQUIRE_ERROR(reaping.reap(victim.pidfd), ESRCH);
}

static inline void case_kernel_thread(void)
{
	/* Process 2 is kthreadd, the parent of all kernel threads. */
	int pidfd = (int)syscall(SYS_pidfd_open, 2, 0);

	REQUIRE(pidfd >= 0);
	REQUIRE_ERROR(reaping.reap(pidfd), ESRCH);
	close(pidfd);
}

/* ---- not dying -------------------------------------------------------- */

static inline void case_caller_itself(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	REQUIRE(pidfd >= 0);
	REQUIRE_REFUSED(pidfd);
	close(pidfd);
}

static inline void case_alive(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim victim;
	int64_t held;

	REQUIRE(start_in_cgroup(&victim, shape, &held));
	REQUIRE_REFUSED(victim.pidfd);
	/* Frozen is not dying, nor is stopped. */
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE_REFUSED(victim.pidfd);
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(syscall(SYS_pidfd_send_signal, victim.pidfd, SIGSTOP, NULL, 0) == 0);
	REQUIRE(wait_for_state(victim.pid, "T", WAIT_LIMIT_MS));
	REQUIRE_REFUSED(victim.pidfd);
	REQUIRE(lost_bytes(held, 0));
}

static inline void ignore_signal(int number)
{
	(void)number;
}

static inline void catch_sigterm(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	signal(SIGTERM, ignore_signal);
	atomic_store(&page->go, true);
}

static inline void case_signal_caught(void)
{
	struct victim_shape shape = { .body = catch_sigterm };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
	REQUIRE(syscall(SYS_pidfd_send_signal, victim.pidfd, SIGTERM, NULL, 0) == 0);
	REQUIRE_REFUSED(victim.pidfd);
}

/* ---- shared ----------------------------------------------------------- */

static inline void case_neighbour_of_a_frozen_victim(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .neighbour = true };
	struct victim victim;
	int i;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE_REFUSED(victim.pidfd);
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	for (i = 0; i < 100; i++)
		REQUIRE_REFUSED(victim.pidfd);
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));

	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
	REQUIRE(neighbour_lives(&victim));
}

/*
 * The victim runs, and the call meets it in every stage of its death. There is
 * no moment in which the call may succeed.
 */
static inline void case_neighbour_of_a_running_victim(void)
{
	struct victim_shape shape = { .bytes = 2 * MIB, .threads = 1, .neighbour = true };
	unsigned long refused = 0;
	struct victim victim;
	int i;

	for (i = 0; i < 200; i++) {
		REQUIRE(victim_start(&victim, &shape));
		REQUIRE(victim_kill(&victim));
		do {
			long result = reaping.reap(victim.pidfd);

			REQUIRE_MSG(result < 0, "reaped in round %d", i);
			REQUIRE_MSG(errno == reaping.refuses || errno == ESRCH, "%s in round %d",
				    ktap_error_name(errno), i);
			refused += errno == reaping.refuses;
		} while (errno == reaping.refuses);
		REQUIRE(neighbour_checks(&victim, 2, WAIT_LIMIT_MS));
		support_cleanup();
	}
	ktap_note("refused %lu times while the victims died", refused);
}

static inline void case_neighbour_dying_too(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .neighbour = true };
	struct victim victim;
	pid_t neighbour;
	int64_t held;

	REQUIRE(start_in_cgroup(&victim, shape, &held));
	neighbour = atomic_load(&victim.page->neighbour_pid);
	/* The second goes into the first one's freezer. */
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(freezer_v1(neighbour, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE_REFUSED(victim.pidfd);
	REQUIRE(kill(neighbour, SIGKILL) == 0);
	REQUIRE_REAPED(victim.pidfd);
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
}

/* Shares thread-local storage with its parent too, so it calls nothing that would use it. */
static inline int vfork_child(void *argument)
{
	struct victim_page *page = argument;

	syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	atomic_store(&page->rounds, (unsigned long)syscall(SYS_getpid));
	for (;;)
		syscall(SYS_pause);
	return 0;
}

/* As vfork() does: the child uses its parent's memory, and the parent sleeps until it is gone. */
static inline void wait_for_vfork_child(struct victim_page *page, char *memory, size_t bytes)
{
	static char stack[64 * 1024] __attribute__((aligned(16)));
	unsigned long wrong = 0;
	size_t i;

	memset(memory, 0x5a, bytes);
	clone(vfork_child, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, page);
	for (i = 0; i < bytes; i++)
		wrong += memory[i] != 0x5a;
	atomic_store(&page->damaged, wrong);
	atomic_store(&page->go, true);
}

static inline bool has_vfork_child(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->rounds) != 0;
}

static inline void case_vfork_child(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = wait_for_vfork_child };
	struct victim victim;
	int64_t held;
	pid_t child;
	int pidfd;

	REQUIRE(start_in_cgroup(&victim, shape, &held));
	REQUIRE(wait_for(has_vfork_child, victim.page, WAIT_LIMIT_MS));
	child = (pid_t)atomic_load(&victim.page->rounds);
	pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	REQUIRE(pidfd >= 0);

	REQUIRE(freezer_v1(child, true));
	REQUIRE(kill(child, SIGKILL) == 0);
	REQUIRE_REFUSED(pidfd);
	REQUIRE(lost_bytes(held, 0));
	close(pidfd);

	REQUIRE(freezer_v1(child, false));
	REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
	REQUIRE_MSG(atomic_load(&victim.page->damaged) == 0, "%lu bytes",
		    atomic_load(&victim.page->damaged));
}

/* The part of a program's table that is made of these. */
#define REAPING_CASES								\
	{ "a process that was waited for gives ESRCH", case_waited_for },	\
	{ "a zombie gives ESRCH", case_zombie },				\
	{ "a kernel thread gives ESRCH", case_kernel_thread },			\
	{ "the caller itself is refused", case_caller_itself },			\
	{ "a living process is refused, frozen or stopped, and keeps its memory", \
	  case_alive },								\
	{ "a process that caught its SIGTERM is refused", case_signal_caught },	\
	{ "a living CLONE_VM neighbour of a frozen victim keeps its memory",	\
	  case_neighbour_of_a_frozen_victim },					\
	{ "a living CLONE_VM neighbour of a running victim keeps its memory",	\
	  case_neighbour_of_a_running_victim },					\
	{ "a CLONE_VM neighbour that dies as well is no obstacle",		\
	  case_neighbour_dying_too },						\
	{ "the parent of a killed vfork child keeps its memory", case_vfork_child }

#endif /* REAPLAB_REAPING_CASES_H */
