// SPDX-License-Identifier: GPL-2.0-only
/* simple_lmk: the low memory killer of the kernel kills, and leaves its victims to themselves. */
#include "simple_lmk.h"

static const struct sysctl_setting sysctls[] = SIMPLE_LMK_SYSCTLS("1");

static int probe_simple_lmk(void)
{
	return sysctls_missing(sysctls);
}

static const struct method simple_lmk = {
	.name = "simple_lmk",
	.probe = probe_simple_lmk,
	.run = simple_lmk_run,
	.whole_cgroup = 1,
	.sysctls = sysctls,
};
METHOD(simple_lmk);
