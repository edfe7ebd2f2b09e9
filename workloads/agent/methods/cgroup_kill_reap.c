// SPDX-License-Identifier: GPL-2.0-only
/* cgroup_kill_reap: cgroup.kill that frees the memory of what it kills before it returns. */
#include "cgroup.h"
#include "methods.h"

#define VALUE "2"

static int probe_cgroup_kill_reap(void)
{
	return cgroup_kill_errno(VALUE);
}

static void run_cgroup_kill_reap(const struct kill_context *context, struct kill_result *result)
{
	timed_cgroup_kill(context, result, VALUE);
}

static const struct method cgroup_kill_reap = {
	.name = "cgroup_kill_reap",
	.probe = probe_cgroup_kill_reap,
	.run = run_cgroup_kill_reap,
	.whole_cgroup = 1,
};
METHOD(cgroup_kill_reap);
