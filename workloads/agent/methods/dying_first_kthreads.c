// SPDX-License-Identifier: GPL-2.0-only
/* dying_first_kthreads: dying_first, and all kernel threads may use that part of the reserves, too. */
#include "methods.h"

static const struct sysctl_setting sysctls[] = { { "vm/dying_first", "2" }, { 0 } };

static int probe_dying_first_kthreads(void)
{
	return sysctls_missing(sysctls);
}

static void run_dying_first_kthreads(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
}

static const struct method dying_first_kthreads = {
	.name = "dying_first_kthreads",
	.probe = probe_dying_first_kthreads,
	.run = run_dying_first_kthreads,
	.sysctls = sysctls,
};
METHOD(dying_first_kthreads);
