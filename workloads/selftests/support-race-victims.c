// SPDX-License-Identifier: GPL-2.0-only
/* Who takes part in the races of support-races.h: the victims, and those who disturb them. */
#include "support-bodies.h"
#include "support-races.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define VICTIM_BYTES	(2 * MIB)
#define STACK_BYTES	((size_t)16384)		/* of processes that share memory; they call little */
#define SHARED_LOOKS	20			/* at the memory, before such a process exits */
#define EXEC_WORD	"race-exec"

void race_nap_us(long us)
{
	struct timespec time = { .tv_nsec = us * 1000 };

	/* Not nanosleep(): who shares memory shares thread-local storage as well. */
	syscall(SYS_nanosleep, &time, NULL);
}

/* ---- what victims do --------------------------------------------------- */

static void fork_again(struct victim_page *page, char *memory, size_t bytes)
{
	(void)page;
	for (;;) {
		pid_t child = fork();

		if (!child) {
			atomic_fetch_add(race_damage, pattern_damage(memory, bytes));
			_exit(0);
		}
		if (child > 0)
			waitpid(child, NULL, 0);
	}
}

struct sharer {
	const char *memory;
	size_t bytes;
};

static int share(void *argument)
{
	struct sharer *self = argument;
	int i;

	for (i = 0; i < SHARED_LOOKS; i++) {
		atomic_fetch_add(race_damage, pattern_damage(self->memory, self->bytes));
		race_nap_us(100);
	}
	syscall(SYS_exit, 0);
	return 0;
}

static void clone_again(struct victim_page *page, char *memory, size_t bytes)
{
	static char stack[STACK_BYTES] __attribute__((aligned(16)));
	static struct sharer sharer;
	static atomic_int running;

	(void)page;
	sharer.memory = memory;
	sharer.bytes = bytes;
	for (;;) {
		atomic_store(&running, 1);
		/* CLONE_PARENT: a child of the test, which waits for it. */
		if (clone(share, stack + STACK_BYTES,
			  CLONE_VM | CLONE_PARENT | CLONE_CHILD_CLEARTID | SIGCHLD, &sharer, NULL,
			  NULL, &running) < 0)
			_exit(1);
		/* The kernel clears it once the stack is out of use. */
		while (atomic_load(&running))
			race_nap_us(100);
	}
}

static int exit_at_once(void *unused)
{
	(void)unused;
	syscall(SYS_exit, 0);
	return 0;
}

static void vfork_again(struct victim_page *page, char *memory, size_t bytes)
{
	static char stack[STACK_BYTES] __attribute__((aligned(16)));

	(void)page;
	(void)memory;
	(void)bytes;
	for (;;) {
		pid_t child = clone(exit_at_once, stack + STACK_BYTES,
				    CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);

		if (child > 0)
			waitpid(child, NULL, 0);
	}
}

static void exec_again(struct victim_page *page, char *memory, size_t bytes)
{
	char *const arguments[] = { EXEC_WORD, NULL };
	char *const environment[] = { NULL };

	(void)page;
	(void)memory;
	(void)bytes;
	execve("/proc/self/exe", arguments, environment);
	_exit(1);
}

void race_main(int count, char **arguments)
{
	if (count == 1 && !strcmp(arguments[0], EXEC_WORD))
		exec_again(NULL, NULL, 0);
}

static void map_again(struct victim_page *page, char *memory, size_t bytes)
{
	(void)page;
	for (;;) {
		char *more = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (more == MAP_FAILED)
			_exit(1);
		memset(more, 1, bytes / 4);
		mprotect(memory, bytes / 2, PROT_READ);
		mprotect(memory, bytes / 2, PROT_READ | PROT_WRITE);
		madvise(more, bytes, MADV_DONTNEED);
		munmap(more, bytes);
	}
}

/* ---- who disturbs them ------------------------------------------------- */

static bool stopped(const struct victim *victim)
{
	return atomic_load(&victim->page->stop);
}

/* Lets the tracee go on from whatever stop it comes to. */
static void attend(pid_t tracee)
{
	int status;

	if (waitpid(tracee, &status, __WALL | WNOHANG) == tracee && WIFSTOPPED(status))
		ptrace(PTRACE_CONT, tracee, NULL, NULL);
}

static void trace(const struct victim *victim)
{
	while (!stopped(victim)) {
		int i;

		if (ptrace(PTRACE_SEIZE, victim->pid, NULL, (void *)PTRACE_O_TRACEEXIT)) {
			sleep_ms(1);
			continue;
		}
		ptrace(PTRACE_INTERRUPT, victim->pid, NULL, NULL);
		for (i = 0; i < 5; i++) {
			attend(victim->pid);
			race_nap_us(200);
		}
		/* Only a stopped tracee can be detached; one in its exit stop is. */
		ptrace(PTRACE_INTERRUPT, victim->pid, NULL, NULL);
		race_nap_us(200);
		ptrace(PTRACE_DETACH, victim->pid, NULL, NULL);
	}
	/* Ends as this process does: its tracees are set free. */
}

/* Without diagnostics: the victim may be gone at any moment. */
static void put(const char *directory, const char *name, const char *text)
{
	char path[160];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		race_nap_us(100);
	close(fd);
}

static void move(const struct victim *victim)
{
	char pid[16];
	int i;

	snprintf(pid, sizeof(pid), "%d", victim->pid);
	for (i = 1; !stopped(victim); i++)
		put(race_groups[i % 2], "cgroup.procs", pid);
}

static void freeze(const struct victim *victim)
{
	while (!stopped(victim)) {
		put(race_groups[0], "cgroup.freeze", "1");
		race_nap_us(300);
		put(race_groups[0], "cgroup.freeze", "0");
		race_nap_us(300);
	}
}

#define SHAPE(...) { .bytes = VICTIM_BYTES, .cgroup = race_groups[0], __VA_ARGS__ }

const struct race race_exit = { .shape = SHAPE(.threads = 3, .body = exit_on_the_word) };
const struct race race_fork = { .shape = SHAPE(.body = fork_again) };
const struct race race_clone = { .shape = SHAPE(.threads = 1, .body = clone_again) };
const struct race race_vfork = { .shape = SHAPE(.body = vfork_again) };
const struct race race_exec = { .shape = SHAPE(.threads = 1, .body = exec_again) };
const struct race race_mappings = { .shape = SHAPE(.threads = 1, .body = map_again) };
const struct race race_ptrace = { .shape = SHAPE(.threads = 1), .disturb = trace };
const struct race race_cgroup = { .shape = SHAPE(.threads = 2), .disturb = move };
const struct race race_freezer = { .shape = SHAPE(.threads = 2), .disturb = freeze };
