// SPDX-License-Identifier: GPL-2.0-only
/* kill: SIGKILL and nothing else. The reference of every other method. */
#include "methods.h"

static int probe_kill(void)
{
	return errno_unless_ebadf(syscall(SYS_pidfd_send_signal, -1, SIGKILL, NULL, 0));
}

static void run_kill(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, 0);
}

static const struct method kill_method = { .name = "kill", .probe = probe_kill, .run = run_kill };
METHOD(kill_method);
