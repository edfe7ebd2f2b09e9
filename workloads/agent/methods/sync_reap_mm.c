// SPDX-License-Identifier: GPL-2.0-only
/* sync_reap_mm: one call, SIGKILL with the flag that reaps before it returns, as posted in 2020. */
#include "methods.h"

#define PIDFD_SIGNAL_SYNC_REAP_MM (1UL << 10)

/* EINVAL: the kernel does not know the flag, which is checked before the descriptor. */
static int probe_sync_reap_mm(void)
{
	return errno_unless_ebadf(syscall(SYS_pidfd_send_signal, -1, SIGKILL, NULL, PIDFD_SIGNAL_SYNC_REAP_MM));
}

static void run_sync_reap_mm(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, PIDFD_SIGNAL_SYNC_REAP_MM);
	kill_was_reap(result);
}

static const struct method sync_reap_mm = {
	.name = "sync_reap_mm",
	.probe = probe_sync_reap_mm,
	.run = run_sync_reap_mm,
};
METHOD(sync_reap_mm);
