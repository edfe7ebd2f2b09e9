// SPDX-License-Identifier: GPL-2.0-only
/* boost_cgroup_kill: of all means the cgroup alone: away from the load and the quota of the old one. */
#include "boost.h"

static void run_boost_cgroup_kill(const struct kill_context *context, struct kill_result *result)
{
	timed_boost(context, BOOST_CGROUP);
	timed_kill(context, result, 0);
}

static const struct method boost_cgroup_kill = {
	.name = "boost_cgroup_kill",
	.probe = boost_probe,
	.prepare = boost_prepare,
	.run = run_boost_cgroup_kill,
	.finish = boost_finish,
};
METHOD(boost_cgroup_kill);
