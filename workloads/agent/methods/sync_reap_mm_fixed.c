// SPDX-License-Identifier: GPL-2.0-only
/* sync_reap_mm_fixed: as sync_reap_mm, with the mm pinned before the signal and without the early MMF_OOM_SKIP. */
#include "methods.h"

#define PIDFD_SIGNAL_SYNC_REAP_MM_FIXED (1UL << 11)

/* EINVAL: the kernel does not know the flag, which is checked before the descriptor. */
static int probe_sync_reap_mm_fixed(void)
{
	return errno_unless_ebadf(syscall(SYS_pidfd_send_signal, -1, SIGKILL, NULL, PIDFD_SIGNAL_SYNC_REAP_MM_FIXED));
}

static void run_sync_reap_mm_fixed(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, PIDFD_SIGNAL_SYNC_REAP_MM_FIXED);
	kill_was_reap(result);
}

static const struct method sync_reap_mm_fixed = {
	.name = "sync_reap_mm_fixed",
	.probe = probe_sync_reap_mm_fixed,
	.run = run_sync_reap_mm_fixed,
};
METHOD(sync_reap_mm_fixed);
