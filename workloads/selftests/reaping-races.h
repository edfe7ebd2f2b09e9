/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A call that reaps another process, made by several callers at any moment of
 * the victim's life and death: cases that hold for every such call. A program
 * that includes this, once and after ktap.h, defines `racing` and names the
 * functions case_...() in its table.
 *
 * The victim changes its mappings, forks, executes or exits; while it does, it
 * is moved between cgroups and stopped and let go by a tracer. Callers find it
 * alive and must be refused, see it killed, and go on until it is gone.
 */
#ifndef REAPLAB_REAPING_RACES_H
#define REAPLAB_REAPING_RACES_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

struct racing_call {
	/* Takes some or all of the process: negative and errno, or anything else. */
	long (*reap)(int pidfd);
	int refuses;			/* errno for a process that must be left alone */
	bool may_be_busy;		/* EBUSY at any time */
};

static const struct racing_call racing;

#define RACE_CALLERS	3
#define RACE_ROUNDS	20

/* An errno that no call of ours gives, for a living process that was taken. */
#define TOOK_THE_LIVING	EUCLEAN

/* Set before callers, mover and tracer are started, which inherit it. */
static struct {
	struct victim victim;
	char cgroups[2][128];
} race;

/*
 * page->stop of the victim is set before it is killed, page->go when it has
 * been: what a call may say depends on what was set before and after it.
 */
static inline bool will_be_killed(void)
{
	return atomic_load(&race.victim.page->stop);
}

static inline bool has_been_killed(void)
{
	return atomic_load(&race.victim.page->go);
}

/* The errno that a call should not have given, or 0. */
static inline int judge(long result, bool killed_before)
{
	if (result >= 0)
		return will_be_killed() ? 0 : TOOK_THE_LIVING;
	if (errno == ESRCH || (errno == EBUSY && racing.may_be_busy))
		return 0;
	if (errno == racing.refuses && !killed_before)
		return 0;
	return errno;
}

/*
 * Calls until the process is gone. Leaves the first wrong answer in
 * page->result, how often something else came in page->rounds, and the sum of
 * that in page->passes.
 */
static inline void call_to_the_end(struct victim_page *page, char *memory, size_t bytes)
{
	int wrong = 0;
	bool gone = false;

	(void)memory;
	(void)bytes;
	while (!wrong && !gone) {
		bool killed = has_been_killed();
		long result = racing.reap(race.victim.pidfd);

		gone = result < 0 && errno == ESRCH && killed;
		wrong = judge(result, killed);
		atomic_fetch_add(&page->rounds, result >= 0);
		if (result > 0)
			atomic_fetch_add(&page->passes, (unsigned long)result);
	}
	atomic_store(&page->result, wrong);
	_exit(0);
}

static inline bool put_into_cgroup(const char *group, pid_t pid)
{
	char path[160];
	bool written;
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	written = fd >= 0 && dprintf(fd, "%d", pid) > 0;
	if (fd >= 0)
		close(fd);
	return written;
}

static inline void move_to_and_fro(struct victim_page *page, char *memory, size_t bytes)
{
	unsigned int i = 0;

	(void)memory;
	(void)bytes;
	while (!has_been_killed() && put_into_cgroup(race.cgroups[i++ % 2], race.victim.pid))
		atomic_fetch_add(&page->rounds, 1);
	_exit(0);
}

static inline void stop_and_let_go(struct victim_page *page, char *memory, size_t bytes)
{
	pid_t pid = race.victim.pid;
	int status;

	(void)memory;
	(void)bytes;
	while (!has_been_killed() && ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0) {
		ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
		if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
			break;
		ptrace(PTRACE_DETACH, pid, NULL, NULL);
		atomic_fetch_add(&page->rounds, 1);
		sleep_ms(1);
	}
	_exit(0);
}

/* ---- what victims do -------------------------------------------------- */

#define CHANGED_BYTES	MIB

static inline void *change_mappings(void *argument)
{
	for (;;) {
		char *memory = mmap(NULL, CHANGED_BYTES, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		char *moved;

		if (memory == MAP_FAILED)
			continue;
		memset(memory, 1, CHANGED_BYTES);
		mprotect(memory, CHANGED_BYTES / 2, PROT_READ);
		munmap(memory + CHANGED_BYTES / 4, CHANGED_BYTES / 4);
		moved = mremap(memory, CHANGED_BYTES / 4, CHANGED_BYTES / 2, MREMAP_MAYMOVE);
		/* No more than is still ours: a hole may have been filled by another thread. */
		if (moved != MAP_FAILED)
			munmap(moved, CHANGED_BYTES / 2);
		else
			munmap(memory, CHANGED_BYTES / 4);
		munmap(memory + CHANGED_BYTES / 2, CHANGED_BYTES / 2);
	}
	return argument;
}

static inline void change_mappings_by_threads(struct victim_page *page, char *memory, size_t bytes)
{
	pthread_t thread;
	int i;

	(void)page;
	(void)memory;
	(void)bytes;
	for (i = 0; i < 2; i++)
		pthread_create(&thread, NULL, change_mappings, NULL);
	change_mappings(NULL);
}

static inline void fork_for_ever(struct victim_page *page, char *memory, size_t bytes)
{
	(void)page;
	for (;;) {
		pid_t pid = fork();

		if (pid == 0) {
			memset(memory, 2, bytes / 4);
			_exit(0);
		}
		memset(memory, 3, bytes / 2);
		if (pid > 0)
			waitpid(pid, NULL, 0);
	}
}

/* The shell executes itself, and the process has a new address space each time. */
static inline void execute_for_ever(struct victim_page *page, char *memory, size_t bytes)
{
	(void)page;
	(void)memory;
	(void)bytes;
	setenv("AGAIN", "exec /bin/sh -c \"$AGAIN\"", 1);
	execl("/bin/sh", "sh", "-c", getenv("AGAIN"), NULL);
}

static inline void *execute_once(void *argument)
{
	sleep_ms(1 + getpid() % 5);
	execl("/bin/sleep", "sleep", "1000", NULL);
	return argument;
}

/* The thread kills the others and takes the place of their leader. */
static inline void execute_by_a_thread(struct victim_page *page, char *memory, size_t bytes)
{
	pthread_t thread;

	(void)page;
	(void)memory;
	(void)bytes;
	pthread_create(&thread, NULL, execute_once, NULL);
}

/* ---- a round ---------------------------------------------------------- */

static inline bool start_round(const struct victim_shape *shape, struct victim *callers,
			       struct victim *mover, struct victim *tracer)
{
	const struct victim_shape caller_shape = { .body = call_to_the_end };
	const struct victim_shape mover_shape = { .body = move_to_and_fro };
	const struct victim_shape tracer_shape = { .body = stop_and_let_go };
	int i;

	for (i = 0; i < 2; i++)
		if (!cgroup_create(race.cgroups[i], sizeof(race.cgroups[i])))
			return false;
	if (!victim_start(&race.victim, shape))
		return false;
	for (i = 0; i < RACE_CALLERS; i++)
		if (!victim_start(&callers[i], &caller_shape))
			return false;
	return victim_start(mover, &mover_shape) && victim_start(tracer, &tracer_shape);
}

static inline bool kill_in_round(void)
{
	atomic_store(&race.victim.page->stop, true);
	if (!victim_kill(&race.victim))
		return false;
	atomic_store(&race.victim.page->go, true);
	return true;
}

/* Reports, lockdep's aside, taint the kernel; lockdep switches itself off. */
static inline bool kernel_has_complained(void)
{
	static char text[16384];
	const char *locks;

	/* A bad page, which KASAN reports too, a crash, a warning. */
	if (read_file("/proc/sys/kernel/tainted", text, sizeof(text)) > 0 &&
	    strtoul(text, NULL, 10) & (1UL << 5 | 1UL << 7 | 1UL << 9))
		return true;
	if (read_file("/proc/lockdep_stats", text, sizeof(text)) <= 0)
		return false;
	locks = strstr(text, "debug_locks:");
	return locks && strtol(locks + strlen("debug_locks:"), NULL, 10) == 0;
}

static inline void race_against(void (*body)(struct victim_page *page, char *memory, size_t bytes),
				unsigned int threads)
{
	const struct victim_shape shape = { .bytes = 8 * MIB, .threads = threads, .body = body };
	struct victim callers[RACE_CALLERS];
	unsigned long taken = 0;
	unsigned long moves = 0;
	unsigned long stops = 0;
	struct victim mover;
	struct victim tracer;
	int round;
	int i;

	for (round = 0; round < RACE_ROUNDS; round++) {
		REQUIRE(start_round(&shape, callers, &mover, &tracer));
		sleep_ms(round % 5);
		REQUIRE(kill_in_round());
		REQUIRE(victim_wait(&mover, true, WAIT_LIMIT_MS));
		REQUIRE(victim_wait(&tracer, true, WAIT_LIMIT_MS));
		REQUIRE(victim_wait(&race.victim, true, WAIT_LIMIT_MS));
		for (i = 0; i < RACE_CALLERS; i++) {
			REQUIRE(victim_wait(&callers[i], true, WAIT_LIMIT_MS));
			REQUIRE_MSG(atomic_load(&callers[i].page->result) == 0, "%s in round %d",
				    ktap_error_name((int)atomic_load(&callers[i].page->result)),
				    round);
			taken += atomic_load(&callers[i].page->rounds);
		}
		moves += atomic_load(&mover.page->rounds);
		stops += atomic_load(&tracer.page->rounds);
		support_cleanup();
	}
	ktap_note("%lu calls took something; the victims were moved %lu and stopped %lu times",
		  taken, moves, stops);
	REQUIRE(!kernel_has_complained());
}

static inline void case_race_with_exit(void)
{
	race_against(NULL, 3);
}

static inline void case_race_with_mappings(void)
{
	race_against(change_mappings_by_threads, 0);
}

static inline void case_race_with_fork(void)
{
	race_against(fork_for_ever, 0);
}

static inline void case_race_with_exec(void)
{
	race_against(execute_for_ever, 0);
}

static inline void case_race_with_exec_of_threads(void)
{
	race_against(execute_by_a_thread, 3);
}

/* The part of a program's table that is made of these. */
#define REAPING_RACES									\
	{ "callers race with a victim of four threads that exits", case_race_with_exit }, \
	{ "callers race with threads that change their mappings", case_race_with_mappings }, \
	{ "callers race with fork", case_race_with_fork },				\
	{ "callers race with exec", case_race_with_exec },				\
	{ "callers race with the exec of one thread of five", case_race_with_exec_of_threads }

#endif /* REAPLAB_REAPING_RACES_H */
