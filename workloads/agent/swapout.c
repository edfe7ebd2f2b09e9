// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clocks.h"
#include "files.h"
#include "swapout.h"

/* Compressing takes tens of microseconds a page: a quarter of a GiB in seconds, several under emulation. */
#define SWAP_OUT_LIMIT_NS (60 * NS_PER_S)

static int64_t swapped(const struct cgroup *cgroup)
{
	char path[256];
	char text[32];

	snprintf(path, sizeof(path), "%s/memory.swap.current", cgroup->path);
	return read_text(path, text, sizeof(text)) < 0 ? -1 : strtoll(text, NULL, 10);
}

int swap_out(const struct cgroup *cgroup, int64_t bytes, const char **unmet, struct failure *failure)
{
	int64_t deadline = now_ns() + SWAP_OUT_LIMIT_NS;
	int64_t done = swapped(cgroup);

	if (done < 0)
		return fail_errno(failure, "cannot read %s/memory.swap.current", cgroup->path);
	if (faccessat(cgroup->directory_fd, "memory.reclaim", W_OK, 0))
		return fail_errno(failure, "cannot write %s/memory.reclaim", cgroup->path);
	while (done < bytes) {
		/* EAGAIN for less than what was asked: pages on their way. What has gone is what counts. */
		struct failure less = { "" };
		char text[32];

		if (now_ns() > deadline) {
			*unmet = "the victim's memory did not go to swap";
			return 0;
		}
		snprintf(text, sizeof(text), "%" PRId64, bytes - done);
		if (cgroup_set(cgroup, "memory.reclaim", text, &less))
			sleep_ns(NS_PER_MS);
		done = swapped(cgroup);
	}
	return 0;
}
