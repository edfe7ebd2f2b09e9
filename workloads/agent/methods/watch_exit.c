// SPDX-License-Identifier: GPL-2.0-only
/*
 * watch_exit: plain SIGKILL by a killer that waits for the victim's end by
 * every way there is, and notes when it learned of it by which. All that is
 * opened before the kill is opened before the clock starts.
 */
#include "notices.h"

static int probe_watch_exit(void)
{
	return access("/proc/self/exithand", F_OK) ? errno : 0;
}

static void run_watch_exit(const struct kill_context *context, struct kill_result *result)
{
	notices_begin(context);
	timed_kill(context, result, 0);
	notices_wait(context, result);
}

static const struct method watch_exit = {
	.name = "watch_exit",
	.probe = probe_watch_exit,
	.prepare = notices_prepare,
	.run = run_watch_exit,
	.finish = notices_finish,
};
METHOD(watch_exit);
