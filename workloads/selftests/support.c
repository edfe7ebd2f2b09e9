// SPDX-License-Identifier: GPL-2.0-only
/* See support.h. */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MANY		16		/* victims a case may hold */
#define THREAD_STACK	(64 * 1024)	/* glibc's least is 16 KiB; these threads only sleep */
#define NEIGHBOUR_STACK	(64 * 1024)

#define problem(...)	support_problem(__FILE__, __LINE__, __VA_ARGS__)

static struct victim started[MANY];
static size_t started_count;

bool support_problem(const char *file, int line, const char *format, ...)
{
	int error = errno;
	va_list arguments;

	va_start(arguments, format);
	printf("# %s:%d: ", file, line);
	vprintf(format, arguments);
	printf(": %s\n", strerror(error));
	va_end(arguments);
	return false;
}

void sleep_ms(int ms)
{
	struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

	nanosleep(&time, NULL);
}

bool wait_for(bool (*reached)(void *argument), void *argument, int limit_ms)
{
	int64_t limit = now_ns() + (int64_t)limit_ms * 1000000;

	while (!reached(argument)) {
		if (now_ns() > limit)
			return false;
		sleep_ms(1);
	}
	return true;
}

ssize_t read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t got;

	if (fd < 0)
		return -1;
	while (length + 1 < size && (got = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)got;
	close(fd);
	text[length] = '\0';
	return (ssize_t)length;
}

bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool written;

	if (fd < 0)
		return problem("open %s", path);
	written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (!written)
		problem("write '%s' to %s", text, path);
	close(fd);
	return written;
}

bool path_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* ---- victims ---------------------------------------------------------- */

/* The word at an address of the pattern; odd, so never that of a fresh page. */
static uint64_t pattern(const volatile uint64_t *word)
{
	return (uint64_t)(uintptr_t)word * 0x9e3779b97f4a7c15ULL | 1;
}

unsigned long pattern_damage(const char *memory, size_t bytes)
{
	const volatile uint64_t *words = (const volatile uint64_t *)memory;
	unsigned long damaged = 0;
	size_t i;

	for (i = 0; i < bytes / sizeof(uint64_t); i++)
		damaged += words[i] != pattern(&words[i]);
	return damaged;
}

static void *sleep_for_ever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

struct neighbour {
	struct victim_page *page;
	const char *memory;
	size_t bytes;
	bool vfork;
};

/*
 * Shares the victim's thread-local storage as well, so it calls nothing that
 * would use it.
 */
static int neighbour_body(void *argument)
{
	struct neighbour *self = argument;
	struct timespec pause_time = { .tv_nsec = 1000000 };

	atomic_store(&self->page->neighbour_pid, (int)syscall(SYS_getpid));
	/* Nobody else can say so while the victim waits. */
	if (self->vfork)
		atomic_store(&self->page->ready, true);
	for (;;) {
		unsigned long damaged = pattern_damage(self->memory, self->bytes);

		if (damaged)
			atomic_fetch_add(&self->page->damaged, damaged);
		else
			atomic_fetch_add(&self->page->passes, 1);
		syscall(SYS_nanosleep, &pause_time, NULL);
	}
	return 0;
}

bool neighbour_start(struct victim_page *page, char *memory, size_t bytes, bool vfork)
{
	static struct neighbour neighbour;
	char *stack = mmap(NULL, NEIGHBOUR_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	int pid;

	if (stack == MAP_FAILED)
		return false;
	neighbour.page = page;
	neighbour.memory = memory;
	neighbour.bytes = bytes;
	neighbour.vfork = vfork;
	/* CLONE_PARENT: a child of the test, which can wait for it. */
	pid = clone(neighbour_body, stack + NEIGHBOUR_STACK,
		    CLONE_VM | (vfork ? CLONE_VFORK : 0) | CLONE_PARENT | SIGCHLD, &neighbour);
	atomic_store(&page->neighbour_pid, pid);
	return pid > 0;
}

static bool start_threads(unsigned int threads)
{
	pthread_attr_t attributes;
	pthread_t thread;
	unsigned int i;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, THREAD_STACK);
	for (i = 0; i < threads; i++)
		if (pthread_create(&thread, &attributes, sleep_for_ever, NULL))
			return false;
	return true;
}

__attribute__((noreturn))
static void victim_body(struct victim_page *page, const struct victim_shape *shape, pid_t test)
{
	char *memory = NULL;
	size_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != test)
		_exit(1);
	if (shape->cgroup) {
		char procs[256];

		snprintf(procs, sizeof(procs), "%s/cgroup.procs", shape->cgroup);
		if (!write_file(procs, "0"))
			_exit(1);
	}
	if (shape->bytes) {
		memory = mmap(NULL, shape->bytes, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (memory == MAP_FAILED) {
			problem("mmap of %zu bytes", shape->bytes);
			_exit(1);
		}
		madvise(memory, shape->bytes, MADV_NOHUGEPAGE);
		for (i = 0; i < shape->bytes / sizeof(uint64_t); i++)
			((uint64_t *)memory)[i] = pattern((uint64_t *)memory + i);
	}
	atomic_store(&page->memory, (unsigned long)memory);
	if (!start_threads(shape->threads) ||
	    (shape->neighbour && !neighbour_start(page, memory, shape->bytes, shape->vfork))) {
		problem("starting threads");
		_exit(1);
	}
	atomic_store(&page->ready, true);
	if (shape->leader_exits)
		syscall(SYS_exit, 0);
	if (shape->body)
		shape->body(page, memory, shape->bytes);
	sleep_for_ever(NULL);
	_exit(0);
}

static bool is_ready_or_dead(void *argument)
{
	const struct victim *victim = argument;
	struct pollfd gone = { .fd = victim->pidfd, .events = POLLIN };

	return atomic_load(&victim->page->ready) || poll(&gone, 1, 0) > 0;
}

bool victim_start(struct victim *victim, const struct victim_shape *shape)
{
	pid_t test = getpid();

	if (started_count == MANY) {
		errno = E2BIG;
		return problem("a case may start %d victims", MANY);
	}
	victim->page = mmap(NULL, sizeof(*victim->page), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (victim->page == MAP_FAILED)
		return problem("mmap");
	victim->pid = fork();
	if (victim->pid < 0)
		return problem("fork");
	if (!victim->pid)
		victim_body(victim->page, shape, test);

	/* Not waited for yet, so the number can't have been used again. */
	victim->pidfd = (int)syscall(SYS_pidfd_open, victim->pid, 0);
	started[started_count++] = *victim;
	if (victim->pidfd < 0)
		return problem("pidfd_open");
	if (!wait_for(is_ready_or_dead, victim, WAIT_LIMIT_MS) ||
	    !atomic_load(&victim->page->ready)) {
		errno = ETIMEDOUT;
		return problem("the victim died or is not ready after %d ms", WAIT_LIMIT_MS);
	}
	return !shape->leader_exits || wait_for_state(victim->pid, "Z", WAIT_LIMIT_MS);
}

bool victim_kill(const struct victim *victim)
{
	if (syscall(SYS_pidfd_send_signal, victim->pidfd, SIGKILL, NULL, 0))
		return problem("pidfd_send_signal");
	return true;
}

bool victim_wait(const struct victim *victim, bool reap, int limit_ms)
{
	struct pollfd gone = { .fd = victim->pidfd, .events = POLLIN };

	if (poll(&gone, 1, limit_ms) != 1) {
		errno = ETIMEDOUT;
		return problem("process %d is still there after %d ms", victim->pid, limit_ms);
	}
	if (reap && waitpid(victim->pid, NULL, 0) != victim->pid)
		return problem("waitpid");
	return true;
}

bool victim_stays(const struct victim *victim, int ms)
{
	struct pollfd gone = { .fd = victim->pidfd, .events = POLLIN };

	return poll(&gone, 1, ms) == 0;
}

bool dies_of_sigkill(const struct victim *victim)
{
	siginfo_t info = { .si_pid = 0 };

	return victim_wait(victim, false, WAIT_LIMIT_MS) &&
	       waitid(P_PID, (id_t)victim->pid, &info, WEXITED) == 0 &&
	       info.si_code == CLD_KILLED && info.si_status == SIGKILL;
}

bool wait_for_state(pid_t tid, const char *states, int limit_ms)
{
	int64_t limit = now_ns() + (int64_t)limit_ms * 1000000;
	char path[64];
	char text[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	do {
		/* The name in parentheses may hold anything; the state follows the last one. */
		const char *end = read_file(path, text, sizeof(text)) > 0 ? strrchr(text, ')') : NULL;

		if (end && end[1] && end[2] && strchr(states, end[2]))
			return true;
		sleep_ms(1);
	} while (now_ns() < limit);
	errno = ETIMEDOUT;
	return problem("thread %d reached none of the states %s", tid, states);
}

bool neighbour_lives(const struct victim *victim)
{
	siginfo_t info = { .si_pid = 0 };
	pid_t pid = atomic_load(&victim->page->neighbour_pid);

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && !info.si_pid;
}

bool neighbour_checks(const struct victim *victim, unsigned long passes, int limit_ms)
{
	unsigned long target = atomic_load(&victim->page->passes) + passes;
	int64_t limit = now_ns() + (int64_t)limit_ms * 1000000;

	while (atomic_load(&victim->page->passes) < target) {
		if (atomic_load(&victim->page->damaged) || !neighbour_lives(victim)) {
			errno = EIO;
			return problem("the neighbour found %lu words wrong, it %s",
				       atomic_load(&victim->page->damaged),
				       neighbour_lives(victim) ? "lives" : "died");
		}
		if (now_ns() > limit) {
			errno = ETIMEDOUT;
			return problem("the neighbour did not finish %lu passes", passes);
		}
		sleep_ms(1);
	}
	return true;
}

/* ---- the end of a case ------------------------------------------------ */

static bool no_child_left(void *unused)
{
	int status;
	pid_t pid;

	(void)unused;
	/* SIGKILL does not move a tracee out of its exit stop; letting go of it does. */
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		if (WIFSTOPPED(status))
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return pid < 0 && errno == ECHILD;
}

void support_end_victims(void)
{
	size_t i;

	for (i = 0; i < started_count; i++) {
		pid_t neighbour = atomic_load(&started[i].page->neighbour_pid);

		/* An error means gone already. */
		syscall(SYS_pidfd_send_signal, started[i].pidfd, SIGKILL, NULL, 0);
		if (neighbour > 0 && neighbour_lives(&started[i]))
			kill(neighbour, SIGKILL);
	}
	if (!wait_for(no_child_left, NULL, WAIT_LIMIT_MS)) {
		errno = ETIMEDOUT;
		problem("children are left over");
	}
	for (i = 0; i < started_count; i++) {
		close(started[i].pidfd);
		munmap(started[i].page, sizeof(*started[i].page));
	}
	started_count = 0;
}

void support_cleanup(void)
{
	support_thaw();
	support_end_victims();
	support_remove();
}
