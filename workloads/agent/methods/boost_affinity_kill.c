// SPDX-License-Identifier: GPL-2.0-only
/* boost_affinity_kill: of all means the affinity alone: every CPU, at the old priority. */
#include "boost.h"

static void run_boost_affinity_kill(const struct kill_context *context, struct kill_result *result)
{
	timed_boost(context, BOOST_AFFINITY);
	timed_kill(context, result, 0);
}

static const struct method boost_affinity_kill = {
	.name = "boost_affinity_kill",
	.probe = boost_probe,
	.prepare = boost_prepare,
	.run = run_boost_affinity_kill,
	.finish = boost_finish,
};
METHOD(boost_affinity_kill);
