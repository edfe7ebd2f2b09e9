/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A call that reaps another process, and victims that die otherwise than by a
 * signal of the test: further cases for programs that include
 * reaping-cases.h.
 */
#ifndef REAPLAB_REAPING_EXITS_H
#define REAPLAB_REAPING_EXITS_H

#include <stdlib.h>
#include <sys/ptrace.h>

#include "reaping-cases.h"

static inline bool start_traced_to_its_exit(struct victim *victim, const struct victim_shape *shape)
{
	if (!victim_start(victim, shape))
		return false;
	return ptrace(PTRACE_SEIZE, victim->pid, NULL, (void *)PTRACE_O_TRACEEXIT) == 0;
}

/* Nobody has sent a signal, but nobody will look at the memory again either. */
static inline void case_exits_by_itself(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = 2, .body = exit_when_told };
	struct victim victim;
	int64_t held;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(start_traced_to_its_exit(&victim, &shape));
	held = cgroup_memory(cgroup);
	REQUIRE_REFUSED(victim.pidfd);
	atomic_store(&victim.page->go, true);
	REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
	REQUIRE_REAPED(victim.pidfd);
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
}

static inline bool oom_reaper_is_done(void *argument)
{
	return trace_count("finish_task_reaping:", argument) > 0;
}

static inline bool succeeds(void *argument)
{
	return reaping.reap(((struct victim *)argument)->pidfd) >= 0;
}

/*
 * Only the oom reaper marks an mm as done while its owner still has it. So a
 * victim is needed that the OOM killer kills and that then can't exit: one
 * whose tracer leaves it in its exit stop.
 */
static inline void case_reaped_already(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = exceed_limit };
	char file[160];
	char pid_text[32];
	struct victim victim;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	snprintf(file, sizeof(file), "%s/memory.max", cgroup);
	REQUIRE(write_file(file, "64M"));
	shape.cgroup = cgroup;
	REQUIRE(start_traced_to_its_exit(&victim, &shape));
	snprintf(pid_text, sizeof(pid_text), "pid=%d", victim.pid);
	REQUIRE(trace_event("oom/finish_task_reaping", NULL));

	atomic_store(&victim.page->go, true);
	REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
	REQUIRE(wait_for(oom_reaper_is_done, pid_text, WAIT_LIMIT_MS));
	/* The reaper still holds the mmap_lock for a moment, and marks the mm after that. */
	REQUIRE(wait_for(succeeds, &victim, WAIT_LIMIT_MS));
	REQUIRE_REAPED(victim.pidfd);
	REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
}

/* ---- dumping core ----------------------------------------------------- */

#define CORE_PATTERN	"/proc/sys/kernel/core_pattern"

static inline void abort_when_told(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->go))
		sleep_ms(1);
	abort();
}

static inline bool is_dumping(void *argument)
{
	char path[64];
	char text[4096];

	snprintf(path, sizeof(path), "/proc/%d/status", *(pid_t *)argument);
	return read_file(path, text, sizeof(text)) > 0 && strstr(text, "CoreDumping:\t1");
}

/* Nobody reads what is dumped, so the victim waits in its dump until it is killed (or a minute). */
static inline void refuse_while_dumping(const struct victim *victim, int64_t held)
{
	pid_t pid = victim->pid;

	atomic_store(&victim->page->go, true);
	REQUIRE(wait_for(is_dumping, &pid, WAIT_LIMIT_MS));
	REQUIRE_REFUSED(victim->pidfd);
	REQUIRE(lost_bytes(held, 0));
	REQUIRE(is_dumping(&pid));
}

static inline void case_dumps_core(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = 1, .body = abort_when_told };
	char pattern[256];
	struct victim victim;
	int64_t held;

	REQUIRE(start_in_cgroup(&victim, shape, &held));
	if (read_file(CORE_PATTERN, pattern, sizeof(pattern)) < 0)
		SKIP("needs core dumps");
	REQUIRE(write_file(CORE_PATTERN, "|/bin/sleep 60"));
	refuse_while_dumping(&victim, held);
	REQUIRE(write_file(CORE_PATTERN, pattern));
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
}

/* The part of a program's table that is made of these. */
#define REAPING_EXITS								\
	{ "a process that exits by itself is taken", case_exits_by_itself },	\
	{ "memory that was reaped already gives no error", case_reaped_already }, \
	{ "a process that dumps core is refused, and keeps its memory", case_dumps_core }

#endif /* REAPLAB_REAPING_EXITS_H */
