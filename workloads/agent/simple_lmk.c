// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "simple_lmk.h"

/* The greatest oom_score_adj: chosen before everybody else. */
#define FIRST_CHOICE "1000"

/* More than any machine has, so that a whole set is killed. */
#define MINFREE_ALL_MB "1000000"

#define SYSCTL(name) "/proc/sys/vm/simple_lmk" name

static int write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return errno;
	error = write(fd, text, strlen(text)) < 0 ? errno : 0;
	close(fd);
	return error;
}

/* Whoever shares a victim's memory gets its score with it. */
static int make_first_choice(const struct kill_context *context)
{
	for (unsigned int i = 0; i < context->all_count; i++) {
		char path[64];
		int error;

		snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", context->all_pids[i]);
		error = write_to(path, FIRST_CHOICE);
		if (error)
			return error;
	}
	return context->all_count > 1 ? write_to(SYSCTL("_minfree_mb"), MINFREE_ALL_MB) : 0;
}

void simple_lmk_run(const struct kill_context *context, struct kill_result *result)
{
	int fd = open(SYSCTL("_kill"), O_WRONLY | O_CLOEXEC);
	int error = fd < 0 ? errno : make_first_choice(context);

	/* Also if it can't be: the window that has been opened must end. */
	result->kill_start = now_ns();
	start_clock(context, result->kill_start);
	if (!error && write(fd, "1", 1) < 0)
		error = errno;
	result->kill_end = now_ns();
	result->kill_errno = error;
	if (fd >= 0)
		close(fd);
}
