// SPDX-License-Identifier: GPL-2.0-only
/*
 * exit_inherit: SIGKILL, then a wait that lends the victim the killer's
 * SCHED_FIFO priority until it has exited. The wait stands where other methods
 * have their reaping call: ETIMEDOUT if the victim did not exit in time.
 */
#include "exit_inherit.h"
#include "methods.h"

static void run_exit_inherit(const struct kill_context *context, struct kill_result *result)
{
	int error;

	timed_kill(context, result, 0);
	result->reap_start = now_ns();
	error = exit_inherit(context->pidfd, context->limit_ns);
	result->reap_end = now_ns();
	result->reap_errno = error ? errno : 0;
}

static const struct method exit_inherit_method = {
	.name = "exit_inherit",
	.probe = exit_inherit_probe,
	.run = run_exit_inherit,
};
METHOD(exit_inherit_method);
