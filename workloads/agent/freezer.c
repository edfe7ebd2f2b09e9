// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clocks.h"
#include "files.h"
#include "freezer.h"

#define FREEZER "/sys/fs/cgroup-v1/freezer/reaplab-victim"

/* Removal waits only for the dead process to leave the cgroup's list. */
#define REMOVE_LIMIT_NS (5 * NS_PER_S)

int freezer_v1_freeze(pid_t pid, struct failure *failure)
{
	char text[16];

	if (mkdir(FREEZER, 0755) && errno != EEXIST)
		return fail_errno(failure, "cannot make " FREEZER);
	snprintf(text, sizeof(text), "%d", pid);
	if (write_text(FREEZER "/cgroup.procs", text, failure))
		return -1;
	return write_text(FREEZER "/freezer.state", "FROZEN", failure);
}

int freezer_v1_is_frozen(void)
{
	char text[32];

	return read_text(FREEZER "/freezer.state", text, sizeof(text)) > 0 && !strcmp(text, "FROZEN\n");
}

int freezer_v1_thaw(struct failure *failure)
{
	return write_text(FREEZER "/freezer.state", "THAWED", failure);
}

int freezer_v1_remove(struct failure *failure)
{
	int64_t deadline = now_ns() + REMOVE_LIMIT_NS;

	while (rmdir(FREEZER)) {
		if (errno != EBUSY || now_ns() > deadline)
			return fail_errno(failure, "cannot remove " FREEZER);
		sleep_ns(NS_PER_MS);
	}
	return 0;
}
