// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kill as the agent's main thread does it. At a nice value it shares its
 * CPU with a spinner in its own cgroup, the agent's, where alone it counts.
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "counters.h"
#include "json.h"
#include "killing.h"
#include "priority.h"

/* The spinner runs as soon as the agent sleeps; several ticks, so that it was no accident. */
#define SPINNER_RUNNING_NS (20 * NS_PER_MS)
#define SPINNER_LIMIT_NS (10 * NS_PER_S)

int killing_prepare(struct trial *trial, struct failure *failure)
{
	char cpu[32];
	const char *const words[] = { cpu, NULL };
	const struct program_start start = {
		.path = "load/spinner", .words = words, .cgroup_fd = -1, .oom_score_adj = "-1000",
	};
	int64_t deadline;

	if (!trial->request.killer_spinner)
		return 0;
	snprintf(cpu, sizeof(cpu), "cpu=%" PRId64, trial->request.killer_cpu);
	if (program_begin(&trial->killer_spinner, &start, failure) ||
	    program_wait_ready(&trial->killer_spinner, failure))
		return -1;
	deadline = now_ns() + SPINNER_LIMIT_NS;
	while (process_cpu_ns(trial->killer_spinner.pid) < SPINNER_RUNNING_NS) {
		if (now_ns() > deadline) {
			trial->unmet = "the spinner beside the killer got no CPU";
			break;
		}
		sleep_ns(NS_PER_MS);
	}
	return 0;
}

static int64_t with(int64_t sum, int64_t start, int64_t end)
{
	if (!end)
		return sum;
	return (sum == JSON_NONE ? 0 : sum) + end - start;
}

static void add_result(struct trial *trial, const struct kill_result *one)
{
	struct kill_result *all = &trial->result;

	trial->kill_call_ns = with(trial->kill_call_ns, one->kill_start, one->kill_end);
	trial->reap_call_ns = with(trial->reap_call_ns, one->reap_start, one->reap_end);
	if (!all->kill_start)
		all->kill_start = one->kill_start;
	if (!all->reap_start)
		all->reap_start = one->reap_start;
	all->kill_end = one->kill_end;
	all->reap_end = one->reap_end;
	if (all->kill_errno <= 0)
		all->kill_errno = one->kill_errno;
	if (all->reap_errno <= 0)
		all->reap_errno = one->reap_errno;
}

static void kill_each(struct trial *trial)
{
	const struct victim *victim = &trial->victim;
	unsigned int runs = trial->method->whole_cgroup ? 1 : victim->count;
	_Atomic int64_t later = 0;
	int64_t missed = 0;

	for (unsigned int i = 0; i < runs; i++) {
		const struct kill_context context = {
			.pidfd = victim->pidfds[i],
			.cgroup_kill_fd = victim->cgroup.kill_fd,
			.pid = victim->pids[i],
			.limit_ns = trial->request.limit_ns,
			.cgroup_fd = victim->cgroup.directory_fd,
			/* The clock of a set runs from its first kill. */
			.t0 = i ? &later : &trial->t0,
			.all_pids = victim->pids,
			.all_count = victim->count,
		};
		struct kill_result one = { .kill_errno = NO_CALL, .reap_errno = NO_CALL };

		trial->method->run(&context, &one);
		add_result(trial, &one);
		/* Either way the call has left the memory to somebody else. */
		missed += one.reap_errno == ESRCH || one.reap_errno == EBUSY;
	}
	if (runs > 1 && trial->reap_call_ns != JSON_NONE)
		trial_measure(trial, "reaps_missed", missed, "victims");
}

int killing_run(struct trial *trial, struct failure *failure)
{
	int64_t nice = trial->request.killer_nice;
	int64_t cpu;

	if (nice && take_nice(nice, failure))
		return -1;
	if (trial->refill.program.pid)
		meeting_go(&trial->refill.meeting);
	if (earlier_kill(&trial->earlier, trial->method, &trial->request, failure))
		return -1;
	cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	trial->t0_bytes = memory_clock_read(&trial->victim.clock);
	kill_each(trial);
	trial->killer_cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
	trial->killer_pid = gettid();
	return nice ? take_priority(PRIORITY_KILLER, failure) : 0;
}

int killing_end(struct trial *trial, struct failure *failure)
{
	return program_end(&trial->killer_spinner, failure);
}
