// SPDX-License-Identifier: GPL-2.0-only
/* boost_nice_kill: nice -20 and nothing else, which SCHED_IDLE victims and other cgroups do not feel. */
#include "boost.h"

static void run_boost_nice_kill(const struct kill_context *context, struct kill_result *result)
{
	timed_boost(context, BOOST_NICE);
	timed_kill(context, result, 0);
}

static const struct method boost_nice_kill = {
	.name = "boost_nice_kill",
	.probe = boost_probe,
	.prepare = boost_prepare,
	.run = run_boost_nice_kill,
	.finish = boost_finish,
};
METHOD(boost_nice_kill);
