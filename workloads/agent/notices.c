// SPDX-License-Identifier: GPL-2.0-only
/*
 * One thread polls what can be polled: the pidfd, /proc/PID/exithand, the
 * cgroup's events, the process connector, an eBPF program's ring buffer.
 * Another blocks in waitid(2). So each way's time is that of a killer who waits
 * for nothing else, but for the few microseconds of those that fired in the same
 * wake-up.
 */
#include <fcntl.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "exit_program.h"
#include "files.h"
#include "json.h"
#include "notices.h"
#include "priority.h"
#include "trial.h"

#define WATCHER_STACK_BYTES (256 * 1024)

/* A message of the connector has about a hundred bytes; the kernel may put several into a read. */
#define MESSAGES_BYTES 4096

/*
 * How much later than the pidfd another way may tell: all do within one exit,
 * some just before. A cgroup with somebody else in it tells of nothing.
 */
#define LATE_NS (100 * NS_PER_MS)

struct way {
	const char *measure;
	/* A descriptor to poll, or -1. */
	int (*open)(const struct kill_context *context);
	/* Whether an event was that of the end; NULL: there is no other. */
	int (*has_told)(int fd);
	/* Before it is closed; NULL: nothing. */
	void (*leave)(int fd);
	int64_t told;		/* CLOCK_MONOTONIC, 0 = not yet */
	int fd;
	short events;
};

static pid_t watched;
static unsigned int threads_left;	/* whose exit the connector has not told of */
static int64_t kill_time, limit_time;

static struct {
	sem_t wanted, idle;
	pthread_t thread;
	int started;
	int pidfd;
	_Atomic int64_t told;
} waiter;

/* ---- waitid ------------------------------------------------------------ */

static void *wait_when_wanted(void *unused)
{
	struct failure ignored = { "" };

	(void)unused;
	/* Above the killer on the killer's CPU: it blocks in the call before the killer goes on. */
	take_priority(PRIORITY_OBSERVER, &ignored);
	for (;;) {
		siginfo_t info;

		sem_post(&waiter.idle);
		while (sem_wait(&waiter.wanted))
			;
		/* Not collected: that comes with the end of the trial, which also ends a wait in vain. */
		if (!waitid(P_PIDFD, (id_t)waiter.pidfd, &info, WEXITED | WNOWAIT | __WALL))
			atomic_store(&waiter.told, now_ns());
	}
	return NULL;
}

static int start_waiter(struct failure *failure)
{
	pthread_attr_t attributes;
	int error;

	sem_init(&waiter.wanted, 0, 0);
	sem_init(&waiter.idle, 0, 0);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, WATCHER_STACK_BYTES);
	error = pthread_create(&waiter.thread, &attributes, wait_when_wanted, NULL);
	pthread_attr_destroy(&attributes);
	if (error)
		return fail(failure, "cannot start the thread that waits: %s", strerrordesc_np(error));
	waiter.started = 1;
	return 0;
}

/* ---- what is polled ---------------------------------------------------- */

/* One of our own, to be closed like the others. */
static int open_pidfd(const struct kill_context *context)
{
	return fcntl(context->pidfd, F_DUPFD_CLOEXEC, 0);
}

static int open_exithand(const struct kill_context *context)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exithand", context->pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* Reading it, from the start, also arms the next event. */
static int is_empty(int events_fd)
{
	char text[256];
	ssize_t length = pread(events_fd, text, sizeof(text) - 1, 0);

	if (length < 0)
		return 0;
	text[length] = '\0';
	return number_after(text, "populated") == 0;
}

/* The v2 cgroup is the line "0::/path". */
static int open_cgroup(const struct kill_context *context)
{
	char path[64];
	char text[1024];
	char file[1200];
	char *line;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", context->pid);
	if (read_text(path, text, sizeof(text)) < 0)
		return -1;
	line = strstr(text, "0::");
	if (!line)
		return -1;
	line[strcspn(line, "\n")] = '\0';
	snprintf(file, sizeof(file), "/sys/fs/cgroup%s/cgroup.events", line + strlen("0::"));
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		is_empty(fd);
	return fd;
}

static int tell_connector(int fd, enum proc_cn_mcast_op operation)
{
	struct {
		struct nlmsghdr header;
		struct cn_msg message;
		enum proc_cn_mcast_op operation;
	} __attribute__((packed)) request = {
		.header = { .nlmsg_len = sizeof(request), .nlmsg_type = NLMSG_DONE },
		.message = { .id = { CN_IDX_PROC, CN_VAL_PROC }, .len = sizeof(request.operation) },
		.operation = operation,
	};

	return send(fd, &request, sizeof(request), 0) == (ssize_t)sizeof(request) ? 0 : -1;
}

static int open_connector(const struct kill_context *context)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);

	(void)context;
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || tell_connector(fd, PROC_CN_MCAST_LISTEN)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Else it would go on making messages for a listener that has gone. */
static void leave_connector(int fd)
{
	tell_connector(fd, PROC_CN_MCAST_IGNORE);
}

/* Of a directory of directories: two links beside theirs. */
static unsigned int count_threads(pid_t pid)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	return stat(path, &status) ? 1 : (unsigned int)status.st_nlink - 2;
}

/* The connector tells of each thread; the victim has ended with the last of them. */
static int connector_tells(int fd)
{
	static _Alignas(struct nlmsghdr) char messages[MESSAGES_BYTES];
	ssize_t left;

	while ((left = recv(fd, messages, sizeof(messages), 0)) > 0) {
		unsigned int length = (unsigned int)left;

		for (struct nlmsghdr *header = (struct nlmsghdr *)messages; NLMSG_OK(header, length);
		     header = NLMSG_NEXT(header, length)) {
			const struct cn_msg *message = NLMSG_DATA(header);
			struct proc_event event;

			memcpy(&event, message->data, sizeof(event));
			if (event.what == PROC_EVENT_EXIT && event.event_data.exit.process_tgid == watched &&
			    !--threads_left)
				return 1;
		}
	}
	return 0;
}

static int open_program(const struct kill_context *context)
{
	return exit_program_attach(context->pid, threads_left);
}

static void leave_program(int fd)
{
	(void)fd;
	exit_program_detach();
}

static struct way ways[] = {
	{ .measure = "notice_pidfd", .events = POLLIN, .open = open_pidfd },
	{ .measure = "notice_exithand", .events = POLLIN, .open = open_exithand },
	{ .measure = "notice_cgroup", .events = POLLPRI, .open = open_cgroup, .has_told = is_empty },
	{
		.measure = "notice_connector", .events = POLLIN, .open = open_connector,
		.has_told = connector_tells, .leave = leave_connector,
	},
	{ .measure = "notice_bpf", .events = POLLIN, .open = open_program, .leave = leave_program },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))
#define BY_PIDFD (&ways[0])

/* ---- for the methods --------------------------------------------------- */

int notices_prepare(struct failure *failure)
{
	cpu_set_t cpus;

	if (!waiter.started && start_waiter(failure))
		return -1;
	/* The killer's, which may be another one than in the trial before. */
	if (sched_getaffinity(0, sizeof(cpus), &cpus) ||
	    pthread_setaffinity_np(waiter.thread, sizeof(cpus), &cpus))
		return fail(failure, "cannot take the thread that waits to the killer's CPU");
	return 0;
}

void notices_begin(const struct kill_context *context)
{
	watched = context->pid;
	threads_left = count_threads(context->pid);
	for (size_t i = 0; i < WAYS; i++) {
		ways[i].told = 0;
		ways[i].fd = ways[i].open(context);
	}
	/* It may still be at the victim of the trial before, which has been collected meanwhile. */
	while (sem_wait(&waiter.idle))
		;
	waiter.pidfd = context->pidfd;
	atomic_store(&waiter.told, 0);
	sem_post(&waiter.wanted);
}

/* Sleeps until some have told, and notes it; 0 when there is nobody left to wait for. */
static int wait_for_some(int64_t deadline)
{
	int64_t left = deadline - now_ns();
	struct timespec limit = timespec_of(left > 0 ? left : 0);
	struct pollfd polled[WAYS];
	int waiting = 0;
	int64_t now;

	for (size_t i = 0; i < WAYS; i++) {
		polled[i] = (struct pollfd){ .fd = ways[i].told ? -1 : ways[i].fd, .events = ways[i].events };
		waiting += polled[i].fd >= 0;
	}
	if (!waiting || ppoll(polled, WAYS, &limit, NULL) <= 0)
		return 0;
	now = now_ns();
	for (size_t i = 0; i < WAYS; i++)
		if (polled[i].revents && (!ways[i].has_told || ways[i].has_told(ways[i].fd)))
			ways[i].told = now;
	return 1;
}

void notices_wait(const struct kill_context *context, const struct kill_result *result)
{
	int64_t deadline = result->kill_start + context->limit_ns;

	kill_time = result->kill_start;
	limit_time = deadline;
	while (wait_for_some(deadline))
		if (BY_PIDFD->told && BY_PIDFD->told + LATE_NS < deadline)
			deadline = BY_PIDFD->told + LATE_NS;
	for (size_t i = 0; i < WAYS; i++) {
		if (ways[i].fd < 0)
			continue;
		if (ways[i].leave)
			ways[i].leave(ways[i].fd);
		close(ways[i].fd);
	}
}

void notices_finish(struct trial *trial)
{
	int64_t told = atomic_load(&waiter.told);

	/* Beyond the limit it may be the trial's cleanup that ended the victim. */
	if (told > limit_time)
		told = 0;
	for (size_t i = 0; i < WAYS; i++)
		trial_measure(trial, ways[i].measure, ways[i].told ? ways[i].told - kill_time : JSON_NONE, "ns");
	trial_measure(trial, "notice_waitid", told ? told - kill_time : JSON_NONE, "ns");
}
