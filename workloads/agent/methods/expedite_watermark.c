// SPDX-License-Identifier: GPL-2.0-only
/* expedite_watermark: the same, but the kernel reaps only while free memory is below a zone's high watermark. */
#include "methods.h"

static const struct sysctl_setting sysctls[] = { { "vm/expedite_always", "2" }, { 0 } };

static int probe_expedite_watermark(void)
{
	return sysctls_missing(sysctls);
}

static void run_expedite_watermark(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
}

static const struct method expedite_watermark = {
	.name = "expedite_watermark",
	.probe = probe_expedite_watermark,
	.run = run_expedite_watermark,
	.sysctls = sysctls,
};
METHOD(expedite_watermark);
