// SPDX-License-Identifier: GPL-2.0-only
/* expedite_always: SIGKILL and nothing else, on a kernel that reaps whatever a signal kills. */
#include "methods.h"

static const struct sysctl_setting sysctls[] = { { "vm/expedite_always", "1" }, { 0 } };

static int probe_expedite_always(void)
{
	return sysctls_missing(sysctls);
}

static void run_expedite_always(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
}

static const struct method expedite_always = {
	.name = "expedite_always",
	.probe = probe_expedite_always,
	.run = run_expedite_always,
	.sysctls = sysctls,
};
METHOD(expedite_always);
