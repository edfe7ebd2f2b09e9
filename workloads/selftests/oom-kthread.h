/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sysctl of kernel-patches/oom-kthread, and candidates for its tests. Test
 * and session are exempt from what the thread does, and so are their children
 * until one of them is given a score.
 *
 * Include it after ktap.h, in the program's main source file only.
 */
#ifndef REAPLAB_OOM_KTHREAD_H
#define REAPLAB_OOM_KTHREAD_H

#include <limits.h>
#include <stdlib.h>

#include "support-memory.h"
#include "support-reaping.h"

#define THRESHOLD	"/proc/sys/vm/oom_kthread_available_kbytes"

#define NO_KTHREAD	"KTAP version 1\n1..0 # SKIP there is no sysctl vm.oom_kthread_available_kbytes"

/* Memory is short whatever is available. */
#define ALWAYS_KIB	INT_MAX

/*
 * The thread looks every 20 ms and pauses for 100 ms after a kill; a candidate
 * that lives on after five pauses was not chosen.
 */
#define FIVE_PAUSES_MS	500

static inline bool kernel_has_kthread(void)
{
	return path_exists(THRESHOLD);
}

static inline bool threshold_set(long kib)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", kib);
	return write_file(THRESHOLD, text);
}

/* The end of a case: off before any candidate is put away. */
static inline void kthread_cleanup(void)
{
	threshold_set(0);
	support_cleanup();
}

static inline bool score_set(pid_t pid, int adj)
{
	char path[64];
	char text[16];

	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", pid);
	snprintf(text, sizeof(text), "%d", adj);
	return write_file(path, text);
}

/* The shell that runs the test is an ordinary process, to be found there again. */
static inline bool exempt_ourselves(void)
{
	return score_set(getpid(), -1000) && score_set(getppid(), -1000);
}

/* A candidate of so many bytes. */
static inline bool candidate_start(struct victim *candidate, size_t bytes, int adj)
{
	const struct victim_shape shape = { .bytes = bytes };

	return victim_start(candidate, &shape) && score_set(candidate->pid, adj);
}

/* With what lies on the lists of CPUs: the thread takes it from there before it kills. */
static inline long available_kib(void)
{
	struct zone_state zone;
	char text[4096];
	const char *line;

	if (!zone_read(&zone) || read_file("/proc/meminfo", text, sizeof(text)) <= 0)
		return -1;
	line = strstr(text, "MemAvailable:");
	return line ? strtol(line + strlen("MemAvailable:"), NULL, 10) +
		      zone.cached * (long)(PAGE_BYTES / 1024) : -1;
}

/* Lets so much memory be missing: who has more is enough. */
static inline bool memory_missing(size_t bytes)
{
	long available = available_kib();

	return available > 0 && threshold_set(available + (long)(bytes / 1024));
}

static inline bool is_killed(const struct victim *candidate)
{
	return ends(candidate, CLD_KILLED, SIGKILL);
}

/* True if it is still there after five pauses. */
static inline bool is_spared(const struct victim *candidate)
{
	sleep_ms(FIVE_PAUSES_MS);
	return stays(candidate);
}

#endif /* REAPLAB_OOM_KTHREAD_H */
