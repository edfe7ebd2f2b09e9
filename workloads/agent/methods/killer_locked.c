// SPDX-License-Identifier: GPL-2.0-only
/* killer_locked: the OOM daemon with mlockall(2) and SCHED_FIFO, what user space can do today. */
#include "methods.h"

static int probe_killer_locked(void)
{
	return errno_unless_ebadf(syscall(SYS_pidfd_send_signal, -1, SIGKILL, NULL, 0));
}

static const struct method killer_locked = { .name = "killer_locked", .probe = probe_killer_locked, .killer = "locked" };
METHOD(killer_locked);
