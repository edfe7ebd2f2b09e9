// SPDX-License-Identifier: GPL-2.0-only
/* See support-reaping.h. */
#include "support-reaping.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

char cgroup[128];

/* ---- victims ---------------------------------------------------------- */

bool trace_oom_events(void)
{
	return trace_event("oom/wake_reaper", NULL) &&
	       trace_event("oom/start_task_reaping", NULL) &&
	       trace_event("oom/finish_task_reaping", NULL) &&
	       trace_event("oom/skip_task_reaping", NULL) && trace_event("oom/mark_victim", NULL);
}

bool start_in_cgroup(struct victim *victim, struct victim_shape shape)
{
	shape.cgroup = cgroup;
	return trace_oom_events() && cgroup_create(cgroup, sizeof(cgroup)) &&
	       victim_start(victim, &shape);
}

bool start_frozen(struct victim *victim, unsigned int threads)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = threads };

	return start_in_cgroup(victim, shape) && freezer_v1(victim->pid, true);
}

/* ---- what becomes of them --------------------------------------------- */

static bool is_stripped(void *path)
{
	return cgroup_memory(path) < (int64_t)REST_BYTES;
}

int64_t strip_time_ms(void)
{
	int64_t start = now_ns();
	bool stripped = wait_for(is_stripped, cgroup, WAIT_LIMIT_MS);
	int64_t time = now_ns() - start;

	printf("# %s after %lld us, %lld KiB left\n", stripped ? "stripped" : "not stripped",
	       (long long)time / 1000, (long long)cgroup_memory(cgroup) / 1024);
	return stripped ? time / 1000000 : -1;
}

bool is_stripped_soon(void)
{
	return strip_time_ms() >= 0;
}

bool keeps(size_t bytes)
{
	sleep_ms(SETTLE_MS);
	return cgroup_memory(cgroup) >= (int64_t)bytes;
}

bool stays(const struct victim *victim)
{
	return victim_stays(victim, SETTLE_MS);
}

static bool reaping_is_finished(void *count)
{
	return trace_count("finish_task_reaping:", NULL) >= *(int *)count;
}

bool reaped_times(int count)
{
	return wait_for(reaping_is_finished, &count, WAIT_LIMIT_MS) &&
	       trace_count("finish_task_reaping:", NULL) == count &&
	       trace_count("wake_reaper:", NULL) == count;
}

/* ---- the OOM killer --------------------------------------------------- */

bool limit_cgroup(size_t bytes)
{
	char file[160];
	char text[32];

	snprintf(file, sizeof(file), "%s/memory.swap.max", cgroup);
	if (path_exists(file) && !write_file(file, "0"))
		return false;
	snprintf(file, sizeof(file), "%s/memory.max", cgroup);
	snprintf(text, sizeof(text), "%zu", bytes);
	return write_file(file, text);
}

int oom_kills(void)
{
	char file[160];
	char text[512];
	char *count;

	snprintf(file, sizeof(file), "%s/memory.events", cgroup);
	if (read_file(file, text, sizeof(text)) <= 0)
		return -1;
	count = strstr(text, "oom_kill ");
	return count ? atoi(count + strlen("oom_kill ")) : -1;
}

/* Faults in as much as the rounds say, then exits; 0 if it got it all. */
static void allocate(struct victim_page *page, char *memory, size_t bytes)
{
	volatile char *more;
	size_t length;
	size_t at;

	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->stop))
		sleep_ms(1);
	length = atomic_load(&page->rounds);
	more = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (more == MAP_FAILED)
		_exit(1);
	for (at = 0; at < length; at += 4096)
		more[at] = 1;
	_exit(0);
}

bool start_allocating(struct victim *allocator, size_t bytes)
{
	const struct victim_shape shape = { .body = allocate, .cgroup = cgroup };

	if (!victim_start(allocator, &shape))
		return false;
	atomic_store(&allocator->page->rounds, bytes);
	atomic_store(&allocator->page->stop, true);
	return true;
}

bool ends(const struct victim *child, int code, int status)
{
	siginfo_t info = { .si_pid = 0 };

	if (!victim_wait(child, false, WAIT_LIMIT_MS) ||
	    waitid(P_PID, (id_t)child->pid, &info, WEXITED))
		return false;
	if (info.si_code == code && info.si_status == status)
		return true;
	printf("# ended with code %d status %d\n", info.si_code, info.si_status);
	return false;
}
