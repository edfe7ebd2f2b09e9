// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "files.h"
#include "limiter.h"
#include "trial.h"

/* Less than any victim holds. */
#define LIMIT "1M"

/* Reclaim is tried 16 times before the OOM killer acts; in an emulated guest that took some tens of ms. */
#define KILL_LIMIT_NS (5 * NS_PER_S)

/* All of it is locked; the thread makes one call. */
#define STACK_BYTES (64 * 1024)

/* Of its own, so that a boot that never uses these methods traces no signal. */
#define INSTANCE "/sys/kernel/tracing/instances/reaplab-limiter"

static int trace_fd = -1;	/* trace_pipe: every SIGKILL, by what it was sent */

struct limiter {
	/* memory.max twice: a write through one waits for the other write through the same. */
	int limit_fd, lift_fd;
	int events_fd;	/* memory.events */
	int64_t kills;	/* before ours */
};

/* ---- when the kernel killed ------------------------------------------- */

static int trace_open(struct failure *failure)
{
	if (mkdir(INSTANCE, 0700) && errno != EEXIST)
		return fail_errno(failure, "cannot make " INSTANCE);
	/* One line per victim and neighbour, not read before the window is over. */
	if (write_text(INSTANCE "/buffer_size_kb", "64", failure) ||
	    write_text(INSTANCE "/trace_clock", "mono", failure) ||
	    write_text(INSTANCE "/events/signal/signal_generate/filter", "sig == 9", failure) ||
	    write_text(INSTANCE "/events/signal/signal_generate/enable", "1", failure))
		return -1;
	trace_fd = open(INSTANCE "/trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (trace_fd < 0)
		return fail_errno(failure, "cannot open " INSTANCE "/trace_pipe");
	return 0;
}

int limiter_prepare(struct failure *failure)
{
	char text[4096];

	if (trace_fd < 0 && trace_open(failure))
		return -1;
	/* The ends of earlier victims. */
	while (read(trace_fd, text, sizeof(text)) > 0)
		;
	return 0;
}

static int is_victim(const struct trial *trial, long pid)
{
	const pid_t *thread = trial->victim.threads;

	while (*thread && *thread != pid)
		thread++;
	return *thread != 0;
}

/* A line is "... SECONDS.MICROSECONDS: signal_generate: sig=9 ... comm=NAME pid=NUMBER ..."; 0 = of someone else. */
static int64_t parse_line(const struct trial *trial, const char *line)
{
	const char *event = strstr(line, ": signal_generate:");
	const char *pid = event ? strstr(event, " pid=") : NULL;
	const char *start = event;
	char *end;
	int64_t time;

	if (!pid || !is_victim(trial, strtol(pid + strlen(" pid="), NULL, 10)))
		return 0;
	while (start > line && start[-1] != ' ')
		start--;
	time = strtoll(start, &end, 10) * NS_PER_S;
	return *end == '.' ? time + strtoll(end + 1, NULL, 10) * NS_PER_US : time;
}

int64_t limiter_killed_at(struct trial *trial)
{
	static char text[1 << 16];
	int64_t found = 0;
	size_t length = 0;
	char *rest = text;
	char *line;
	ssize_t got;

	while (length < sizeof(text) - 1) {
		got = read(trace_fd, text + length, sizeof(text) - 1 - length);
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	text[length] = '\0';
	/* In the order of time: the first is the one. */
	while (!found && (line = strsep(&rest, "\n")))
		found = parse_line(trial, line);
	if (found)
		trial_measure(trial, "limit_to_kill", found - trial->result.kill_start, "ns");
	return found;
}

/* ---- the kill --------------------------------------------------------- */

static int64_t count_kills(int fd)
{
	char text[512];
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);

	if (length <= 0)
		return -1;
	text[length] = '\0';
	return number_after(text, "oom_kill");
}

/* Comes back once memory is below the limit or the limit has been lifted, and spins until then. */
static void *set_limit(void *argument)
{
	const struct limiter *limiter = argument;

	return pwrite(limiter->limit_fd, LIMIT, strlen(LIMIT), 0) < 0 ? argument : NULL;
}

/* Beside the killer's thread, which is not to spin, and below every measuring thread. */
static int start_thread(pthread_t *thread, struct limiter *limiter)
{
	const struct sched_param normal = { .sched_priority = 0 };
	pthread_attr_t attributes;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attributes, SCHED_OTHER);
	pthread_attr_setschedparam(&attributes, &normal);
	error = pthread_create(thread, &attributes, set_limit, limiter);
	pthread_attr_destroy(&attributes);
	return error;
}

static int wait_for_kill(const struct limiter *limiter)
{
	int64_t deadline = now_ns() + KILL_LIMIT_NS;

	while (count_kills(limiter->events_fd) <= limiter->kills) {
		if (now_ns() > deadline)
			return ETIMEDOUT;
		sleep_ns(NS_PER_MS);
	}
	return 0;
}

static int kill_by_limit(struct kill_result *result, struct limiter *limiter)
{
	pthread_t thread;
	void *failed;
	int error = start_thread(&thread, limiter);

	if (error)
		return error;
	error = wait_for_kill(limiter);
	result->kill_end = now_ns();
	if (pwrite(limiter->lift_fd, "max", strlen("max"), 0) < 0 && !error)
		error = errno;
	pthread_join(thread, &failed);
	return failed ? EIO : error;
}

static int open_file(const struct kill_context *context, const char *name, int flags)
{
	return openat(context->cgroup_fd, name, flags | O_CLOEXEC);
}

static void close_file(int fd)
{
	if (fd >= 0)
		close(fd);
}

static int set_group(const struct kill_context *context)
{
	int fd = open_file(context, "memory.oom.group", O_WRONLY);
	int error = fd < 0 || write(fd, "1", 1) < 0 ? errno : 0;

	close_file(fd);
	return error;
}

void limiter_kill(const struct kill_context *context, struct kill_result *result)
{
	struct limiter limiter = {
		.limit_fd = open_file(context, "memory.max", O_WRONLY),
		.lift_fd = open_file(context, "memory.max", O_WRONLY),
		.events_fd = open_file(context, "memory.events", O_RDONLY),
	};
	int error = set_group(context);

	limiter.kills = count_kills(limiter.events_fd);
	if (!error && (limiter.limit_fd < 0 || limiter.lift_fd < 0 || limiter.kills < 0))
		error = ENOENT;
	result->kill_start = now_ns();
	result->kill_end = result->kill_start;
	start_clock(context, result->kill_start);
	result->kill_errno = error ? error : kill_by_limit(result, &limiter);
	close_file(limiter.limit_fd);
	close_file(limiter.lift_fd);
	close_file(limiter.events_fd);
}
