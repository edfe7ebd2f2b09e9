// SPDX-License-Identifier: GPL-2.0-only
/* cgroup_kill_queue: cgroup.kill that lets kernel threads free the memory of what it kills. */
#include "cgroup.h"
#include "methods.h"

#define VALUE "3"

static int probe_cgroup_kill_queue(void)
{
	return cgroup_kill_errno(VALUE);
}

static void run_cgroup_kill_queue(const struct kill_context *context, struct kill_result *result)
{
	timed_cgroup_kill(context, result, VALUE);
}

static const struct method cgroup_kill_queue = {
	.name = "cgroup_kill_queue",
	.probe = probe_cgroup_kill_queue,
	.run = run_cgroup_kill_queue,
	.whole_cgroup = 1,
};
METHOD(cgroup_kill_queue);
