// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_mrelease() as every kernel has it. It is the method the proposals
 * are held against, and its contract is what their tests lean on.
 */
#include <errno.h>

#include "ktap.h"
#include "support.h"
#include "process-reap.h"

#define VICTIM_BYTES	(32 * MIB)

static void flags_come_first(void)
{
	REQUIRE_ERROR(mrelease(-1, 1), EINVAL);
	REQUIRE_ERROR(mrelease(STDOUT_FILENO, 1U << 31), EINVAL);
}

static void not_a_pidfd(void)
{
	REQUIRE_ERROR(mrelease(-1, 0), EBADF);
	REQUIRE_ERROR(mrelease(STDOUT_FILENO, 0), EBADF);
}

static void gone(void)
{
	struct victim_shape shape = { 0 };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), ESRCH);
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), ESRCH);
}

static void alive(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .neighbour = true };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), EINVAL);
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), EINVAL);
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
}

static void frozen(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = 2, .leader_exits = true };
	char cgroup[128];
	struct victim victim;
	int64_t held;
	int64_t left;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	held = cgroup_memory(cgroup);
	REQUIRE_MSG(held > (int64_t)VICTIM_BYTES, "%ld bytes", (long)held);
	REQUIRE(trace_event("oom/start_task_reaping", NULL));
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left < held - (int64_t)VICTIM_BYTES + MEMORY_SLACK, "%ld of %ld bytes",
		    (long)left, (long)held);
	/* It may come again, and says nothing to the tracer. */
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
	REQUIRE(trace_count("task_reaping:", NULL) == 0);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "flags other than 0 give EINVAL before anything is looked at", flags_come_first },
		{ "a descriptor that is not a pidfd gives EBADF", not_a_pidfd },
		{ "a zombie and a process that was waited for give ESRCH", gone },
		{ "a process that lives, or whose neighbour does, gives EINVAL", alive },
		{ "a frozen victim loses its memory in the call, its leader gone or not", frozen },
	};

	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
