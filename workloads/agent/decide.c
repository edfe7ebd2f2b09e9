// SPDX-License-Identifier: GPL-2.0-only
/*
 * The killer program is a process of its own, kept for all trials of its kind,
 * so that between its turns it can be thrashed out like any idle daemon.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "background.h"
#include "decide.h"
#include "json.h"

#define KILLER DISK "/killer"
#define KILLER_IN_IMAGE "load/killer"

/* Back in its wait for the next turn: a read that blocks, milliseconds unless its pages are away. */
#define WAITING_LIMIT_NS (30 * NS_PER_S)

static struct {
	struct program program;
	struct meeting meeting;
	const char *kind;
} killer;

int decide_install(struct failure *failure)
{
	char path[PROGRAM_PATH_BYTES];
	struct stat status;
	int result = -1;
	int from;
	int to;

	if (program_path(KILLER_IN_IMAGE, path, failure))
		return -1;
	from = open(path, O_RDONLY | O_CLOEXEC);
	to = open(KILLER, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	if (from < 0 || to < 0)
		fail_errno(failure, "cannot open %s", from < 0 ? path : KILLER);
	else if (fstat(from, &status) || sendfile(to, from, NULL, (size_t)status.st_size) != status.st_size || fsync(to))
		fail_errno(failure, "cannot copy %s to " KILLER, path);
	else
		result = 0;
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	return result;
}

static int wait_for_waiting(struct failure *failure)
{
	int64_t deadline = now_ns() + WAITING_LIMIT_NS;

	while (!atomic_load(&killer.meeting.page->ready)) {
		if (now_ns() > deadline)
			return fail(failure, "the killer was not back in its wait after %lld s",
				    (long long)(WAITING_LIMIT_NS / NS_PER_S));
		sleep_ns(NS_PER_MS);
	}
	return 0;
}

int decide_prepare(struct trial *trial, struct failure *failure)
{
	char kind[48];
	char cpu[32];
	const char *const words[] = { kind, cpu, "cgroups=" CGROUP_CANDIDATES, NULL };
	const struct program_start start = {
		.path = KILLER,
		.words = words,
		.cgroup_fd = -1,
		.meeting = &killer.meeting,
		.oom_score_adj = "-1000",
	};

	if (killer.kind && killer.kind != trial->method->killer && decide_end(failure))
		return -1;
	if (killer.kind)
		return wait_for_waiting(failure);
	snprintf(kind, sizeof(kind), "kind=%s", trial->method->killer);
	snprintf(cpu, sizeof(cpu), "cpu=%" PRId64, trial->request.killer_cpu);
	if (meeting_open(&killer.meeting, failure))
		return -1;
	killer.kind = trial->method->killer;
	if (program_begin(&killer.program, &start, failure) || program_wait_ready(&killer.program, failure)) {
		decide_end(failure);
		return -1;
	}
	return wait_for_waiting(failure);
}

const _Atomic int64_t *decide_t0(void)
{
	return &killer.meeting.page->kill_start;
}

static int64_t since_go(int64_t time)
{
	return time ? time - atomic_load(&killer.meeting.page->go) : JSON_NONE;
}

static void take_times(struct trial *trial)
{
	struct rendezvous *page = killer.meeting.page;

	trial->killer_pid = killer.program.pid;
	trial_measure(trial, "decision_awake", since_go(atomic_load(&page->awake)), "ns");
	trial_measure(trial, "decision_walk", since_go(atomic_load(&page->walked)), "ns");
	trial_measure(trial, "decision_choose", since_go(atomic_load(&page->chosen)), "ns");
	if (atomic_load(&page->mempool_pages)) {
		trial_measure(trial, "mempool_used",
			      atomic_load(&page->mempool_pages) - atomic_load(&page->mempool_left), "pages");
		trial_measure(trial, "mempool_missed", atomic_load(&page->mempool_missed), "pages");
	}
	trial->decision_ns = since_go(atomic_load(&page->kill_end));
	trial->result.kill_start = atomic_load(&page->kill_start);
	trial->result.kill_end = atomic_load(&page->kill_end);
	trial->killer_cpu_ns = atomic_load(&page->cpu);
	trial->t0 = trial->result.kill_start;
	if (trial->result.kill_end)
		trial->kill_call_ns = trial->result.kill_end - trial->result.kill_start;
	if (trial->t0)
		trial->result.kill_errno = (int)atomic_load(&page->result_errno);
}

int decide_and_kill(struct trial *trial, struct failure *failure)
{
	struct rendezvous *page = killer.meeting.page;
	int64_t deadline;

	meeting_reset(&killer.meeting);
	trial->t0_bytes = memory_clock_read(&trial->victim.clock);
	meeting_go(&killer.meeting);
	deadline = atomic_load(&page->go) + trial->request.limit_ns;
	while (!atomic_load(&page->done)) {
		if (now_ns() > deadline)
			return -1;
		/* Sleeping, not spinning: it may need this very CPU. */
		sleep_ns(NS_PER_MS);
	}
	take_times(trial);
	if (!trial->t0)
		return fail(failure, "the killer found nothing to kill: %s",
			    strerrordesc_np((int)atomic_load(&page->result_errno)));
	if (atomic_load(&page->pid) != trial->victim.hog.pid)
		trial->unmet = "the killer chose another process than the victim";
	return 0;
}

int decide_end(struct failure *failure)
{
	int result = program_end(&killer.program, failure);

	meeting_close(&killer.meeting);
	killer.kind = NULL;
	return result;
}
