// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "clocks.h"
#include "files.h"

/* Made for a moment, to ask what can be written to cgroup.kill. */
#define PROBED "/sys/fs/cgroup/reaplab-probe"

/* Emptying waits for exits that nothing holds any more; seconds only where swap is being thrashed. */
#define EMPTY_LIMIT_NS (20 * NS_PER_S)

int cgroup_prepare(const char *path, struct failure *failure)
{
	char file[192];

	if (mkdir(path, 0755) && errno != EEXIST)
		return fail_errno(failure, "cannot make %s", path);
	snprintf(file, sizeof(file), "%s/cgroup.subtree_control", path);
	return write_text(file, "+memory +cpu", failure);
}

int cgroup_create(struct cgroup *cgroup, const char *parent, const char *name, struct failure *failure)
{
	snprintf(cgroup->path, sizeof(cgroup->path), "%s/%s", parent, name);
	/* What an agent that was killed left behind would be counted as ours. */
	if (mkdir(cgroup->path, 0755) && (errno != EEXIST || rmdir(cgroup->path) || mkdir(cgroup->path, 0755))) {
		fail_errno(failure, "cannot make %s", cgroup->path);
		cgroup->path[0] = '\0';
		return -1;
	}
	cgroup->directory_fd = open(cgroup->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cgroup->memory_fd = openat(cgroup->directory_fd, "memory.current", O_RDONLY | O_CLOEXEC);
	cgroup->kill_fd = openat(cgroup->directory_fd, "cgroup.kill", O_WRONLY | O_CLOEXEC);
	if (cgroup->directory_fd < 0 || cgroup->memory_fd < 0)
		return fail_errno(failure, "cannot open %s/memory.current", cgroup->path);
	return 0;
}

int cgroup_set(const struct cgroup *cgroup, const char *file, const char *value, struct failure *failure)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", cgroup->path, file);
	return write_text(path, value, failure);
}

int64_t cgroup_memory(const struct cgroup *cgroup)
{
	return read_number_at(cgroup->memory_fd);
}

int64_t cgroup_value(const struct cgroup *cgroup, const char *file, const char *key)
{
	char path[256];
	char text[2048];

	snprintf(path, sizeof(path), "%s/%s", cgroup->path, file);
	if (read_text(path, text, sizeof(text)) < 0)
		return -1;
	return number_after(text, key);
}

int cgroup_kill_errno(const char *value)
{
	int error = 0;
	int fd;

	if (mkdir(PROBED, 0755) && errno != EEXIST)
		return errno;
	fd = open(PROBED "/cgroup.kill", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		error = errno;
	if (fd >= 0)
		close(fd);
	rmdir(PROBED);
	return error;
}

int cgroup_empty(const struct cgroup *cgroup, struct failure *failure)
{
	int64_t deadline = now_ns() + EMPTY_LIMIT_NS;
	struct failure ignored = { "" };

	/* 5.10 has no cgroup.kill; there the programs were ended one by one, and that has to do. */
	cgroup_set(cgroup, "cgroup.kill", "1", &ignored);
	while (cgroup_value(cgroup, "cgroup.events", "populated") > 0) {
		if (now_ns() > deadline)
			return fail(failure, "%s still has processes after %lld s", cgroup->path,
				    (long long)(EMPTY_LIMIT_NS / NS_PER_S));
		sleep_ns(NS_PER_MS);
	}
	return 0;
}

int cgroup_remove(struct cgroup *cgroup, struct failure *failure)
{
	int64_t deadline = now_ns() + EMPTY_LIMIT_NS;
	int result = 0;

	if (!cgroup->path[0])
		return 0;
	if (cgroup->kill_fd >= 0)
		close(cgroup->kill_fd);
	close(cgroup->memory_fd);
	close(cgroup->directory_fd);
	/* A dead process leaves its cgroup's list a moment after the last one is counted out. */
	while (rmdir(cgroup->path)) {
		if (errno != EBUSY || now_ns() > deadline) {
			result = fail_errno(failure, "cannot remove %s", cgroup->path);
			break;
		}
		sleep_ns(NS_PER_MS);
	}
	cgroup->path[0] = '\0';
	return result;
}
