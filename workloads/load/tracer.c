// SPDX-License-Identifier: GPL-2.0-only
/*
 * tracer: a debugger that does not answer. It traces every thread of pid=N and
 * asks for a stop at the exit, which it never ends; its own end lets them go.
 */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "words.h"

struct options {
	int64_t pid;
};

static const struct word words[] = {
	NUMBER_WORD(struct options, pid, 1, INT32_MAX),
	{ .name = NULL },
};

static int seize_threads(int64_t pid, struct failure *failure)
{
	struct dirent *entry;
	char path[64];
	DIR *directory;
	int result = 0;

	snprintf(path, sizeof(path), "/proc/%" PRId64 "/task", pid);
	directory = opendir(path);
	if (!directory)
		return fail_errno(failure, "cannot open %s", path);
	while (!result && (entry = readdir(directory))) {
		pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);

		if (thread && ptrace(PTRACE_SEIZE, thread, NULL, (uintptr_t)PTRACE_O_TRACEEXIT))
			result = fail_errno(failure, "cannot trace thread %d", thread);
	}
	closedir(directory);
	return result;
}

int main(int argc, char **argv)
{
	struct options options = { .pid = 0 };
	struct failure failure = { "" };

	if (parse_words((const char *const *)argv + 1, argc - 1, words, &options, &failure) ||
	    seize_threads(options.pid, &failure)) {
		printf("%s\n", failure.message);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
