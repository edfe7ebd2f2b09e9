// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "files.h"
#include "waiter.h"

/* One system call after "ready"; seconds only on a host that gives the guest no time. */
#define WAITING_LIMIT_NS (10 * NS_PER_S)

int waiter_prepare(struct waiter *waiter, struct failure *failure)
{
	return meeting_open(&waiter->meeting, failure);
}

static int waits(const struct waiter *waiter)
{
	char path[64];
	char text[128];

	snprintf(path, sizeof(path), "/proc/%d/wchan", waiter->program.pid);
	return read_text(path, text, sizeof(text)) >= 0 && strstr(text, "futex");
}

int waiter_start(struct waiter *waiter, const char **unmet, struct failure *failure)
{
	const char *const words[] = { NULL };
	const struct program_start start = {
		.path = "load/waiter",
		.words = words,
		.cgroup_fd = -1,
		.meeting = &waiter->meeting,
		.oom_score_adj = "-1000",
	};
	int64_t deadline;

	if (program_begin(&waiter->program, &start, failure) || program_wait_ready(&waiter->program, failure))
		return -1;
	deadline = now_ns() + WAITING_LIMIT_NS;
	while (!waits(waiter)) {
		if (now_ns() > deadline) {
			*unmet = "nobody waited for the victim's lock";
			break;
		}
		sleep_ns(NS_PER_MS);
	}
	return 0;
}

const _Atomic int64_t *waiter_told(const struct waiter *waiter)
{
	return waiter->meeting.page ? &waiter->meeting.page->done : NULL;
}

int waiter_end(struct waiter *waiter, struct failure *failure)
{
	int result = program_end(&waiter->program, failure);

	meeting_close(&waiter->meeting);
	return result;
}
