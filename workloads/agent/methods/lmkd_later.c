// SPDX-License-Identifier: GPL-2.0-only
/*
 * lmkd_later: the order of later lmkds: kill, leave the raising to another
 * thread, and call process_mrelease(2) at once. They kill the victim's whole
 * cgroup where they can; here it is the one process, so that against lmkd_13
 * the order alone differs.
 */
#include "boost.h"

static void run_lmkd_later(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
	begin_boost(context, BOOST_LMKD);
	timed_reap(context, result, SYS_process_mrelease);
}

static const struct method lmkd_later = {
	.name = "lmkd_later",
	.probe = boost_probe,
	.prepare = boost_prepare,
	.run = run_lmkd_later,
	.finish = boost_finish,
};
METHOD(lmkd_later);
