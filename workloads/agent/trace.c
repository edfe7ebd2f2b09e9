// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whoever drops the last reference to the victim's memory runs exit_mmap, in
 * its own time and priority. The tracepoint tells who that was; those of the
 * OOM killer tell when a victim was handed over and reaped. The buffer is read
 * (consumed) outside the window only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clocks.h"
#include "files.h"
#include "trace.h"

#define INSTANCE "/sys/kernel/tracing/instances/reaplab"

static const char *const events[] = {
	"mmap/exit_mmap", "oom/mark_victim", "oom/wake_reaper", "oom/start_task_reaping", "oom/finish_task_reaping",
	"oom/skip_task_reaping", NULL,
};

static int pipe_fd = -1;

/* The lines of one window, each ended by 0. */
static char text[1 << 16];
static size_t length;

#define for_each_line(line) for ((line) = text; (line) < text + length; (line) += strlen(line) + 1)

static int enable(const char *event, struct failure *failure)
{
	char path[128];

	snprintf(path, sizeof(path), INSTANCE "/events/%s/enable", event);
	return write_text(path, "1", failure);
}

int trace_start(struct failure *failure)
{
	if (mkdir(INSTANCE, 0700) && errno != EEXIST)
		return fail_errno(failure, "cannot make " INSTANCE);
	/* Events are rare, one per process that ends: the smallest buffer does. */
	if (write_text(INSTANCE "/buffer_size_kb", "16", failure) ||
	    write_text(INSTANCE "/trace_clock", "mono", failure))
		return -1;
	for (const char *const *event = events; *event; event++) {
		if (enable(*event, failure))
			return -1;
	}
	pipe_fd = open(INSTANCE "/trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (pipe_fd < 0)
		return fail_errno(failure, "cannot open " INSTANCE "/trace_pipe");
	trace_drain();
	return 0;
}

void trace_drain(void)
{
	while (pipe_fd >= 0 && read(pipe_fd, text, sizeof(text)) > 0)
		;
	length = 0;
}

void trace_collect(void)
{
	ssize_t got;

	length = 0;
	while (pipe_fd >= 0 && length < sizeof(text) - 1) {
		got = read(pipe_fd, text + length, sizeof(text) - 1 - length);
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	text[length] = '\0';
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '\n')
			text[i] = '\0';
	}
}

static const char *name_of(const struct suspects *suspects, pid_t pid)
{
	for (const pid_t *thread = suspects->victim; *thread; thread++) {
		if (*thread == pid)
			return "victim";
	}
	if (pid == suspects->killer)
		return "killer";
	for (const pid_t *kthread = suspects->kthreads; *kthread; kthread++) {
		if (*kthread == pid)
			return "kthread";
	}
	return "other";
}

/* A line is "  comm-PID  [cpu] flags SECONDS.MICROSECONDS: EVENT: ..."; @event points behind the time. */
static int64_t time_before(const char *line, const char *event)
{
	const char *start = event;
	char *end;
	int64_t time;

	while (start > line && start[-1] != ' ')
		start--;
	time = strtoll(start, &end, 10) * NS_PER_S;
	if (*end == '.')
		time += strtoll(end + 1, NULL, 10) * NS_PER_US;
	return time;
}

/* Who ran when the event came; comm may hold anything. */
static pid_t actor_before(const char *line, const char *event)
{
	const char *cpu = strstr(line, " [");
	const char *next;

	if (!cpu || cpu > event)
		return 0;
	for (next = strstr(cpu + 1, " ["); next && next < event; next = strstr(cpu + 1, " ["))
		cpu = next;
	while (cpu > line && cpu[-1] == ' ')
		cpu--;
	while (cpu > line && cpu[-1] != '-')
		cpu--;
	return (pid_t)strtol(cpu, NULL, 10);
}

int64_t trace_time(const char *event, pid_t pid)
{
	char wanted[64];
	const char *line;

	snprintf(wanted, sizeof(wanted), ": %s: pid=%d", event, pid);
	for_each_line(line) {
		const char *found = strstr(line, wanted);
		char after = found ? found[strlen(wanted)] : '0';

		/* pid=12 is not pid=123. */
		if (found && (after < '0' || after > '9'))
			return time_before(line, found);
	}
	return 0;
}

const char *trace_teardown_by(const struct suspects *suspects, int64_t from, int64_t to)
{
	const char *found = "none";
	const char *line;

	if (pipe_fd < 0)
		return NULL;
	/* Printed times are cut to microseconds. */
	from -= from % NS_PER_US;
	for_each_line(line) {
		const char *event = strstr(line, ": exit_mmap:");
		pid_t pid = event ? actor_before(line, event) : 0;
		int64_t time = event ? time_before(line, event) : 0;
		const char *name;

		if (!pid || time < from || time > to)
			continue;
		name = name_of(suspects, pid);
		/* Another process's own end is no news while one of ours has been seen. */
		if (strcmp(name, "other") != 0 || !strcmp(found, "none"))
			found = name;
	}
	return found;
}
