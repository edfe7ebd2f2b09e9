/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sysctls of kernel-patches/oom-reaper-slot and victims for its tests:
 * each in a cgroup of its own, seized by the test, so that it stops in its exit
 * and nobody but the reaper frees its memory. A limit below what the cgroup
 * holds makes the OOM killer act.
 *
 * Include it after ktap.h, in the program's main source file only.
 */
#ifndef REAPLAB_OOM_REAPER_SLOT_H
#define REAPLAB_OOM_REAPER_SLOT_H

#include <stdlib.h>
#include <sys/ptrace.h>

#include "support-memory.h"
#include "support-reaping.h"

#define SLOT		"oom_reaper_slot"
#define DELAY		"oom_reaper_slot_delay_ms"

#define NO_SLOT		"KTAP version 1\n1..0 # SKIP there is no sysctl vm.oom_reaper_slot"

/* Below what any victim holds, above what is left of one: page tables, stacks, stocks of charges. */
#define LIMIT_BYTES	(4 * MIB)

struct oom_victim {
	struct victim victim;
	struct victim limiter;		/* who sets the limit; it returns once memory is freed */
	char cgroup[128];
};

static inline bool kernel_has_slot(void)
{
	return path_exists("/proc/sys/vm/" SLOT);
}

/* The end of a case. */
static inline void slot_cleanup(void)
{
	vm_restore();
	support_cleanup();
}

/* The cgroup that a limiter limits; set before it is made. */
static const char *limited;

/* Starts when told to, and stays where it is as long as the memory does. */
static void limit(struct victim_page *page, char *memory, size_t bytes)
{
	char file[160];
	char text[32];

	(void)memory;
	(void)bytes;
	snprintf(file, sizeof(file), "%s/memory.max", limited);
	snprintf(text, sizeof(text), "%zu", LIMIT_BYTES);
	while (!atomic_load(&page->go))
		sleep_ms(1);
	write_file(file, text);
	atomic_store(&page->stop, true);
}

static inline bool oom_victim_start(struct oom_victim *oom, size_t bytes, unsigned int threads)
{
	const struct victim_shape limiter = { .body = limit };
	struct victim_shape shape = { .bytes = bytes, .threads = threads };
	char file[160];

	if (!cgroup_create(oom->cgroup, sizeof(oom->cgroup)))
		return false;
	snprintf(file, sizeof(file), "%s/memory.swap.max", oom->cgroup);
	if (path_exists(file) && !write_file(file, "0"))
		return false;
	shape.cgroup = oom->cgroup;
	limited = oom->cgroup;
	return victim_start(&oom->victim, &shape) && victim_start(&oom->limiter, &limiter) &&
	       (ptrace(PTRACE_SEIZE, oom->victim.pid, NULL, (void *)PTRACE_O_TRACEEXIT) == 0 ||
		support_problem(__FILE__, __LINE__, "seizing the victim"));
}

/* Lets the OOM killer act; does not wait. */
static inline void oom_victim_limit(const struct oom_victim *oom)
{
	atomic_store(&oom->limiter.page->go, true);
}

static inline bool has_lost_its_memory(void *argument)
{
	const struct oom_victim *oom = argument;

	return cgroup_memory(oom->cgroup) <= (int64_t)LIMIT_BYTES;
}

/* How often the victim's name and number stand behind the event. */
static inline int traced(const char *event, const struct oom_victim *oom)
{
	char pid[32];

	snprintf(pid, sizeof(pid), "pid=%d", oom->victim.pid);
	return trace_count(event, pid);
}

#endif /* REAPLAB_OOM_REAPER_SLOT_H */
