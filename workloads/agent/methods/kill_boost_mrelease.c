// SPDX-License-Identifier: GPL-2.0-only
/* kill_boost_mrelease: SIGKILL, then all means, then the reaping call, which so has to wait for the boost. */
#include "boost.h"

static void run_kill_boost_mrelease(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
	timed_boost(context, BOOST_ALL);
	timed_reap(context, result, SYS_process_mrelease);
}

static const struct method kill_boost_mrelease = {
	.name = "kill_boost_mrelease",
	.probe = boost_probe,
	.prepare = boost_prepare,
	.run = run_kill_boost_mrelease,
	.finish = boost_finish,
};
METHOD(kill_boost_mrelease);
