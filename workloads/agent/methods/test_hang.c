// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_hang: stops the agent in the middle of a trial, so that it never
 * answers. No approach offers it; see test_crash.c.
 */
#include "methods.h"

static int probe_test_hang(void)
{
	return 0;
}

static void run_test_hang(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
	raise(SIGSTOP);
}

static const struct method test_hang_method = {
	.name = "test_hang",
	.probe = probe_test_hang,
	.run = run_test_hang,
};
METHOD(test_hang_method);
