// SPDX-License-Identifier: GPL-2.0-only
/* ss_expedite: one call, SIGKILL with the flag that hands the victim, marked as OOM victim, to the oom reaper. */
#include "methods.h"

#define PIDFD_SIGNAL_EXPEDITE (1UL << 8)

/* EINVAL: the kernel does not know the flag, which is checked before the descriptor. */
static int probe_ss_expedite(void)
{
	return errno_unless_ebadf(syscall(SYS_pidfd_send_signal, -1, SIGKILL, NULL, PIDFD_SIGNAL_EXPEDITE));
}

static void run_ss_expedite(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, PIDFD_SIGNAL_EXPEDITE);
}

static const struct method ss_expedite = {
	.name = "ss_expedite",
	.probe = probe_ss_expedite,
	.run = run_ss_expedite,
};
METHOD(ss_expedite);
