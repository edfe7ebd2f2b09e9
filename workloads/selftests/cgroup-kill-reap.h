/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the selftests of cgroup-kill-reap share. Include it after ktap.h, in
 * the program's main source file only.
 */
#ifndef REAPLAB_SELFTEST_CGROUP_KILL_REAP_H
#define REAPLAB_SELFTEST_CGROUP_KILL_REAP_H

#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>

/* What can be written to cgroup.kill. */
#define KILL		"1"
#define KILL_REAP	"2"	/* the writer reaps */
#define KILL_QUEUE	"3"	/* kernel threads reap */

/* How the series names its kernel threads, and how many there are at most. */
#define WORKER_NAME	"oom_cgroup/"
#define WORKERS_MAX	8

#define VICTIM_BYTES	(16 * MIB)

/*
 * How far memory.current may be off: up to 64 pages of charges per CPU are
 * kept in stock, and page tables, stacks and the victims' text are charged
 * beside the memory they asked for.
 */
#define MEMORY_SLACK	(6 * (int64_t)MIB)

static char cgroup[128];

static inline int cgroup_kill_open(const char *path)
{
	char file[PATH_MAX];

	snprintf(file, sizeof(file), "%s/cgroup.kill", path);
	return open(file, O_WRONLY | O_CLOEXEC);
}

/* Writes to the cgroup's cgroup.kill; the result of write(2), or -1 with errno. */
static inline long cgroup_kill(const char *path, const char *value)
{
	int fd = cgroup_kill_open(path);
	long result;
	int error;

	if (fd < 0)
		return -1;
	result = write(fd, value, strlen(value));
	error = errno;
	close(fd);
	errno = error;
	return result;
}

/* 0 is the caller itself. */
static inline bool move_to(const char *path, pid_t pid)
{
	char file[PATH_MAX];
	char text[16];

	snprintf(file, sizeof(file), "%s/cgroup.procs", path);
	snprintf(text, sizeof(text), "%d", pid);
	return write_file(file, text);
}

static inline bool trace_reaping(void)
{
	return trace_event("oom/wake_reaper", NULL) &&
	       trace_event("oom/start_task_reaping", NULL) &&
	       trace_event("oom/finish_task_reaping", NULL) &&
	       trace_event("oom/skip_task_reaping", NULL);
}

/* How often the event was traced for the victim. */
static inline int traced(const char *event, pid_t victim)
{
	char text[64];

	snprintf(text, sizeof(text), "%s: pid=%d", event, victim);
	return trace_count(text, NULL);
}

/* How often it was the test itself that began to reap. */
static inline int reaped_by_us(void)
{
	char task[32];

	trace_task(task, sizeof(task), getpid());
	return trace_count("start_task_reaping:", task);
}

/* How often it was one of the kernel threads. */
static inline int reaped_by_workers(void)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (directory && (entry = readdir(directory))) {
		char path[300];
		char text[64];

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    read_file(path, text, sizeof(text)) <= 0 ||
		    strncmp(text, WORKER_NAME, strlen(WORKER_NAME)) != 0)
			continue;
		trace_task(text, sizeof(text), (pid_t)strtol(entry->d_name, NULL, 10));
		count += trace_count("start_task_reaping:", text);
	}
	if (directory)
		closedir(directory);
	return count;
}

static inline bool has_finished(void *count)
{
	return trace_count("finish_task_reaping:", NULL) >= *(int *)count;
}

/* Waits until so many address spaces have been reaped in all. */
static inline bool finished(int count)
{
	return wait_for(has_finished, &count, WAIT_LIMIT_MS);
}

static inline bool has_finished_with(void *victim)
{
	return traced("finish_task_reaping", *(pid_t *)victim) > 0;
}

/* Waits until this one's has been. */
static inline bool finished_with(pid_t victim)
{
	return wait_for(has_finished_with, &victim, WAIT_LIMIT_MS);
}

/* True if the cgroup has lost as much as the victims' memory since. */
static inline bool lost(int64_t held, unsigned int victims)
{
	int64_t left = cgroup_memory(cgroup);

	ktap_note("%lld of %lld KiB left", (long long)left / 1024, (long long)held / 1024);
	return left < held - (int64_t)(victims * VICTIM_BYTES) + MEMORY_SLACK;
}

/* True if nothing to speak of has gone. */
static inline bool kept(int64_t held)
{
	return cgroup_memory(cgroup) > held - MEMORY_SLACK;
}

/* A victim in a cgroup, which can't exit by itself: whatever frees its memory, it is not the victim. */
static inline bool start_frozen(struct victim *victim, struct victim_shape shape, const char *where)
{
	shape.bytes = VICTIM_BYTES;
	shape.cgroup = where;
	return victim_start(victim, &shape) && freezer_v1(victim->pid, true);
}

#endif /* REAPLAB_SELFTEST_CGROUP_KILL_REAP_H */
