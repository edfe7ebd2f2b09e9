/* SPDX-License-Identifier: GPL-2.0-only */
/* pidfd_send_signal(), for the selftests of what the proposals add to it. */
#ifndef REAPLAB_PIDFD_SIGNAL_H
#define REAPLAB_PIDFD_SIGNAL_H

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SCOPE_THREAD		(1U << 0)
#define SCOPE_THREAD_GROUP	(1U << 1)
#define SCOPE_PROCESS_GROUP	(1U << 2)

static inline int send_signal(int pidfd, int signal_number, unsigned int flags)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, signal_number, NULL, flags);
}

#endif /* REAPLAB_PIDFD_SIGNAL_H */
