// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "sysctls.h"

/* No method has more; a longer list is refused. */
#define SYSCTLS_MAX 4

#define SYSCTLS_ROOT "/proc/sys/"

static struct saved_sysctl {
	char path[128];
	char value[64];
} saved[SYSCTLS_MAX];
static int saved_count;

static void full_path(const struct sysctl_setting *setting, char *path, size_t size)
{
	snprintf(path, size, SYSCTLS_ROOT "%s", setting->path);
}

int sysctls_missing(const struct sysctl_setting *settings)
{
	char path[sizeof(saved[0].path)];

	for (; settings->path; settings++) {
		full_path(settings, path, sizeof(path));
		if (access(path, W_OK))
			return errno;
	}
	return 0;
}

int sysctls_set(const struct sysctl_setting *settings, struct failure *failure)
{
	for (; settings && settings->path; settings++) {
		struct saved_sysctl *entry = &saved[saved_count];

		if (saved_count == SYSCTLS_MAX)
			return fail(failure, "a method may set %d sysctls", SYSCTLS_MAX);
		full_path(settings, entry->path, sizeof(entry->path));
		if (read_text(entry->path, entry->value, sizeof(entry->value)) <= 0)
			return fail_errno(failure, "cannot read %s", entry->path);
		saved_count++;
		if (write_text(entry->path, settings->value, failure))
			return -1;
	}
	return 0;
}

int sysctls_restore(struct failure *failure)
{
	int result = 0;

	while (saved_count > 0) {
		saved_count--;
		if (write_text(saved[saved_count].path, saved[saved_count].value, failure))
			result = -1;
	}
	return result;
}
