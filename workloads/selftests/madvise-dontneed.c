// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_madvise() with PMADV_FLAG_RANGE: its arguments, who may call it, and
 * whom MADV_DONTNEED takes and refuses.
 *
 * What it does to those it takes is the subject of madvise-dontneed-work.c,
 * what can come in between that of madvise-dontneed-races.c.
 */
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>

#include "ktap.h"
#include "madvise-dontneed.h"
#include "reaping-cases.h"
#include "reaping-exits.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD	O_EXCL	/* since Linux 6.9; an older <linux/pidfd.h> lacks it */
#endif

/* Any user but root. */
#define OTHER_USER	1000

static const struct reaping_call reaping = { .reap = discard, .refuses = EINVAL };

static bool start_killed(struct victim *victim, int64_t *held)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES };

	return start_in_cgroup(victim, shape, held) && freezer_v1(victim->pid, true) &&
	       victim_kill(victim);
}

/* ---- arguments -------------------------------------------------------- */

static void flags_come_first(void)
{
	struct victim victim;
	unsigned int bit;
	int64_t held;

	REQUIRE(start_killed(&victim, &held));
	for (bit = 0; bit < 32; bit++) {
		if (1U << bit == RANGE)
			continue;
		REQUIRE_ERROR(advise(-1, (void *)1, 1, MADV_DONTNEED, 1U << bit), EINVAL);
		REQUIRE_ERROR(advise(victim.pidfd, NULL, 0, MADV_DONTNEED, 1U << bit), EINVAL);
		REQUIRE_ERROR(advise(victim.pidfd, NULL, 0, MADV_DONTNEED, 1U << bit | RANGE),
			      EINVAL);
	}
	REQUIRE(lost_bytes(held, 0));
}

static void not_a_pidfd(void)
{
	int directory = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ends[2];

	REQUIRE_ERROR(discard(-1), EBADF);
	/* The advice is looked at later. */
	REQUIRE_ERROR(advise(-1, NULL, 0, -1, RANGE), EBADF);
	REQUIRE(pipe(ends) == 0);
	REQUIRE_ERROR(discard(ends[0]), EBADF);
	close(ends[0]);
	close(ends[1]);
	REQUIRE_ERROR(discard(ends[0]), EBADF);
	REQUIRE(directory >= 0);
	REQUIRE_ERROR(discard(directory), EBADF);
	close(directory);
}

/* That of a leader names its process, that of another thread nothing. */
static void thread_pidfds(void)
{
	const struct victim_shape shape = {
		.bytes = VICTIM_BYTES, .threads = 1, .body = tell_thread,
	};
	struct victim victim;
	int64_t held;
	int leader;
	int other;

	REQUIRE(start_in_cgroup(&victim, shape, &held));
	REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
	REQUIRE(atomic_load(&victim.page->result) > 0);
	leader = (int)syscall(SYS_pidfd_open, victim.pid, PIDFD_THREAD);
	other = (int)syscall(SYS_pidfd_open, atomic_load(&victim.page->result), PIDFD_THREAD);
	REQUIRE(leader >= 0 && other >= 0);
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE_ERROR(discard(other), ESRCH);
	REQUIRE(lost_bytes(held, 0));
	REQUIRE_ERROR(discard(leader), 0);
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
	close(leader);
	close(other);
}

/* The vector is not looked at with the flag, and as ever without. */
static void vector(void)
{
	struct iovec part = { .iov_len = MIB };
	struct victim victim;
	int64_t held;

	REQUIRE(start_killed(&victim, &held));
	part.iov_base = (void *)atomic_load(&victim.page->memory);
	REQUIRE_ERROR(advise(victim.pidfd, (void *)1, 1, MADV_COLD, 0), EFAULT);
	REQUIRE_ERROR(advise(victim.pidfd, &part, 5000, MADV_COLD, 0), EINVAL);
	REQUIRE(advise(victim.pidfd, &part, 1, MADV_COLD, 0) == (long)part.iov_len);

	/* There is no discarding by parts. */
	REQUIRE_ERROR(advise(victim.pidfd, &part, 1, MADV_DONTNEED, 0), EINVAL);
	REQUIRE_ERROR(advise(victim.pidfd, NULL, 0, MADV_DONTNEED, 0), EINVAL);
	REQUIRE(lost_bytes(held, 0));

	REQUIRE_ERROR(advise(victim.pidfd, (void *)1, 5000, MADV_COLD, RANGE), 0);
	REQUIRE_ERROR(advise(victim.pidfd, (void *)1, 5000, MADV_DONTNEED, RANGE), 0);
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
}

static void other_advice(void)
{
	static const int others[] = {
		MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_FREE, MADV_REMOVE,
		MADV_DONTFORK, MADV_DOFORK, MADV_MERGEABLE, MADV_UNMERGEABLE, MADV_HUGEPAGE,
		MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_DODUMP, MADV_WIPEONFORK, MADV_KEEPONFORK,
		MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_DONTNEED_LOCKED, MADV_COLLAPSE,
		MADV_HWPOISON, -1, 1000,
	};
	struct victim victim;
	int64_t held;
	size_t i;

	REQUIRE(start_killed(&victim, &held));
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		REQUIRE_ERROR(advise(victim.pidfd, NULL, 0, others[i], RANGE), EINVAL);
	REQUIRE(lost_bytes(held, 0));
}

/* ---- who may call ----------------------------------------------------- */

/* Run in a child; the errno of the call, or 0. */
static int discard_without_nice(void *argument)
{
	const struct victim *victim = argument;

	if (!drop_capability(CAP_SYS_NICE))
		return 255;
	return discard(victim->pidfd) ? errno : 0;
}

static int discard_without_ptrace(void *argument)
{
	const struct victim *victim = argument;

	if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) ||
	    setresuid(OTHER_USER, OTHER_USER, OTHER_USER) || !drop_capability(CAP_SYS_PTRACE))
		return 255;
	return discard(victim->pidfd) ? errno : 0;
}

/* With neither, it is the access that is missed first. */
static int discard_without_either(void *argument)
{
	if (!drop_capability(CAP_SYS_NICE))
		return 255;
	return discard_without_ptrace(argument);
}

static void privilege(void)
{
	struct victim victim;
	int64_t held;

	REQUIRE(start_killed(&victim, &held));
	REQUIRE(run_in_child(discard_without_nice, &victim, WAIT_LIMIT_MS) == EPERM);
	REQUIRE(run_in_child(discard_without_ptrace, &victim, WAIT_LIMIT_MS) == EACCES);
	REQUIRE(run_in_child(discard_without_either, &victim, WAIT_LIMIT_MS) == EACCES);
	REQUIRE(lost_bytes(held, 0));
}

/* The capability is missed before it matters that the process is not dying. */
static void privilege_comes_first(void)
{
	struct victim_shape shape = { 0 };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(run_in_child(discard_without_nice, &victim, WAIT_LIMIT_MS) == EPERM);
	REQUIRE(run_in_child(discard_without_ptrace, &victim, WAIT_LIMIT_MS) == EACCES);
}

static int advise_itself(void *argument)
{
	int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	(void)argument;
	if (pidfd < 0 || !drop_capability(CAP_SYS_NICE))
		return 255;
	if (advise(pidfd, NULL, 0, MADV_COLD, RANGE))
		return 1;
	return discard(pidfd) < 0 && errno == EINVAL ? 0 : 2;
}

/* A process needs no capability to advise itself. It can't be dying. */
static void caller_itself_unprivileged(void)
{
	REQUIRE(run_in_child(advise_itself, NULL, WAIT_LIMIT_MS) == 0);
}

/* The threads hold on to the memory, but it is the leader's mm that is looked at. */
static void leader_gone(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = 2, .leader_exits = true };
	struct victim victim;
	int64_t held;

	REQUIRE(start_in_cgroup(&victim, shape, &held));
	REQUIRE_ERROR(discard(victim.pidfd), ESRCH);
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE_ERROR(discard(victim.pidfd), ESRCH);
	REQUIRE(lost_bytes(held, 0));
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "unknown flags give EINVAL before anything is looked at", flags_come_first },
		{ "a descriptor that is not a pidfd gives EBADF", not_a_pidfd },
		{ "a thread pidfd of a leader names the process, one of another thread gives ESRCH",
		  thread_pidfds },
		{ "the vector is ignored with the flag, and needed without", vector },
		{ "other advice for a whole address space gives EINVAL", other_advice },
		{ "CAP_SYS_NICE and access as for ptrace are needed", privilege },
		{ "both are asked for before whether the process is dying", privilege_comes_first },
		{ "a process needs no privilege to advise itself", caller_itself_unprivileged },
		{ "a leader that left its threads behind gives ESRCH", leader_gone },
		REAPING_CASES,
		REAPING_EXITS,
	};

	if (!kernel_has_range()) {
		puts(RANGE_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
