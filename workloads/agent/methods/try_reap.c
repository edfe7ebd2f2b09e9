// SPDX-License-Identifier: GPL-2.0-only
/*
 * try_reap_16m, try_reap_64m: SIGKILL, then the bounded call again and again
 * until it finds nothing more. A caller with something else to do would do it
 * between two calls; how long one of them lasts is a measure of the trial.
 */
#include <string.h>

#include "trial.h"

/* Private to this project's patch series: outside the range in use on x86-64. */
#define NR_TRY_REAP_DYING_PROCESS 601

#define MIB ((size_t)1 << 20)

/*
 * What bounds the loop: a dying process can't fault pages in any more once it
 * has been reaped for the first time, and every call that goes on takes at
 * least a whole step from it. Calls which find the mmap_lock taken don't; they
 * are repeated after a pause, altogether for the second that the oom reaper
 * tries before it gives a victim up.
 */
#define BUSY_CALLS 1000
#define BUSY_PAUSE_NS NS_PER_MS

/* Of the trial that runs, over all its victims. */
static struct {
	int64_t calls;
	int64_t longest_ns;
} steps;

/* All that is wrong with the arguments is EINVAL, a descriptor that is none included. */
static int probe_try_reap(void)
{
	return syscall(NR_TRY_REAP_DYING_PROCESS, -1, 0U, MIB) < 0 && errno != EINVAL ? errno : 0;
}

/* One call, timed. Returns the bytes, or a negative errno. */
static int64_t reap_step(const struct kill_context *context, struct kill_result *result, size_t step)
{
	int64_t start = now_ns();
	int64_t bytes = syscall(NR_TRY_REAP_DYING_PROCESS, context->pidfd, 0U, step);
	int error = bytes < 0 ? errno : 0;

	result->reap_end = now_ns();
	steps.calls++;
	if (result->reap_end - start > steps.longest_ns)
		steps.longest_ns = result->reap_end - start;
	return error ? -error : bytes;
}

static void reap_in_steps(const struct kill_context *context, struct kill_result *result, size_t step)
{
	int64_t reaped = 0;
	int64_t bytes;
	int busy = 0;

	result->reap_start = now_ns();
	do {
		bytes = reap_step(context, result, step);
		if (bytes > 0)
			reaped += bytes;
		if (bytes == -EBUSY)
			sleep_ns(BUSY_PAUSE_NS);
	} while (bytes > 0 || (bytes == -EBUSY && ++busy < BUSY_CALLS));

	/* A victim that gets to its own exit between two calls has not been missed. */
	if (bytes == -ESRCH && reaped)
		bytes = 0;
	result->reap_errno = (int)-bytes;
}

static int prepare_steps(struct failure *failure)
{
	(void)failure;
	memset(&steps, 0, sizeof(steps));
	return 0;
}

static void note_steps(struct trial *trial)
{
	trial_measure(trial, "reap_calls", steps.calls, "calls");
	trial_measure(trial, "reap_call_longest", steps.longest_ns, "ns");
}

static void run_try_reap_16m(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
	reap_in_steps(context, result, 16 * MIB);
}

static void run_try_reap_64m(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
	reap_in_steps(context, result, 64 * MIB);
}

static const struct method try_reap_16m = {
	.name = "try_reap_16m",
	.probe = probe_try_reap,
	.prepare = prepare_steps,
	.run = run_try_reap_16m,
	.finish = note_steps,
};
METHOD(try_reap_16m);

static const struct method try_reap_64m = {
	.name = "try_reap_64m",
	.probe = probe_try_reap,
	.prepare = prepare_steps,
	.run = run_try_reap_64m,
	.finish = note_steps,
};
METHOD(try_reap_64m);
