// SPDX-License-Identifier: GPL-2.0-only
/*
 * What everybody pays for a series, used or not: times of the operations
 * whose paths the proposals touch, each many times over.
 *
 *   cost [rounds]
 *
 * A round measures every operation once, so that a disturbance of the host
 * does not fall on one of them alone. A line per measurement:
 *
 *   operation round nanoseconds count
 *
 * where the time is that of so many operations, or of so many pages.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clocks.h"
#include "failure.h"
#include "pages.h"

#define ROUNDS_DEFAULT 60
#define ROUNDS_MAX 100000

/* The last CPU of the smallest guest: interrupts and the session live on the first. */
#define CPU 1

/* Large enough that page tables and the gather of freed pages are filled many times. */
#define BYTES (INT64_C(16) << 20)
#define PAGES (BYTES / PAGE_BYTES)

/* A batch is some milliseconds, against a clock of nanoseconds and ticks of 4 ms. */
#define FORKS 20
#define EXECS 10
#define THREADS 40

#define EXIT_AT_ONCE "exit"

struct operation {
	const char *name;
	/* Does it so many times and returns the time of all, in ns. */
	int64_t (*measure)(void);
	int64_t count;
};

/* Set by page_fault for unmap, which takes away what the other has put there. */
static char *mapped;

static void die(const char *what)
{
	fprintf(stderr, "cost: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static void wait_for_success(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "cost: a child ended with status %#x\n", (unsigned int)status);
		exit(EXIT_FAILURE);
	}
}

static pid_t fork_or_die(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	return pid;
}

static int64_t fork_exit(void)
{
	int64_t start = now_ns();

	for (int i = 0; i < FORKS; i++) {
		pid_t pid = fork_or_die();

		if (pid == 0)
			_exit(0);
		wait_for_success(pid);
	}
	return now_ns() - start;
}

static int64_t fork_exec_exit(void)
{
	int64_t start = now_ns();

	for (int i = 0; i < EXECS; i++) {
		pid_t pid = fork_or_die();

		if (pid == 0) {
			execl("/proc/self/exe", "cost", EXIT_AT_ONCE, (char *)NULL);
			_exit(1);
		}
		wait_for_success(pid);
	}
	return now_ns() - start;
}

static void *end_at_once(void *unused)
{
	return unused;
}

static int64_t thread_exit(void)
{
	int64_t start = now_ns();

	for (int i = 0; i < THREADS; i++) {
		pthread_t thread;
		int error = pthread_create(&thread, NULL, end_at_once, NULL);

		if (error) {
			errno = error;
			die("pthread_create");
		}
		pthread_join(thread, NULL);
	}
	return now_ns() - start;
}

static char *map_or_die(int flags)
{
	char *start = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);

	if (start == MAP_FAILED)
		die("mmap");
	return start;
}

static int64_t page_fault(void)
{
	int64_t start;

	mapped = map_or_die(MAP_PRIVATE);
	start = now_ns();
	touch_pages(mapped, BYTES);
	return now_ns() - start;
}

static int64_t unmap(void)
{
	int64_t start = now_ns();

	if (munmap(mapped, BYTES))
		die("munmap");
	return now_ns() - start;
}

/* From the last instruction of a process that holds memory to the news of its death: the whole teardown, nobody killed. */
static int64_t exit_with_memory(void)
{
	static int64_t *said;
	int64_t end;
	pid_t pid;

	if (!said)
		said = (int64_t *)map_or_die(MAP_SHARED);
	pid = fork_or_die();
	if (pid == 0) {
		fill_pages(map_or_die(MAP_PRIVATE), BYTES);
		*said = now_ns();
		_exit(0);
	}
	wait_for_success(pid);
	end = now_ns();
	return end - *said;
}

static const struct operation operations[] = {
	{ "fork_exit", fork_exit, FORKS },
	{ "fork_exec_exit", fork_exec_exit, EXECS },
	{ "thread_exit", thread_exit, THREADS },
	{ "page_fault", page_fault, PAGES },
	{ "unmap", unmap, PAGES },
	{ "exit_with_memory", exit_with_memory, PAGES },
};

static long rounds_of(int argc, char **argv)
{
	char *end;
	long rounds;

	if (argc == 1)
		return ROUNDS_DEFAULT;
	rounds = strtol(argv[1], &end, 10);
	if (argc > 2 || *end || rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: cost [rounds, 1 to %d]\n", ROUNDS_MAX);
		exit(EXIT_FAILURE);
	}
	return rounds;
}

int main(int argc, char **argv)
{
	struct failure failure = { "" };
	long rounds;

	if (argc == 2 && !strcmp(argv[1], EXIT_AT_ONCE))
		return EXIT_SUCCESS;
	rounds = rounds_of(argc, argv);
	if (pin_to_cpu(CPU, &failure) || refuse_huge_pages(&failure)) {
		fprintf(stderr, "cost: %s\n", failure.message);
		return EXIT_FAILURE;
	}
	for (long round = 1; round <= rounds; round++) {
		for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
			printf("%s %ld %lld %lld\n", operations[i].name, round, (long long)operations[i].measure(),
			       (long long)operations[i].count);
		/* Children must not inherit lines that are not yet written. */
		fflush(stdout);
	}
	return EXIT_SUCCESS;
}
