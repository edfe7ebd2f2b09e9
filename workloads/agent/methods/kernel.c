// SPDX-License-Identifier: GPL-2.0-only
/* kernel: nobody calls; the OOM killer kills as the running kernel has it. */
#include "limiter.h"
#include "methods.h"

static int probe_kernel(void)
{
	return 0;
}

static const struct method kernel = {
	.name = "kernel",
	.probe = probe_kernel,
	.prepare = limiter_prepare,
	.run = limiter_kill,
	.killed_at = limiter_killed_at,
	.whole_cgroup = 1,
};
METHOD(kernel);
