// SPDX-License-Identifier: GPL-2.0-only
/* cgroup_kill: SIGKILL for all of the victim's cgroup at once, and nothing else. */
#include "cgroup.h"
#include "methods.h"

#define VALUE "1"

static int probe_cgroup_kill(void)
{
	return cgroup_kill_errno(VALUE);
}

static void run_cgroup_kill(const struct kill_context *context, struct kill_result *result)
{
	timed_cgroup_kill(context, result, VALUE);
}

static const struct method cgroup_kill = {
	.name = "cgroup_kill",
	.probe = probe_cgroup_kill,
	.run = run_cgroup_kill,
	.whole_cgroup = 1,
};
METHOD(cgroup_kill);
