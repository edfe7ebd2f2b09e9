// SPDX-License-Identifier: GPL-2.0-only
/* ss_expedite_queue: the victim is queued for the oom reaper like that of ss_expedite, but not marked as OOM victim. */
#include "methods.h"

#define PIDFD_SIGNAL_EXPEDITE_QUEUE (1UL << 9)

/* EINVAL: the kernel does not know the flag, which is checked before the descriptor. */
static int probe_ss_expedite_queue(void)
{
	return errno_unless_ebadf(syscall(SYS_pidfd_send_signal, -1, SIGKILL, NULL, PIDFD_SIGNAL_EXPEDITE_QUEUE));
}

static void run_ss_expedite_queue(const struct kill_context *context, struct kill_result *result)
{
	timed_kill(context, result, PIDFD_SIGNAL_EXPEDITE_QUEUE);
}

static const struct method ss_expedite_queue = {
	.name = "ss_expedite_queue",
	.probe = probe_ss_expedite_queue,
	.run = run_ss_expedite_queue,
};
METHOD(ss_expedite_queue);
