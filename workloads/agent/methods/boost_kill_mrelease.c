// SPDX-License-Identifier: GPL-2.0-only
/* boost_kill_mrelease: raised by all means, killed, then reaped by the killer beside the raised victim. */
#include "boost.h"

static void run_boost_kill_mrelease(const struct kill_context *context, struct kill_result *result)
{
	timed_boost(context, BOOST_ALL);
	timed_kill(context, result, 0);
	timed_reap(context, result, SYS_process_mrelease);
}

static const struct method boost_kill_mrelease = {
	.name = "boost_kill_mrelease",
	.probe = boost_probe,
	.prepare = boost_prepare,
	.run = run_boost_kill_mrelease,
	.finish = boost_finish,
};
METHOD(boost_kill_mrelease);
