// SPDX-License-Identifier: GPL-2.0-only
/* kernel_slot_at_once: the OOM killer kills; the oom reaper has one slot for its victims, filled at once, as in 2015. */
#include "limiter.h"
#include "methods.h"

static const struct sysctl_setting sysctls[] = {
	{ "vm/oom_reaper_slot", "1" },
	{ "vm/oom_reaper_slot_delay_ms", "0" },
	{ 0 },
};

static int probe_kernel_slot_at_once(void)
{
	return sysctls_missing(sysctls);
}

static const struct method kernel_slot_at_once = {
	.name = "kernel_slot_at_once",
	.probe = probe_kernel_slot_at_once,
	.prepare = limiter_prepare,
	.run = limiter_kill,
	.killed_at = limiter_killed_at,
	.whole_cgroup = 1,
	.sysctls = sysctls,
};
METHOD(kernel_slot_at_once);
