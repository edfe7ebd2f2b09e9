// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests that PIDFD_SIGNAL_EXPEDITE and PIDFD_SIGNAL_EXPEDITE_QUEUE leave the
 * OOM killer and the queue of the oom reaper in order: an OOM after an
 * expedited kill, an expedited kill of the OOM killer's own victim, and kills
 * that race with exec, fork, exit and the mmap_lock.
 */
#include "ktap.h"
#include "ss-expedite.h"
#include "support-bodies.h"
#include "support-reaping.h"
#include "support.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

/*
 * Rounds per kind of race. A hundred kills at random moments hit the inside of
 * an exec or a fork, which is most of what the victim does, many times, and
 * take about ten seconds emulated with KASAN and lockdep.
 */
#define RACE_ROUNDS	100

/* The longest a racing victim lives: a few execs or forks in an emulated guest. */
#define RACE_LIFE_MS	8

static bool has_killed(void *unused)
{
	(void)unused;
	return oom_kills() > 0;
}

/*
 * The victim stays, frozen and stripped. The OOM killer must neither wait for
 * it nor take it again, but kill who uses too much.
 */
static void the_oom_killer_goes_on(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;
		struct victim allocator;

		REQUIRE(start_frozen(&victim, 3));
		REQUIRE(limit_cgroup(2 * VICTIM_BYTES));
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[i]), 0);
		REQUIRE(is_stripped_soon());
		REQUIRE(oom_kills() == 0);
		REQUIRE(start_allocating(&allocator, 4 * VICTIM_BYTES));
		REQUIRE(ends(&allocator, CLD_KILLED, SIGKILL));
		REQUIRE_MSG(oom_kills() == 1, "%d", oom_kills());
		REQUIRE(stays(&victim));
		support_cleanup();
	}
}

/* The OOM killer's own victim has a timer running; it is not armed or queued again. */
static void the_oom_killers_victim_is_not_queued_again(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;
		struct victim allocator;
		char file[64];

		REQUIRE(start_frozen(&victim, 3));
		snprintf(file, sizeof(file), "/proc/%d/oom_score_adj", victim.pid);
		REQUIRE(write_file(file, "1000"));
		REQUIRE(limit_cgroup(VICTIM_BYTES + VICTIM_BYTES / 2));
		REQUIRE(start_allocating(&allocator, VICTIM_BYTES));
		REQUIRE(wait_for(has_killed, NULL, WAIT_LIMIT_MS));
		/*
		 * The kill is counted before the timer is armed. Marking waits
		 * for oom_lock, so for that; queueing would not.
		 */
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, EXPEDITE), 0);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[i]), 0);
		/* The allocator waits for the victim's memory, so for the timer. */
		REQUIRE(ends(&allocator, CLD_EXITED, 0));
		REQUIRE(reaped_times(1));
		REQUIRE(oom_kills() == 1);
		support_cleanup();
	}
}

static void exec_again(struct victim_page *page, char *memory, size_t bytes)
{
	char *const arguments[] = { "exec", "again", NULL };
	char *const environment[] = { NULL };

	(void)page;
	(void)memory;
	(void)bytes;
	execve("/proc/self/exe", arguments, environment);
	_exit(1);
}

static int exit_at_once(void *unused)
{
	(void)unused;
	return 0;
}

static void fork_again(struct victim_page *page, char *memory, size_t bytes)
{
	/* For a child that only exits. */
	static char stack[16384] __attribute__((aligned(16)));

	(void)page;
	(void)memory;
	(void)bytes;
	for (;;) {
		pid_t child = fork();

		if (!child)
			_exit(0);
		if (child > 0)
			waitpid(child, NULL, 0);
		/* A vfork(): the parent sleeps while the child uses its memory. */
		child = clone(exit_at_once, stack + sizeof(stack),
			      CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
		if (child > 0)
			waitpid(child, NULL, 0);
	}
}

/* Takes the mmap_lock for write most of the time. */
static void map_again(struct victim_page *page, char *memory, size_t bytes)
{
	(void)page;
	for (;;) {
		mprotect(memory, bytes / 2, PROT_READ);
		mprotect(memory, bytes / 2, PROT_READ | PROT_WRITE);
	}
}

static long kernel_taint(void)
{
	char text[32];

	return read_file("/proc/sys/kernel/tainted", text, sizeof(text)) > 0 ?
	       strtol(text, NULL, 10) : -1;
}

/* Lockdep switches itself off once it has something to report, but sets no taint. */
static bool lockdep_has_reported(void)
{
	static char text[16384];
	const char *value;

	if (read_file("/proc/lockdep_stats", text, sizeof(text)) <= 0)
		return false;	/* not in this kernel */
	value = strstr(text, "debug_locks:");
	return value && strtol(value + strlen("debug_locks:"), NULL, 10) == 0;
}

/* Kills by both forms, in either order, at a random moment. */
static void race(void (*body)(struct victim_page *page, char *memory, size_t bytes))
{
	const struct victim_shape shape = { .bytes = MIB, .threads = 1, .body = body };
	long taint = kernel_taint();
	unsigned int round;

	srand(1);
	for (round = 0; round < RACE_ROUNDS; round++) {
		struct timespec life = { .tv_nsec = rand() % (RACE_LIFE_MS * 1000000) };
		struct victim victim;

		REQUIRE(victim_start(&victim, &shape));
		nanosleep(&life, NULL);
		atomic_store(&victim.page->go, true);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[round % FORMS]), 0);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[(round + 1) % FORMS]), 0);
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		support_cleanup();
	}
	/* A warning or a report of KASAN taints the kernel. */
	REQUIRE_MSG(kernel_taint() == taint, "%ld after %ld", kernel_taint(), taint);
	REQUIRE(!lockdep_has_reported());
}

static void races_with_exec(void)
{
	race(exec_again);
}

static void races_with_fork(void)
{
	race(fork_again);
}

static void races_with_exit(void)
{
	race(exit_on_the_word);
}

static void races_with_mappings(void)
{
	race(map_again);
}

static const struct ktap_case cases[] = {
	{ "the OOM killer goes on", the_oom_killer_goes_on },
	{ "the OOM killer's victim is not queued again",
	  the_oom_killers_victim_is_not_queued_again },
	{ "races with exec", races_with_exec },
	{ "races with fork and vfork", races_with_fork },
	{ "races with exit", races_with_exit },
	{ "races with changing mappings", races_with_mappings },
};

int main(int count, char **arguments)
{
	/* A victim of the race with exec: it becomes itself until it is killed. */
	if (count == 2 && !strcmp(arguments[1], "again"))
		exec_again(NULL, NULL, 0);
	if (!kernel_has_expedite()) {
		puts(EXPEDITE_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
