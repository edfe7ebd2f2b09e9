// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>

#include "refill.h"

int refill_create(struct refill *refill, const struct trial_request *request, struct failure *failure)
{
	char bytes[48];
	char cpu[32];
	const char *const words[] = { bytes, cpu, NULL };
	struct program_start start = {
		.path = "load/refiller",
		.words = words,
		.meeting = &refill->meeting,
		/* The memory it waits for is the victim's; an OOM kill of itself would answer nothing. */
		.oom_score_adj = "-1000",
	};

	*refill = (struct refill){ .cgroup = { .path = "" } };
	if (!request->usable_bytes)
		return 0;
	snprintf(bytes, sizeof(bytes), "bytes=%" PRId64, request->usable_bytes);
	snprintf(cpu, sizeof(cpu), "cpu=%" PRId64, request->load_cpu);
	if (meeting_open(&refill->meeting, failure) ||
	    cgroup_create(&refill->cgroup, CGROUP_TRIALS, "refiller", failure))
		return -1;
	start.cgroup_fd = refill->cgroup.directory_fd;
	if (program_begin(&refill->program, &start, failure))
		return -1;
	return program_wait_ready(&refill->program, failure);
}

int refill_end(struct refill *refill, struct failure *failure)
{
	int result = program_end(&refill->program, failure);

	result |= cgroup_remove(&refill->cgroup, failure);
	meeting_close(&refill->meeting);
	return result;
}
