// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whoever drops the last reference to the victim's memory runs exit_mmap, in
 * its own time and priority. The tracepoint tells who that was. Its buffer is
 * read (consumed) outside the window only.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clocks.h"
#include "files.h"
#include "trace.h"

#define INSTANCE "/sys/kernel/tracing/instances/reaplab"

static int pipe_fd = -1;

int trace_start(struct failure *failure)
{
	if (mkdir(INSTANCE, 0700) && errno != EEXIST)
		return fail_errno(failure, "cannot make " INSTANCE);
	/* Events are rare, one per process that ends: the smallest buffer does. */
	if (write_text(INSTANCE "/buffer_size_kb", "16", failure) ||
	    write_text(INSTANCE "/trace_clock", "mono", failure) ||
	    write_text(INSTANCE "/events/mmap/exit_mmap/enable", "1", failure))
		return -1;
	pipe_fd = open(INSTANCE "/trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (pipe_fd < 0)
		return fail_errno(failure, "cannot open " INSTANCE "/trace_pipe");
	trace_drain();
	return 0;
}

void trace_drain(void)
{
	char text[4096];

	while (pipe_fd >= 0 && read(pipe_fd, text, sizeof(text)) > 0)
		;
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

/* A line is "  comm-PID  [cpu] flags SECONDS.MICROSECONDS: exit_mmap: ..."; comm may hold anything. */
static int parse_line(const char *line, pid_t *pid, int64_t *time)
{
	const char *event = strstr(line, ": exit_mmap:");
	const char *cpu = strstr(line, " [");
	const char *next;
	const char *start = event;
	char *end;

	if (!event || !cpu || cpu > event)
		return -1;
	for (next = strstr(cpu + 1, " ["); next && next < event; next = strstr(cpu + 1, " ["))
		cpu = next;
	while (cpu > line && cpu[-1] == ' ')
		cpu--;
	while (cpu > line && cpu[-1] != '-')
		cpu--;
	*pid = (pid_t)strtol(cpu, NULL, 10);
	while (start > line && start[-1] != ' ')
		start--;
	*time = strtoll(start, &end, 10) * NS_PER_S;
	if (*end == '.')
		*time += strtoll(end + 1, NULL, 10) * NS_PER_US;
	return 0;
}

const char *trace_teardown_by(const struct suspects *suspects, int64_t from, int64_t to)
{
	static char text[1 << 16];
	const char *found = "none";
	size_t length = 0;
	char *rest = text;
	char *line;
	ssize_t got;

	if (pipe_fd < 0)
		return NULL;
	while (length < sizeof(text) - 1) {
		got = read(pipe_fd, text + length, sizeof(text) - 1 - length);
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	text[length] = '\0';
	/* Printed times are cut to microseconds. */
	from -= from % NS_PER_US;
	while ((line = strsep(&rest, "\n"))) {
		int64_t time;
		const char *name;
		pid_t pid;

		if (parse_line(line, &pid, &time) || time < from || time > to)
			continue;
		name = name_of(suspects, pid);
		/* Another process's own end is no news while one of ours has been seen. */
		if (strcmp(name, "other") != 0 || !strcmp(found, "none"))
			found = name;
	}
	return found;
}
