// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <unistd.h>

#include "files.h"
#include "memory_clock.h"

/* memory.stat of 6.12 has about 1.5 KiB. */
#define STATISTICS_BYTES 8192

/* The kernel lets up to 64 pages of each CPU's changes wait before memory.stat shows them; this is for 8 CPUs. */
#define STATISTICS_SLACK_BYTES (INT64_C(2) << 20)

static int open_file(const struct cgroup *cgroup, const char *name, int *fd, struct failure *failure)
{
	*fd = openat(cgroup->directory_fd, name, O_RDONLY | O_CLOEXEC);
	return *fd < 0 ? fail_errno(failure, "cannot open %s/%s", cgroup->path, name) : 0;
}

int memory_clock_open(struct memory_clock *clock, enum memory_clock_kind kind, const struct cgroup *cgroup,
		      struct failure *failure)
{
	*clock = (struct memory_clock){ .kind = kind, .fd = -1, .swap_fd = -1 };
	if (open_file(cgroup, kind == CLOCK_MAPPED ? "memory.stat" : "memory.current", &clock->fd, failure))
		return -1;
	if (kind == CLOCK_MEMORY_AND_SWAP)
		return open_file(cgroup, "memory.swap.current", &clock->swap_fd, failure);
	return 0;
}

void memory_clock_close(struct memory_clock *clock)
{
	if (clock->fd >= 0)
		close(clock->fd);
	if (clock->swap_fd >= 0)
		close(clock->swap_fd);
	clock->fd = clock->swap_fd = -1;
}

static int64_t mapped_bytes(int fd)
{
	char text[STATISTICS_BYTES];
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);

	if (length <= 0)
		return -1;
	text[length] = '\0';
	return number_after(text, "file_mapped");
}

int64_t memory_clock_read(const struct memory_clock *clock)
{
	int64_t bytes;
	int64_t swapped;

	switch ((enum memory_clock_kind)clock->kind) {
	case CLOCK_MEMORY:
		return read_number_at(clock->fd);
	case CLOCK_MEMORY_AND_SWAP:
		bytes = read_number_at(clock->fd);
		swapped = read_number_at(clock->swap_fd);
		return bytes < 0 || swapped < 0 ? -1 : bytes + swapped;
	case CLOCK_MAPPED:
		return mapped_bytes(clock->fd);
	}
	return -1;
}

int64_t memory_clock_slack(const struct memory_clock *clock)
{
	return clock->kind == CLOCK_MAPPED ? STATISTICS_SLACK_BYTES : 0;
}
