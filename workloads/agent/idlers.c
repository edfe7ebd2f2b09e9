// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "files.h"
#include "idlers.h"
#include "program.h"

#define PID_LIMIT "/proc/sys/kernel/pid_max"
#define THREAD_LIMIT "/proc/sys/kernel/threads-max"

/* Room beside them for everything else; half of what the kernel's own default leaves. */
#define OTHERS 16384

static struct program idlers;
static char pid_limit_before[32];
static char thread_limit_before[32];

static int raise_limit(const char *path, char *before, size_t size, int64_t count, struct failure *failure)
{
	char text[32];

	if (read_text(path, before, size) < 0)
		return fail_errno(failure, "cannot read %s", path);
	if (strtoll(before, NULL, 10) >= count + OTHERS)
		return 0;
	snprintf(text, sizeof(text), "%" PRId64, count + OTHERS);
	return write_text(path, text, failure);
}

static int restore_limit(const char *path, char *before, struct failure *failure)
{
	int result = before[0] ? write_text(path, before, failure) : 0;

	before[0] = '\0';
	return result;
}

int idlers_begin(int64_t count, struct failure *failure)
{
	char word[48];
	const char *const words[] = { word, NULL };
	const struct program_start start = {
		.path = "load/idlers", .words = words, .cgroup_fd = -1, .oom_score_adj = "-1000",
	};

	if (raise_limit(PID_LIMIT, pid_limit_before, sizeof(pid_limit_before), count, failure) ||
	    raise_limit(THREAD_LIMIT, thread_limit_before, sizeof(thread_limit_before), count, failure))
		return -1;
	snprintf(word, sizeof(word), "count=%" PRId64, count);
	if (program_begin(&idlers, &start, failure))
		return -1;
	return program_wait_ready(&idlers, failure);
}

int idlers_end(struct failure *failure)
{
	int result = 0;

	/* Only it knows them; it says "ready" when the last has gone. */
	if (idlers.pid && !program_has_exited(&idlers))
		result = program_command(&idlers, 'e', failure) || program_wait_ready(&idlers, failure) ? -1 : 0;
	result |= program_end(&idlers, failure);
	result |= restore_limit(PID_LIMIT, pid_limit_before, failure);
	result |= restore_limit(THREAD_LIMIT, thread_limit_before, failure);
	return result;
}
