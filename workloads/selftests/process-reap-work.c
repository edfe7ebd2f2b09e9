// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_reap(): what it does to a victim that it takes.
 *
 * Whom it takes at all is the subject of process-reap.c, what can come in
 * between that of process-reap-races.c.
 */
#include <errno.h>
#include <sys/mman.h>

#include "ktap.h"
#include "support.h"
#include "support-bodies.h"
#include "process-reap.h"

#define VICTIM_BYTES	(32 * MIB)
#define REFUSE		"/sys/kernel/debug/reaplab/refuse"

/* ---- the work --------------------------------------------------------- */

static bool trace_reaping(void)
{
	return trace_event("oom/start_task_reaping", NULL) &&
	       trace_event("oom/finish_task_reaping", NULL) &&
	       trace_event("oom/skip_task_reaping", NULL);
}

/* One line of the event for this victim, caused by this test. */
static bool traced_once(const char *event, pid_t pid)
{
	char text[64];
	char task[32];

	snprintf(text, sizeof(text), "%s: pid=%d", event, pid);
	trace_task(task, sizeof(task), getpid());
	return trace_count(text, NULL) == 1 && trace_count(text, task) == 1;
}

static void reap_frozen(unsigned int threads)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = threads };
	char cgroup[128];
	struct victim victim;
	int64_t held;
	int64_t left;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(trace_reaping());
	REQUIRE(victim_kill(&victim));
	held = cgroup_memory(cgroup);
	REQUIRE_MSG(held > (int64_t)VICTIM_BYTES, "%ld bytes", (long)held);
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), 0);

	/* At once, and with the victim still frozen. */
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left < held - (int64_t)VICTIM_BYTES + MEMORY_SLACK, "%ld of %ld bytes",
		    (long)left, (long)held);
	REQUIRE(wait_for_state(victim.pid, "D", WAIT_LIMIT_MS));
	REQUIRE(traced_once("start_task_reaping", victim.pid));
	REQUIRE(traced_once("finish_task_reaping", victim.pid));
	REQUIRE(trace_count("skip_task_reaping:", NULL) == 0);

	/* The call does not mark the memory as done; a second one walks again. */
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), 0);
	REQUIRE(trace_count("start_task_reaping:", NULL) == 2);

	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
}

static void frozen(void)
{
	reap_frozen(0);
}

static void frozen_threads(void)
{
	reap_frozen(4);
}

/* Any process that holds the pidfd may call, with no capability at all. */
static int reap_without_privilege(void *argument)
{
	const struct victim *victim = argument;

	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		return 1;
	return process_reap(victim->pidfd, 0) ? 2 : 0;
}

static void unprivileged(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE(run_in_child(reap_without_privilege, &victim, WAIT_LIMIT_MS) == 0);
}

/* ---- partly done ------------------------------------------------------ */

/* Makes two mappings of the memory. */
static void protect_upper_half(struct victim_page *page, char *memory, size_t bytes)
{
	if (mprotect(memory + bytes / 2, bytes / 2, PROT_READ) == 0)
		atomic_store(&page->go, true);
}

static void stop_refusing(void)
{
	write_file(REFUSE, "0");
}

/* With a notifier that refuses for one of the victim's mappings. */
static void reap_partly(const struct victim *victim, const char *cgroup)
{
	unsigned long memory = atomic_load(&victim->page->memory);
	int64_t half = (int64_t)VICTIM_BYTES / 2;
	char text[64];
	int64_t held;
	int64_t left;

	snprintf(text, sizeof(text), "%d %lx %lx", victim->pid, memory, memory + VICTIM_BYTES / 2);
	REQUIRE(write_file(REFUSE, text));
	REQUIRE(trace_reaping());
	held = cgroup_memory(cgroup);
	REQUIRE_ERROR(process_reap(victim->pidfd, 0), EAGAIN);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left < held - half + MEMORY_SLACK && left > held - half - MEMORY_SLACK,
		    "%ld of %ld bytes", (long)left, (long)held);
	REQUIRE(traced_once("start_task_reaping", victim->pid));
	REQUIRE(traced_once("finish_task_reaping", victim->pid));
	REQUIRE_ERROR(process_reap(victim->pidfd, 0), EAGAIN);

	stop_refusing();
	REQUIRE_ERROR(process_reap(victim->pidfd, 0), 0);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left < held - 2 * half + MEMORY_SLACK, "%ld of %ld bytes", (long)left,
		    (long)held);
}

static void partly_done(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = protect_upper_half };
	char cgroup[128];
	struct victim victim;

	if (!path_exists(REFUSE))
		SKIP("needs the refusing notifier of the debug flavour");
	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	reap_partly(&victim, cgroup);
	stop_refusing();
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "a frozen victim loses its memory in the call, traced as reaped by the caller",
		  frozen },
		{ "so does a frozen victim of five threads", frozen_threads },
		{ "a caller needs no privilege beyond the pidfd", unprivileged },
		{ "a notifier that refuses gives EAGAIN, and the rest is reaped", partly_done },
	};

	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
