// SPDX-License-Identifier: GPL-2.0-only
/* killer_plain: an OOM daemon like any other program: pageable, SCHED_OTHER. */
#include "methods.h"

static int probe_killer_plain(void)
{
	return errno_unless_ebadf(syscall(SYS_pidfd_send_signal, -1, SIGKILL, NULL, 0));
}

static const struct method killer_plain = { .name = "killer_plain", .probe = probe_killer_plain, .killer = "plain" };
METHOD(killer_plain);
