// SPDX-License-Identifier: GPL-2.0-only
/* boost_kill: the victim is raised by all means, then killed. */
#include "boost.h"

static void run_boost_kill(const struct kill_context *context, struct kill_result *result)
{
	timed_boost(context, BOOST_ALL);
	timed_kill(context, result, 0);
}

static const struct method boost_kill = {
	.name = "boost_kill",
	.probe = boost_probe,
	.prepare = boost_prepare,
	.run = run_boost_kill,
	.finish = boost_finish,
};
METHOD(boost_kill);
