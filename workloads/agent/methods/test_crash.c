// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_crash: panics the kernel in the middle of a trial. No approach offers
 * it, so no plan can name it; the harness's own tests ask for it to see that
 * a crash becomes a row and a new boot.
 */
#include <fcntl.h>

#include "methods.h"

static int probe_test_crash(void)
{
	return access("/proc/sysrq-trigger", W_OK) ? errno : 0;
}

static void run_test_crash(const struct kill_context *context, struct kill_result *result)
{
	int trigger = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	timed_kill(context, result, 0);
	if (write(trigger, "c", 1) < 0)
		result->kill_errno = errno;
	close(trigger);
}

static const struct method test_crash_method = {
	.name = "test_crash",
	.probe = probe_test_crash,
	.run = run_test_crash,
};
METHOD(test_crash_method);
