// SPDX-License-Identifier: GPL-2.0-only
/* boost_policy_kill: of all means the policy alone: SCHED_FIFO, where it was before. */
#include "boost.h"

static void run_boost_policy_kill(const struct kill_context *context, struct kill_result *result)
{
	timed_boost(context, BOOST_POLICY);
	timed_kill(context, result, 0);
}

static const struct method boost_policy_kill = {
	.name = "boost_policy_kill",
	.probe = boost_probe,
	.prepare = boost_prepare,
	.run = run_boost_policy_kill,
	.finish = boost_finish,
};
METHOD(boost_policy_kill);
