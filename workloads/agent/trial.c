// SPDX-License-Identifier: GPL-2.0-only
#include <alloca.h>
#include <string.h>
#include <unistd.h>

#include "background.h"
#include "decide.h"
#include "json.h"
#include "killing.h"
#include "pages.h"
#include "priority.h"
#include "swap.h"
#include "trace.h"
#include "trial.h"

/* As the vocabulary defines `held`: the floor is read this long after the cgroup has become empty. */
#define FLOOR_DELAY_NS (20 * NS_PER_MS)

/* 99.5 % of what the victim faulted in: beyond t99, short of what only the exit itself gives back. */
#define GONE_PER_MILLE 995

/* The calls of a method use far less stack than this. */
#define PREFAULT_STACK_BYTES (64 * 1024)

/* The kernel's own reapers, whatever a series calls them: oom_reaper, oom_expedite/0. */
#define KTHREAD_PREFIX "oom_"

static pid_t kthreads[KTHREADS_MAX + 1];

int trial_prepare(struct failure *failure)
{
	find_kthreads(KTHREAD_PREFIX, kthreads);
	if (counters_open(failure) || trace_start(failure) || cgroup_prepare(CGROUP_TRIALS, failure))
		return -1;
	return observer_start(failure);
}

/* The fork that made the victim has write-protected our pages; take the faults now. */
static void __attribute__((noinline)) prefault_stack(void)
{
	volatile char *stack = alloca(PREFAULT_STACK_BYTES);

	for (int64_t offset = 0; offset < PREFAULT_STACK_BYTES; offset += PAGE_BYTES)
		stack[offset] = 1;
}

static int parse(struct trial *trial, const char *const *words, int count, struct failure *failure)
{
	if (trial_request_parse(&trial->request, words, count, failure))
		return -1;
	trial->method = find_method(trial->request.method);
	if (!trial->method)
		return fail(failure, "unknown method '%s'", trial->request.method);
	if (trial->request.decide && !trial->method->killer)
		return fail(failure, "method '%s' does not decide", trial->request.method);
	if (!trial->request.decide && trial->method->killer)
		return fail(failure, "method '%s' needs 'decide=1'", trial->request.method);
	if (trial->request.decide && !trial->request.observer)
		return fail(failure, "'decide=1' needs the observer");
	/* What they prepare is for one kill at a time. */
	if (trial->request.earlier_bytes && trial->method->prepare)
		return fail(failure, "method '%s' does not go with 'earlier_bytes'", trial->request.method);
	return 0;
}

static int set_up(struct trial *trial, struct failure *failure)
{
	const struct trial_request *request = &trial->request;
	const char *parent = request->decide ? CGROUP_CANDIDATES : CGROUP_TRIALS;

	if (pin_to_cpu(request->killer_cpu, failure) || take_priority(PRIORITY_KILLER, failure))
		return -1;
	background_pause();
	if (request->decide && decide_prepare(trial, failure))
		return -1;
	if (killing_prepare(trial, failure) || trial->unmet)
		return trial->unmet ? 0 : -1;
	if (earlier_create(&trial->earlier, request, failure))
		return -1;
	if (victim_create(&trial->victim, request, parent, &trial->unmet, failure) || trial->unmet)
		return trial->unmet ? 0 : -1;
	if (earlier_enter_state(&trial->earlier, &trial->unmet, failure) || trial->unmet)
		return trial->unmet ? 0 : -1;
	if (refill_create(&trial->refill, request, failure))
		return -1;
	if (background_before_kill(&trial->unmet, failure))
		return -1;
	return sysctls_set(trial->method->sysctls, failure);
}

void trial_measure(struct trial *trial, const char *name, int64_t value, const char *unit)
{
	if (value != JSON_NONE && trial->measure_count < MEASURES_MAX)
		trial->measures[trial->measure_count++] =
			(struct measure){ .name = name, .value = value, .unit = unit };
}

static void end_window(struct trial *trial)
{
	const struct observation *observation = observer_finish();

	trial->exit_at = observation->exit_at;
	trial->window_end = observation->window_end;
	if (trial->request.observer)
		trial->observation = observation;
	if (observation->overflow)
		trial->unmet = "more changes of memory.current than there is room for";
	trial->left_bytes = memory_clock_read(&trial->victim.clock);
}

/* No decision within the limit. That is a result; the killer that hangs in it is not used again. */
static void give_up_window(struct trial *trial, struct failure *failure)
{
	observer_cancel();
	trial->window_end = now_ns();
	decide_end(failure);
}

/* How those fared who have to do with the victim and were not killed. */
static void note_company(struct trial *trial, const _Atomic int64_t *told)
{
	const struct trial_request *request = &trial->request;

	if (told && atomic_load(told))
		trial_measure(trial, "owner_died", atomic_load(told) - trial->t0, "ns");
	if (request->neighbour != NEIGHBOUR_NONE || request->inherited_bytes)
		trial_measure(trial, "neighbour_intact", program_answers(&trial->victim.hog, "intact"), "bool");
	if (request->clock != CLOCK_MEMORY)
		trial_measure(trial, "memory_current_end", cgroup_memory(&trial->victim.cgroup), "bytes");
	if (request->swapped_bytes) {
		trial_measure(trial, "zram_used_start", trial->zram_bytes, "bytes");
		trial_measure(trial, "zram_used_end", swap_used_bytes(), "bytes");
	}
}

static int prepare_method(struct trial *trial, struct failure *failure)
{
	if (!trial->method->prepare)
		return 0;
	trial->prepared = 1;
	return trial->method->prepare(failure);
}

static void finish_method(struct trial *trial)
{
	if (trial->prepared && trial->method->finish)
		trial->method->finish(trial);
	trial->prepared = 0;
}

/* Where the kernel kills, t0 so far is when it was made to; when it did is only known now. */
static void move_t0(struct trial *trial)
{
	int64_t killed_at;

	if (!trial->method->killed_at)
		return;
	killed_at = trial->method->killed_at(trial);
	if (killed_at)
		trial->t0 = killed_at;
	else
		trial->unmet = "the kernel did not kill";
}

static int watch_kill(struct trial *trial, struct failure *failure)
{
	const struct trial_request *request = &trial->request;
	const struct victim *victim = &trial->victim;
	struct rendezvous *refill = trial->refill.meeting.page;
	const _Atomic int64_t *told = waiter_told(&victim->waiter);
	struct watch watch = {
		.samples = request->observer,
		.sample_ns = request->sample_ns,
		.clock = &victim->clock,
		.pidfds = victim->pidfds,
		.pidfd_count = victim->count,
		.gone_bytes = memory_clock_read(&victim->clock) + memory_clock_slack(&victim->clock) -
			      request->bytes / 1000 * GONE_PER_MILLE,
		.limit_ns = request->limit_ns,
		.exit_limit_ns = request->exit_limit_ns,
		.t0 = request->decide ? decide_t0() : &trial->t0,
		.used = refill ? &refill->done : told,
		.cpu = (int)request->observer_cpu,
	};
	int64_t victim_cpu;
	int64_t kthread_cpu;

	if (prepare_method(trial, failure))
		return -1;
	trace_drain();
	if (observer_begin(&watch, failure))
		return -1;
	prefault_stack();
	if (request->reader && !reader_reads(&victim->reader))
		trial->unmet = "the reader was between two reads";
	counters_read(&trial->before);
	trial->zram_bytes = swap_used_bytes();
	kthread_cpu = kthreads_cpu_ns(kthreads);
	victim_cpu = victim_cpu_ns(victim);
	if (!request->decide) {
		if (killing_run(trial, failure)) {
			observer_cancel();
			return -1;
		}
		end_window(trial);
		move_t0(trial);
	} else if (!decide_and_kill(trial, failure)) {
		end_window(trial);
	} else {
		give_up_window(trial, failure);
	}
	trace_collect();
	trial->victim_cpu_ns = victim_cpu_ns(victim) - victim_cpu;
	trial->kthread_cpu_ns = kthreads_cpu_ns(kthreads) - kthread_cpu;
	counters_read(&trial->after);
	trial->used_at = refill ? atomic_load(&refill->done) : 0;
	note_company(trial, told);
	return 0;
}

/* How the victim stood to the earlier one, and what either has left: of the second it is what the scenario asks. */
static void check_overlap(struct trial *trial)
{
	const struct trial_request *request = &trial->request;
	int64_t planned = request->earlier_ms * NS_PER_MS;
	int64_t distance;

	if (!earlier_overlaps(&trial->earlier, request, trial->victim.hog.pid, trial->t0, &distance))
		trial->unmet = "the earlier victim was not being dealt with any more, or not yet";
	/* A kill by the kernel comes when its reclaim has failed, which takes some tens of ms either time. */
	if (distance < planned / 3 * 2 || distance > planned * 2)
		trial->unmet = "the two kills were too close or too far apart";
	trial_measure(trial, "kills_apart", distance, "ns");
	trial_measure(trial, "earlier_left", cgroup_memory(&trial->earlier.cgroup), "bytes");
	trial_measure(trial, "victim_left", trial->left_bytes, "bytes");
}

/* What the scenario promises of the window itself. */
static void check_window(struct trial *trial)
{
	if (trial->request.earlier_bytes)
		check_overlap(trial);
	if (trial->request.decide && trial->after.allocstall == trial->before.allocstall &&
	    trial->after.pgscan_direct == trial->before.pgscan_direct)
		trial->unmet = "no direct reclaim in the window";
	if (trial->request.state == STATE_EXIT_STOP && trial->exit_at)
		trial->unmet = "the victim did not stop at its exit";
}

static void clean_up(struct trial *trial)
{
	const struct suspects suspects = {
		.victim = trial->victim.threads, .killer = trial->killer_pid, .kthreads = kthreads,
	};

	/* A caller that tears down is still at it when memory and process are gone: exit_mmap is traced at its end. */
	int64_t end = trial->result.reap_end > trial->window_end ? trial->result.reap_end : trial->window_end;

	if (trial->window_end)
		trial->teardown_by = trace_teardown_by(&suspects, trial->t0, end);
	sysctls_restore(&trial->cleanup);
	background_resume();
	killing_end(trial, &trial->cleanup);
	refill_end(&trial->refill, &trial->cleanup);
	/* What the method has left going may wait for the victim, and that for its CPU. */
	program_end(&trial->victim.spinner, &trial->cleanup);
	finish_method(trial);
	victim_end(&trial->victim, &trial->cleanup);
	earlier_end(&trial->earlier, &trial->cleanup);
	if (trial->victim.cgroup.path[0]) {
		sleep_ns(FLOOR_DELAY_NS);
		trial->floor_bytes = memory_clock_read(&trial->victim.clock);
		memory_clock_close(&trial->victim.clock);
		cgroup_remove(&trial->victim.cgroup, &trial->cleanup);
	}
}

int trial_run(const char *const *words, int count, FILE *output, struct failure *failure)
{
	static struct trial trial;

	memset(&trial, 0, sizeof(trial));
	trial.begun = now_ns();
	trial.result.kill_errno = trial.result.reap_errno = NO_CALL;
	trial.decision_ns = trial.kill_call_ns = trial.reap_call_ns = JSON_NONE;
	if (parse(&trial, words, count, failure))
		return -1;
	if (!set_up(&trial, failure) && !trial.unmet && !watch_kill(&trial, failure))
		check_window(&trial);
	clean_up(&trial);
	if (failure->message[0]) {
		size_t length = strlen(failure->message);

		if (trial.cleanup.message[0])
			snprintf(failure->message + length, sizeof(failure->message) - length, "; and cleaning up: %s",
				 trial.cleanup.message);
		return -1;
	}
	trial_report(&trial, output);
	return 0;
}
