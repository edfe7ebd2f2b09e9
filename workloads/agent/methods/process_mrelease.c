// SPDX-License-Identifier: GPL-2.0-only
/* process_mrelease: SIGKILL, then at once the reaping call that 5.15 brought. */
#include "methods.h"

static int probe_process_mrelease(void)
{
	return errno_unless_ebadf(syscall(SYS_process_mrelease, -1, 0U));
}

static void run_process_mrelease(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
	timed_reap(context, result, SYS_process_mrelease);
}

static const struct method process_mrelease = {
	.name = "process_mrelease",
	.probe = probe_process_mrelease,
	.run = run_process_mrelease,
};
METHOD(process_mrelease);
