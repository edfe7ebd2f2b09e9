// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/PID/exithand: who may open it, what read() and poll() say before and
 * after the end of a process, what counts as its end, and many who wait at
 * once.
 */
#include "ktap.h"
#include "support.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* How long we look before we believe that nothing happens. */
#define SETTLE_MS	100

/* Any user but root. */
#define OTHER_USER	1000

static const struct victim_shape sleeper = { 0 };

static int open_exithand(pid_t pid, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exithand", pid);
	return open(path, O_RDONLY | O_CLOEXEC | flags);
}

/* The events of poll() within a limit; 0 for none. */
static int events(int fd, int limit_ms)
{
	struct pollfd descriptor = { .fd = fd, .events = POLLIN };

	return poll(&descriptor, 1, limit_ms) == 1 ? descriptor.revents : 0;
}

static void nothing_before_the_end(void)
{
	struct victim victim;
	char byte;
	int fd;

	REQUIRE(victim_start(&victim, &sleeper));
	fd = open_exithand(victim.pid, O_NONBLOCK);
	REQUIRE(fd >= 0);
	REQUIRE(events(fd, SETTLE_MS) == 0);
	REQUIRE_ERROR((int)read(fd, &byte, 1), EAGAIN);
	REQUIRE_ERROR((int)read(fd, NULL, 0), EAGAIN);
	/* A stream of nothing: no position, no writing. */
	REQUIRE_ERROR((int)lseek(fd, 0, SEEK_SET), ESPIPE);
	REQUIRE_ERROR((int)write(fd, &byte, 1), EBADF);
	/* Killed is not dead. */
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE(events(fd, SETTLE_MS) == 0);
	close(fd);
}

static void zombie_and_gone(void)
{
	struct victim victim;
	char byte;
	int late;
	int fd;

	REQUIRE(victim_start(&victim, &sleeper));
	fd = open_exithand(victim.pid, 0);
	REQUIRE(fd >= 0);
	REQUIRE(victim_kill(&victim));
	/* The end of the file, at the end of the process and not of its number. */
	REQUIRE(read(fd, &byte, 1) == 0);
	REQUIRE(victim_wait(&victim, false, 0));
	REQUIRE(events(fd, 0) == POLLIN);
	late = open_exithand(victim.pid, 0);
	REQUIRE(late >= 0 && events(late, 0) == POLLIN && read(late, &byte, 1) == 0);
	REQUIRE(victim_wait(&victim, true, 0));
	REQUIRE(events(fd, 0) == (POLLIN | POLLHUP));
	REQUIRE(read(fd, &byte, 1) == 0);
	REQUIRE_ERROR(open_exithand(victim.pid, 0), ENOENT);
	close(late);
	close(fd);
}

static void the_process_and_not_its_leader(void)
{
	struct victim_shape shape = { .threads = 2, .leader_exits = true };
	struct victim victim;
	char path[64];
	int fd;

	REQUIRE(victim_start(&victim, &shape));
	fd = open_exithand(victim.pid, O_NONBLOCK);
	REQUIRE(fd >= 0);
	REQUIRE(events(fd, SETTLE_MS) == 0);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/exithand", victim.pid, victim.pid);
	REQUIRE(!path_exists(path));
	REQUIRE(victim_kill(&victim));
	REQUIRE(events(fd, WAIT_LIMIT_MS) == POLLIN);
	close(fd);
}

/* Threads that exec in turn until the last one sleeps. */
#define EXECUTIONS	200

/* Becomes this program again, told how often it is to do so yet. */
static void *execute(void *left)
{
	char text[16];

	snprintf(text, sizeof(text), "%ld", (long)left);
	execl("/proc/self/exe", "exithand", text, NULL);
	return NULL;
}

/* The program that a victim executes. */
__attribute__((noreturn))
static void executed(long left)
{
	pthread_t thread;

	if (left && !pthread_create(&thread, NULL, execute, (void *)(left - 1)))
		pthread_join(thread, NULL);
	for (;;)
		pause();
}

static void execute_in_thread(struct victim_page *page, char *memory, size_t bytes)
{
	pthread_t thread;

	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->go))
		sleep_ms(1);
	if (!pthread_create(&thread, NULL, execute, (void *)EXECUTIONS))
		pthread_join(thread, NULL);
}

static bool has_executed(void *argument)
{
	const struct victim *victim = argument;
	char path[64];
	char text[256];

	snprintf(path, sizeof(path), "/proc/%d/cmdline", victim->pid);
	return read_file(path, text, sizeof(text)) > 0 && !strcmp(text, "exithand") &&
	       !strcmp(text + sizeof("exithand"), "0");
}

static void exec_is_no_end(void)
{
	const struct victim_shape shape = { .threads = 2, .body = execute_in_thread };
	struct victim victim;
	unsigned int looks;
	int fd;

	REQUIRE(victim_start(&victim, &shape));
	fd = open_exithand(victim.pid, O_NONBLOCK);
	REQUIRE(fd >= 0);
	atomic_store(&victim.page->go, true);
	for (looks = 0; looks % 256 || !has_executed(&victim); looks++)
		REQUIRE_MSG(events(fd, 0) == 0, "in look %u", looks);
	ktap_note("%u looks in %d execs", looks, EXECUTIONS);
	REQUIRE(events(fd, SETTLE_MS) == 0);
	REQUIRE(victim_kill(&victim));
	REQUIRE(events(fd, WAIT_LIMIT_MS) == POLLIN);
	close(fd);
}

static int open_as_stranger(void *argument)
{
	const struct victim *victim = argument;
	int fd;

	if (setresuid(OTHER_USER, OTHER_USER, OTHER_USER))
		return 1;
	fd = open_exithand(victim->pid, O_NONBLOCK);
	if (fd < 0 || events(fd, 0))
		return 2;
	return open_exithand(victim->pid, O_WRONLY) < 0 && errno == EACCES ? 0 : 3;
}

static void everybody_may_watch(void)
{
	struct victim victim;
	int result;

	REQUIRE(victim_start(&victim, &sleeper));
	result = run_in_child(open_as_stranger, &victim, WAIT_LIMIT_MS);
	REQUIRE_MSG(result == 0, "step %d", result);
}

static void kernel_threads_do_not_end(void)
{
	int fd = open_exithand(2, O_NONBLOCK);

	REQUIRE(fd >= 0 && events(fd, 0) == 0);
	close(fd);
	fd = open_exithand(getpid(), O_NONBLOCK);
	REQUIRE(fd >= 0 && events(fd, 0) == 0);
	close(fd);
}

/* ---- many who wait ----------------------------------------------------- */

#define READERS		8

static int read_pid;

static void read_to_the_end(struct victim_page *page, char *memory, size_t bytes)
{
	int fd = open_exithand(read_pid, 0);
	char byte;

	(void)memory;
	(void)bytes;
	atomic_store(&page->go, true);
	atomic_store(&page->result, fd < 0 ? errno : read(fd, &byte, 1) < 0 ? errno : 0);
	_exit(0);
}

/* It sleeps, and has opened the file. */
static bool is_reading(void *argument)
{
	const struct victim *reader = argument;

	return atomic_load(&reader->page->go) && wait_for_state(reader->pid, "S", WAIT_LIMIT_MS);
}

static void do_nothing(int signal)
{
	(void)signal;
}

static void read_with_a_handler(struct victim_page *page, char *memory, size_t bytes)
{
	struct sigaction action = { .sa_handler = do_nothing };

	sigaction(SIGUSR1, &action, NULL);
	action.sa_flags = SA_RESTART;
	sigaction(SIGUSR2, &action, NULL);
	read_to_the_end(page, memory, bytes);
}

static void a_signal_ends_the_read(void)
{
	const struct victim_shape shape = { .body = read_with_a_handler };
	struct victim victim;
	struct victim reader;

	REQUIRE(victim_start(&victim, &sleeper));
	read_pid = victim.pid;
	REQUIRE(victim_start(&reader, &shape));
	REQUIRE(wait_for(is_reading, &reader, WAIT_LIMIT_MS));
	REQUIRE(!kill(reader.pid, SIGUSR1));
	REQUIRE(victim_wait(&reader, true, WAIT_LIMIT_MS));
	REQUIRE(atomic_load(&reader.page->result) == EINTR);

	/* With SA_RESTART it goes on to the end. */
	REQUIRE(victim_start(&reader, &shape));
	REQUIRE(wait_for(is_reading, &reader, WAIT_LIMIT_MS));
	REQUIRE(!kill(reader.pid, SIGUSR2));
	REQUIRE(events(reader.pidfd, SETTLE_MS) == 0);
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&reader, true, WAIT_LIMIT_MS));
	REQUIRE(atomic_load(&reader.page->result) == 0);

	/* Who reads can be killed. */
	REQUIRE(victim_start(&victim, &sleeper));
	read_pid = victim.pid;
	REQUIRE(victim_start(&reader, &shape));
	REQUIRE(wait_for(is_reading, &reader, WAIT_LIMIT_MS));
	REQUIRE(victim_kill(&reader));
	REQUIRE(victim_wait(&reader, true, WAIT_LIMIT_MS));
}

static void all_who_wait_are_told(void)
{
	const struct victim_shape shape = { .body = read_to_the_end };
	struct epoll_event event = { .events = EPOLLIN };
	struct victim readers[READERS];
	struct victim victim;
	struct victim other;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int watched;
	int i;

	REQUIRE(victim_start(&victim, &sleeper));
	REQUIRE(victim_start(&other, &sleeper));
	read_pid = victim.pid;
	for (i = 0; i < READERS; i++) {
		REQUIRE(victim_start(&readers[i], &shape));
		REQUIRE(wait_for(is_reading, &readers[i], WAIT_LIMIT_MS));
	}
	watched = open_exithand(victim.pid, O_NONBLOCK);
	REQUIRE(watched >= 0 && !epoll_ctl(epoll, EPOLL_CTL_ADD, watched, &event));
	/* The death of another is none of their business, though it wakes them. */
	i = open_exithand(other.pid, O_NONBLOCK);
	REQUIRE(victim_kill(&other));
	REQUIRE(events(i, WAIT_LIMIT_MS) == POLLIN);
	close(i);
	REQUIRE(epoll_wait(epoll, &event, 1, SETTLE_MS) == 0);
	REQUIRE(events(readers[0].pidfd, 0) == 0);
	REQUIRE(victim_kill(&victim));
	REQUIRE(epoll_wait(epoll, &event, 1, WAIT_LIMIT_MS) == 1 && event.events == EPOLLIN);
	for (i = 0; i < READERS; i++) {
		REQUIRE(victim_wait(&readers[i], true, WAIT_LIMIT_MS));
		REQUIRE(atomic_load(&readers[i].page->result) == 0);
	}
	close(watched);
	close(epoll);
}

/* A victim is opened while it dies: no reader may be left waiting. */
static void opened_while_it_dies(void)
{
	const struct victim_shape shape = { .threads = 3 };
	unsigned int told = 0;
	int round;

	for (round = 0; round < 300; round++) {
		struct victim victim;
		int fd;

		REQUIRE(victim_start(&victim, &shape));
		REQUIRE(victim_kill(&victim));
		fd = open_exithand(victim.pid, O_NONBLOCK);
		REQUIRE(fd >= 0);
		told += events(fd, 0) == 0;
		REQUIRE_MSG(events(fd, WAIT_LIMIT_MS) & POLLIN, "round %d", round);
		/* What pidfds say as well. */
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(events(fd, 0) == (POLLIN | POLLHUP));
		close(fd);
		support_cleanup();
	}
	ktap_note("%u of %d were opened before the end", told, round);
}

/* A traced process stops twice on its way to its end, which comes after both. */
static void a_tracer_sees_what_pidfds_see(void)
{
	struct victim victim;
	int stops = 0;
	int status;
	int fd;

	REQUIRE(victim_start(&victim, &sleeper));
	fd = open_exithand(victim.pid, O_NONBLOCK);
	REQUIRE(fd >= 0);
	REQUIRE(!ptrace(PTRACE_SEIZE, victim.pid, NULL, (void *)PTRACE_O_TRACEEXIT));
	REQUIRE(!kill(victim.pid, SIGTERM));
	for (;;) {
		REQUIRE(waitpid(victim.pid, &status, __WALL) == victim.pid);
		if (!WIFSTOPPED(status))
			break;
		stops++;
		REQUIRE(events(fd, SETTLE_MS) == 0 && events(victim.pidfd, 0) == 0);
		REQUIRE(!ptrace(PTRACE_CONT, victim.pid, NULL, (void *)(long)(status >> 16 ? 0 : WSTOPSIG(status))));
	}
	REQUIRE_MSG(stops == 2 && WIFSIGNALED(status), "%d stops, status %x", stops, status);
	REQUIRE(events(fd, 0) == (POLLIN | POLLHUP));
	close(fd);
}

int main(int argc, char **argv)
{
	static const struct ktap_case cases[] = {
		{ "before the end, read gives EAGAIN and poll nothing", nothing_before_the_end },
		{ "a zombie has ended, and POLLHUP comes with the wait for it", zombie_and_gone },
		{ "a leader that exits is not the end of its process", the_process_and_not_its_leader },
		{ "exec by a thread is not the end either", exec_is_no_end },
		{ "everybody may watch", everybody_may_watch },
		{ "kernel threads and the reader itself go on", kernel_threads_do_not_end },
		{ "a signal ends the read", a_signal_ends_the_read },
		{ "all who wait are told, and of no one else", all_who_wait_are_told },
		{ "opened while it dies, the end is not missed", opened_while_it_dies },
		{ "with a tracer the end is that of the pidfd", a_tracer_sees_what_pidfds_see },
	};

	if (argc == 2)
		executed(strtol(argv[1], NULL, 10));
	if (!path_exists("/proc/self/exithand")) {
		puts("KTAP version 1\n1..0 # SKIP there is no /proc/PID/exithand");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
