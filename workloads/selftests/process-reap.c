// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_reap(): whom it takes and whom it refuses.
 *
 * What it does to those it takes is the subject of process-reap-work.c and
 * process-reap-races.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>

#include "ktap.h"
#include "support.h"
#include "process-reap.h"

#define VICTIM_BYTES	(32 * MIB)

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

/* ---- nobody there ----------------------------------------------------- */

static void process_waited_for(void)
{
	struct victim_shape shape = { 0 };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), ESRCH);
}

static void zombie(void)
{
	struct victim_shape shape = { 0 };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), ESRCH);
}

static void kernel_thread(void)
{
	/* Process 2 is kthreadd, the parent of all kernel threads. */
	int pidfd = (int)syscall(SYS_pidfd_open, 2, 0);

	REQUIRE(pidfd >= 0);
	REQUIRE_ERROR(process_reap(pidfd, 0), ESRCH);
	close(pidfd);
}

/*
 * The threads hold on to the memory, but it is the leader's mm that is looked
 * at. process_mrelease() asks any thread.
 */
static void leader_gone(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = 2, .leader_exits = true };
	char cgroup[128];
	struct victim victim;
	int64_t held;
	int64_t left;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), ESRCH);

	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	held = cgroup_memory(cgroup);
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), ESRCH);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left > held - MEMORY_SLACK, "%ld of %ld bytes", (long)left, (long)held);

	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left < held - (int64_t)VICTIM_BYTES + MEMORY_SLACK, "%ld of %ld bytes",
		    (long)left, (long)held);
}

/* ---- not dying -------------------------------------------------------- */

static void alive(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	char cgroup[128];
	struct victim victim;
	int64_t held;
	int64_t left;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	held = cgroup_memory(cgroup);
	REQUIRE_MSG(held > (int64_t)VICTIM_BYTES, "%ld bytes", (long)held);
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), EINVAL);

	/* Frozen is not dying either. */
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), EINVAL);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left > held - MEMORY_SLACK, "%ld of %ld bytes", (long)left, (long)held);
}

static void ignore_signal(int number)
{
	(void)number;
}

static void catch_sigterm(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	signal(SIGTERM, ignore_signal);
	atomic_store(&page->go, true);
}

static bool is_going(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->go);
}

static void signal_caught(void)
{
	struct victim_shape shape = { .body = catch_sigterm };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
	REQUIRE(syscall(SYS_pidfd_send_signal, victim.pidfd, SIGTERM, NULL, 0) == 0);
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), EINVAL);
}

/* ---- shared ----------------------------------------------------------- */

static void neighbour_of_a_frozen_victim(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .neighbour = true };
	struct victim victim;
	int i;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), EINVAL);
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	for (i = 0; i < 100; i++)
		REQUIRE_ERROR(process_reap(victim.pidfd, 0), EINVAL);
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));

	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
	REQUIRE(neighbour_lives(&victim));
}

/*
 * The victim runs, and the call meets it in every stage of its death. There is
 * no moment in which the call may succeed.
 */
static void neighbour_of_a_running_victim(void)
{
	struct victim_shape shape = { .bytes = 2 * MIB, .threads = 1, .neighbour = true };
	unsigned long refused = 0;
	struct victim victim;
	int i;

	for (i = 0; i < 200; i++) {
		REQUIRE(victim_start(&victim, &shape));
		REQUIRE(victim_kill(&victim));
		do {
			long result = process_reap(victim.pidfd, 0);

			REQUIRE_MSG(result < 0, "reaped in round %d", i);
			REQUIRE_MSG(errno == EINVAL || errno == ESRCH, "%s in round %d",
				    ktap_error_name(errno), i);
			refused += errno == EINVAL;
		} while (errno == EINVAL);
		REQUIRE(neighbour_checks(&victim, 2, WAIT_LIMIT_MS));
		support_cleanup();
	}
	ktap_note("refused %lu times while the victims died", refused);
}

static void neighbour_dying_too(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .neighbour = true };
	char cgroup[128];
	struct victim victim;
	int64_t held;
	int64_t left;
	pid_t neighbour;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	neighbour = atomic_load(&victim.page->neighbour_pid);
	/* The second goes into the first one's freezer. */
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(freezer_v1(neighbour, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), EINVAL);
	REQUIRE(kill(neighbour, SIGKILL) == 0);
	held = cgroup_memory(cgroup);
	REQUIRE_ERROR(process_reap(victim.pidfd, 0), 0);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left < held - (int64_t)VICTIM_BYTES + MEMORY_SLACK, "%ld of %ld bytes",
		    (long)left, (long)held);
}

/* ---- reaped already --------------------------------------------------- */

/* Runs into its cgroup's limit once told to. */
static void exceed_limit(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	while (!atomic_load(&page->go))
		sleep_ms(1);
	memory = mmap(NULL, 2 * bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory != MAP_FAILED)
		memset(memory, 1, 2 * bytes);
}

static bool reaper_finished(void *argument)
{
	return trace_count("finish_task_reaping:", argument) > 0;
}

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
	char cgroup[128];
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
	REQUIRE(wait_for(reaper_finished, pid_text, WAIT_LIMIT_MS));

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
		{ "a process that was waited for gives ESRCH", process_waited_for },
		{ "a zombie gives ESRCH", zombie },
		{ "a kernel thread gives ESRCH", kernel_thread },
		{ "a leader that left its threads behind gives ESRCH", leader_gone },
		{ "a living process gives EINVAL and keeps its memory", alive },
		{ "a process that caught its SIGTERM gives EINVAL", signal_caught },
		{ "a living CLONE_VM neighbour of a frozen victim gives EINVAL and keeps its memory",
		  neighbour_of_a_frozen_victim },
		{ "a living CLONE_VM neighbour of a running victim gives EINVAL and keeps its memory",
		  neighbour_of_a_running_victim },
		{ "a CLONE_VM neighbour that dies as well gives 0", neighbour_dying_too },
		{ "memory that was reaped already gives 0 and is not walked again", reaped_already },
	};

	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
