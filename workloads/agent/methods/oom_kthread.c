// SPDX-License-Identifier: GPL-2.0-only
/*
 * oom_kthread: a kernel thread finds memory short, chooses, kills and reaps.
 *
 * The agent only moves the threshold above what is available, which is to the
 * thread as if memory had fallen below it: it has been looking before, and is
 * not woken. So what it takes to notice, up to 20 ms, and to choose is part of
 * the trial. t0 is just before the threshold is moved; kill_call ends when the
 * kill has been counted.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "methods.h"
#include "pages.h"

#define THRESHOLD "/proc/sys/vm/oom_kthread_available_kbytes"

/* Rounded down to no page at all: the thread looks, and never finds memory short. */
#define NEVER "1"

/*
 * More than memory moves between our look and the thread's, less than a victim
 * gives, so that nobody has to follow it. (After smaller ones the threshold is
 * back before the thread's pause of 100 ms is over.)
 */
#define MISSING_KIB (8 * 1024)

/* The thread's pause and its interval, many times over: a host may stop the guest for a second. */
#define KILL_LIMIT_NS (5 * NS_PER_S)

static const struct sysctl_setting sysctls[] = { { "vm/oom_kthread_available_kbytes", NEVER }, { 0 } };

struct files {
	int threshold_fd;
	int events_fd;	/* memory.events */
};

static int probe_oom_kthread(void)
{
	return sysctls_missing(sysctls);
}

/* Pages on the lists of CPUs: not available, but the thread takes them from there before it kills. */
static int64_t listed_kib(void)
{
	static const char key[] = "count: ";
	static char text[64 * 1024];
	int64_t pages = 0;
	const char *at;

	if (read_text("/proc/zoneinfo", text, sizeof(text)) < 0)
		return -1;
	for (at = strstr(text, key); at; at = strstr(at + 1, key))
		pages += strtoll(at + strlen(key), NULL, 10);
	return pages * (PAGE_BYTES / 1024);
}

static int64_t available_kib(void)
{
	int64_t listed = listed_kib();
	char text[4096];

	if (listed < 0 || read_text("/proc/meminfo", text, sizeof(text)) < 0)
		return -1;
	return number_after(text, "MemAvailable") + listed;
}

/* Of all who may be killed it is to be the victim. */
static int put_first(pid_t pid)
{
	struct failure failure = { "" };
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", pid);
	return write_text(path, "1000", &failure) ? EIO : 0;
}

static int64_t count_kills(int fd)
{
	char text[512];
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);

	if (length <= 0)
		return -1;
	text[length] = '\0';
	return number_after(text, "oom_kill");
}

/* The kernel tells of every change; asking again and again would take time from the thread. */
static int wait_for_kill(int fd, int64_t before)
{
	struct pollfd changed = { .fd = fd, .events = POLLPRI };
	int64_t deadline = now_ns() + KILL_LIMIT_NS;

	while (count_kills(fd) <= before) {
		struct timespec left = timespec_of(deadline - now_ns());

		if (left.tv_sec < 0 || left.tv_nsec < 0 || !ppoll(&changed, 1, &left, NULL))
			return ETIMEDOUT;
	}
	return 0;
}

static int move_threshold(const struct files *files, const char *text)
{
	return pwrite(files->threshold_fd, text, strlen(text), 0) < 0 ? errno : 0;
}

static int let_it_kill(const struct kill_context *context, struct kill_result *result, const struct files *files)
{
	int64_t available = available_kib();
	int64_t kills = count_kills(files->events_fd);
	char threshold[32];
	int error = put_first(context->pid);
	int restored;

	if (available < 0 || kills < 0 || error)
		return EIO;
	snprintf(threshold, sizeof(threshold), "%lld", (long long)available + MISSING_KIB);
	result->kill_start = now_ns();
	start_clock(context, result->kill_start);
	error = move_threshold(files, threshold);
	if (!error)
		error = wait_for_kill(files->events_fd, kills);
	result->kill_end = now_ns();
	restored = move_threshold(files, NEVER);
	return error ? error : restored;
}

static void run_oom_kthread(const struct kill_context *context, struct kill_result *result)
{
	const struct files files = {
		.threshold_fd = open(THRESHOLD, O_WRONLY | O_CLOEXEC),
		.events_fd = openat(context->cgroup_fd, "memory.events", O_RDONLY | O_CLOEXEC),
	};

	result->kill_errno = files.threshold_fd < 0 || files.events_fd < 0 ? errno :
			     let_it_kill(context, result, &files);
	/* The observer's clock runs from t0, and would wait for it for ever. */
	start_clock(context, now_ns());
	if (files.threshold_fd >= 0)
		close(files.threshold_fd);
	if (files.events_fd >= 0)
		close(files.events_fd);
}

static const struct method oom_kthread = {
	.name = "oom_kthread",
	.probe = probe_oom_kthread,
	.run = run_oom_kthread,
	.sysctls = sysctls,
};
METHOD(oom_kthread);
