// SPDX-License-Identifier: GPL-2.0-only
/* mrelease_kill_count: one call that kills and reaps, as in the later versions of 2026: mm_count is pinned. */
#include "methods.h"

#define PROCESS_MRELEASE_REAP_KILL (1U << 0)

/* EINVAL: the kernel does not know the flag, which is checked before the descriptor. */
static int probe_mrelease_kill_count(void)
{
	return errno_unless_ebadf(syscall(SYS_process_mrelease, -1, PROCESS_MRELEASE_REAP_KILL));
}

static void run_mrelease_kill_count(const struct kill_context *context, struct kill_result *result)
{
	timed_kill_and_reap(context, result, SYS_process_mrelease, PROCESS_MRELEASE_REAP_KILL);
}

static const struct method mrelease_kill_count = {
	.name = "mrelease_kill_count",
	.probe = probe_mrelease_kill_count,
	.run = run_mrelease_kill_count,
};
METHOD(mrelease_kill_count);
