// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_reap(): whom it takes and whom it refuses.
 *
 * What it does to those it takes is the subject of process-reap-work.c and
 * process-reap-races.c.
 */
#include <fcntl.h>

#include "ktap.h"
#include "process-reap.h"
#include "reaping-cases.h"
#include "reaping-exits.h"

static long reap(int pidfd)
{
	return process_reap(pidfd, 0);
}

static const struct reaping_call reaping = { .reap = reap, .refuses = EINVAL };

/* ---- arguments -------------------------------------------------------- */

static void flags_come_first(void)
{
	struct victim_shape shape = { 0 };
	struct victim victim;
	unsigned int bit;

	REQUIRE(victim_start(&victim, &shape));
	for (bit = 0; bit < 32; bit++) {
		REQUIRE_ERROR(process_reap(-1, 1U << bit), EINVAL);
		REQUIRE_ERROR(process_reap(victim.pidfd, 1U << bit), EINVAL);
	}
	REQUIRE_ERROR(process_reap(STDOUT_FILENO, 1), EINVAL);

	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE_ERROR(process_reap(victim.pidfd, 1), EINVAL);
}

static void not_a_pidfd(void)
{
	int directory = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ends[2];

	REQUIRE_ERROR(process_reap(-1, 0), EBADF);
	REQUIRE(pipe(ends) == 0);
	REQUIRE_ERROR(process_reap(ends[0], 0), EBADF);
	close(ends[0]);
	close(ends[1]);
	REQUIRE_ERROR(process_reap(ends[0], 0), EBADF);
	/* pidfd_send_signal() takes one of these; the reaping calls don't. */
	REQUIRE(directory >= 0);
	REQUIRE_ERROR(process_reap(directory, 0), EBADF);
	close(directory);
}

/*
 * The threads hold on to the memory, but it is the leader's mm that is looked
 * at. process_mrelease() asks any thread.
 */
static void leader_gone(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = 2, .leader_exits = true };
	struct victim victim;
	int64_t held;

	REQUIRE(start_in_cgroup(&victim, shape, &held));
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), ESRCH);

	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), ESRCH);
	REQUIRE(lost_bytes(held, 0));
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
}

/* ---- reaped already --------------------------------------------------- */

struct skipped_call {
	int pidfd;
	const char *pid_text;
	int failures;
};

static bool call_was_skipped(void *argument)
{
	struct skipped_call *call = argument;

	if (process_reap(call->pidfd, 0))
		call->failures++;
	return trace_count("skip_task_reaping:", call->pid_text) > 0;
}

/*
 * Only the oom reaper marks an mm as done while its owner still has it. So a
 * victim is needed that the OOM killer kills and that then can't exit: one
 * whose tracer leaves it in its exit stop.
 */
static void reaped_already(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = exceed_limit };
	char file[160];
	char pid_text[32];
	struct victim victim;
	struct skipped_call call = { 0 };
	int starts;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	snprintf(file, sizeof(file), "%s/memory.max", cgroup);
	REQUIRE(write_file(file, "64M"));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	snprintf(pid_text, sizeof(pid_text), "pid=%d", victim.pid);
	REQUIRE(trace_event("oom/start_task_reaping", NULL));
	REQUIRE(trace_event("oom/finish_task_reaping", NULL));
	REQUIRE(trace_event("oom/skip_task_reaping", NULL));
	REQUIRE(ptrace(PTRACE_SEIZE, victim.pid, NULL, (void *)PTRACE_O_TRACEEXIT) == 0);

	atomic_store(&victim.page->go, true);
	REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
	REQUIRE(wait_for(oom_reaper_is_done, pid_text, WAIT_LIMIT_MS));

	/* The mark follows the event at a short distance. */
	call.pidfd = victim.pidfd;
	call.pid_text = pid_text;
	REQUIRE(wait_for(call_was_skipped, &call, WAIT_LIMIT_MS));
	REQUIRE(call.failures == 0);
	starts = trace_count("start_task_reaping:", pid_text);
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), 0);
	REQUIRE_MSG(trace_count("start_task_reaping:", pid_text) == starts, "walked again");
	REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "flags other than 0 give EINVAL before anything is looked at", flags_come_first },
		{ "a descriptor that is not a pidfd gives EBADF", not_a_pidfd },
		{ "a process that was waited for gives ESRCH", case_waited_for },
		{ "a zombie gives ESRCH", case_zombie },
		{ "a kernel thread gives ESRCH", case_kernel_thread },
		{ "a leader that left its threads behind gives ESRCH", leader_gone },
		{ "a living process gives EINVAL and keeps its memory", case_alive },
		{ "a process that caught its SIGTERM gives EINVAL", case_signal_caught },
		{ "a living CLONE_VM neighbour of a frozen victim gives EINVAL and keeps its memory",
		  case_neighbour_of_a_frozen_victim },
		{ "a living CLONE_VM neighbour of a running victim gives EINVAL and keeps its memory",
		  case_neighbour_of_a_running_victim },
		{ "a CLONE_VM neighbour that dies as well gives 0", case_neighbour_dying_too },
		{ "memory that was reaped already gives 0 and is not walked again", reaped_already },
	};

	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
