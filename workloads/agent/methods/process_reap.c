// SPDX-License-Identifier: GPL-2.0-only
/* process_reap: SIGKILL, then at once the call as first proposed in 2021. */
#include "methods.h"

/* Private to this project's patch series: outside the range in use on x86-64. */
#define NR_PROCESS_REAP 600

static int probe_process_reap(void)
{
	return errno_unless_ebadf(syscall(NR_PROCESS_REAP, -1, 0U));
}

static void run_process_reap(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
	timed_reap(context, result, NR_PROCESS_REAP);
}

static const struct method process_reap = {
	.name = "process_reap",
	.probe = probe_process_reap,
	.run = run_process_reap,
};
METHOD(process_reap);
