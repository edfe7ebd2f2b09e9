// SPDX-License-Identifier: GPL-2.0-only
/*
 * simple_lmk_reap: the same on a kernel thread, which then thaws and raises its
 * victims and reaps them. The call only wakes that thread.
 */
#include "simple_lmk.h"

static const struct sysctl_setting sysctls[] = SIMPLE_LMK_SYSCTLS("2");

static int probe_simple_lmk_reap(void)
{
	return sysctls_missing(sysctls);
}

static const struct method simple_lmk_reap = {
	.name = "simple_lmk_reap",
	.probe = probe_simple_lmk_reap,
	.run = simple_lmk_run,
	.whole_cgroup = 1,
	.sysctls = sysctls,
};
METHOD(simple_lmk_reap);
