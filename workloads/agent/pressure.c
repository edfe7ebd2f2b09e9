// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "counters.h"
#include "pressure.h"
#include "program.h"
#include "victim.h"

#define THRASHERS_MAX 65
#define THRASHED_FILE DISK "/thrashed"

/* Steady: direct reclaim has been entered in each of this many stretches of time in a row. */
#define STEADY_STRETCHES 10
#define STRETCH_NS (100 * NS_PER_MS)

/* Working sets above memory reach that in a second or two; the rest is for emulation and a slow disk. */
#define STEADY_LIMIT_NS (30 * NS_PER_S)

/*
 * Set going again, the thrashers first use up what was freed meanwhile. Direct
 * reclaim entered this often since is each of them several times over.
 */
#define BACK_ENTRIES 24

static struct program thrashers[THRASHERS_MAX];
static int thrasher_count;

static int start_thrasher(const char *const *words, struct failure *failure)
{
	const struct program_start start = {
		.path = "load/thrasher", .words = words, .cgroup_fd = -1, .oom_score_adj = "0",
	};

	if (program_begin(&thrashers[thrasher_count], &start, failure))
		return -1;
	thrasher_count++;
	return 0;
}

static int wait_steady(struct failure *failure)
{
	int64_t deadline = now_ns() + STEADY_LIMIT_NS;
	struct counters before;
	struct counters after;
	int stretches = 0;

	counters_read(&before);
	while (stretches < STEADY_STRETCHES) {
		if (now_ns() > deadline)
			return fail(failure, "the thrashers did not keep the guest in direct reclaim within %lld s",
				    (long long)(STEADY_LIMIT_NS / NS_PER_S));
		sleep_ns(STRETCH_NS);
		counters_read(&after);
		stretches = after.allocstall > before.allocstall ? stretches + 1 : 0;
		before = after;
	}
	return 0;
}

int pressure_begin(const struct background_request *request, struct failure *failure)
{
	char bytes[48];
	const char *const memory_words[] = { bytes, NULL };
	const char *const file_words[] = { bytes, "file=" THRASHED_FILE, NULL };

	snprintf(bytes, sizeof(bytes), "bytes=%" PRId64, request->file_bytes);
	if (request->file_bytes &&
	    (start_thrasher(file_words, failure) || program_wait_ready(&thrashers[thrasher_count - 1], failure)))
		return -1;
	snprintf(bytes, sizeof(bytes), "bytes=%" PRId64, request->thrasher_bytes);
	for (int64_t i = 0; i < request->thrashers; i++) {
		if (start_thrasher(memory_words, failure))
			return -1;
	}
	for (int i = 0; i < thrasher_count; i++) {
		if (i >= (request->file_bytes ? 1 : 0) && program_wait_ready(&thrashers[i], failure))
			return -1;
	}
	return request->thrashers ? wait_steady(failure) : 0;
}

static void signal_thrashers(int signal)
{
	for (int i = 0; i < thrasher_count; i++)
		pidfd_send_signal(thrashers[i].pidfd, signal, NULL, 0);
}

void pressure_pause(void)
{
	signal_thrashers(SIGSTOP);
}

void pressure_resume(void)
{
	signal_thrashers(SIGCONT);
}

int pressure_is_back(void)
{
	int64_t deadline = now_ns() + STEADY_LIMIT_NS;
	struct counters before;
	struct counters now;

	counters_read(&before);
	do {
		if (now_ns() > deadline)
			return 0;
		sleep_ns(NS_PER_MS);
		counters_read(&now);
	} while (now.allocstall - before.allocstall < BACK_ENTRIES);
	return 1;
}

int pressure_holds(void)
{
	for (int i = 0; i < thrasher_count; i++) {
		if (program_has_exited(&thrashers[i]))
			return 0;
	}
	return 1;
}

int pressure_end(struct failure *failure)
{
	int result = 0;

	for (int i = 0; i < thrasher_count; i++)
		result |= program_end(&thrashers[i], failure);
	if (thrasher_count)
		unlink(THRASHED_FILE);
	thrasher_count = 0;
	return result;
}
