// SPDX-License-Identifier: GPL-2.0-only
/* kernel_list: the OOM killer kills; its victims are listed for the oom reaper after two seconds, as ever. */
#include "limiter.h"
#include "methods.h"

static const struct sysctl_setting sysctls[] = {
	{ "vm/oom_reaper_slot", "0" },
	{ "vm/oom_reaper_slot_delay_ms", "2000" },
	{ 0 },
};

static int probe_kernel_list(void)
{
	return sysctls_missing(sysctls);
}

static const struct method kernel_list = {
	.name = "kernel_list",
	.probe = probe_kernel_list,
	.prepare = limiter_prepare,
	.run = limiter_kill,
	.killed_at = limiter_killed_at,
	.whole_cgroup = 1,
	.sysctls = sysctls,
};
METHOD(kernel_list);
