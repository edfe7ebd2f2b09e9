// SPDX-License-Identifier: GPL-2.0-only
/* dying_first: SIGKILL and nothing else, on a kernel where dying threads may use part of the memory reserves. */
#include "methods.h"

static const struct sysctl_setting sysctls[] = { { "vm/dying_first", "1" }, { 0 } };

static int probe_dying_first(void)
{
	return sysctls_missing(sysctls);
}

static void run_dying_first(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
}

static const struct method dying_first = {
	.name = "dying_first",
	.probe = probe_dying_first,
	.run = run_dying_first,
	.sysctls = sysctls,
};
METHOD(dying_first);
