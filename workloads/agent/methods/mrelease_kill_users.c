// SPDX-License-Identifier: GPL-2.0-only
/* mrelease_kill_users: one call that kills and reaps, as in the first version of 2026: mm_users is pinned, so that the caller tears down. */
#include "methods.h"

#define PROCESS_MRELEASE_REAP_KILL (1U << 0)
#define PROCESS_MRELEASE_PIN_USERS (1U << 8)
#define FLAGS (PROCESS_MRELEASE_REAP_KILL | PROCESS_MRELEASE_PIN_USERS)

/* EINVAL: the kernel does not know the flag, which is checked before the descriptor. */
static int probe_mrelease_kill_users(void)
{
	return errno_unless_ebadf(syscall(SYS_process_mrelease, -1, FLAGS));
}

static void run_mrelease_kill_users(const struct kill_context *context, struct kill_result *result)
{
	timed_kill_and_reap(context, result, SYS_process_mrelease, FLAGS);
}

static const struct method mrelease_kill_users = {
	.name = "mrelease_kill_users",
	.probe = probe_mrelease_kill_users,
	.run = run_mrelease_kill_users,
};
METHOD(mrelease_kill_users);
