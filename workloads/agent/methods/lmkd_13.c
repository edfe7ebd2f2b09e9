// SPDX-License-Identifier: GPL-2.0-only
/*
 * lmkd_13: what a reaper thread of Android 13's lmkd does, in its order: kill,
 * move to the foreground cgroup, setpriority(2) for every thread, and only then
 * process_mrelease(2).
 */
#include "boost.h"

static void run_lmkd_13(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
	timed_boost(context, BOOST_LMKD);
	timed_reap(context, result, SYS_process_mrelease);
}

static const struct method lmkd_13 = {
	.name = "lmkd_13",
	.probe = boost_probe,
	.prepare = boost_prepare,
	.run = run_lmkd_13,
	.finish = boost_finish,
};
METHOD(lmkd_13);
