// SPDX-License-Identifier: GPL-2.0-only
/* kill_boost: SIGKILL first, so that nobody raised runs in user space; then all means at once. */
#include "boost.h"

static void run_kill_boost(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
	timed_boost(context, BOOST_ALL);
}

static const struct method kill_boost = {
	.name = "kill_boost",
	.probe = boost_probe,
	.prepare = boost_prepare,
	.run = run_kill_boost,
	.finish = boost_finish,
};
METHOD(kill_boost);
