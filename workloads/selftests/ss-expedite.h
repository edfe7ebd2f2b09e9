/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The private interface of kernel-patches/ss-expedite, for its selftests. The
 * compiler's headers don't know it; the values are those of the patched
 * include/uapi/linux/pidfd.h.
 */
#ifndef REAPLAB_SS_EXPEDITE_H
#define REAPLAB_SS_EXPEDITE_H

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SCOPE_THREAD		(1U << 0)
#define SCOPE_THREAD_GROUP	(1U << 1)
#define SCOPE_PROCESS_GROUP	(1U << 2)
#define EXPEDITE		(1U << 8)	/* marks the victim and queues it */
#define EXPEDITE_QUEUE		(1U << 9)	/* queues it only */

static inline int send_signal(int pidfd, int signal_number, unsigned int flags)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, signal_number, NULL, flags);
}

/*
 * Whether the running kernel has the flags: one that knows them reaches the
 * descriptor, which is none.
 */
static inline int kernel_has_expedite(void)
{
	return send_signal(-1, SIGKILL, EXPEDITE_QUEUE) < 0 && errno == EBADF;
}

#endif /* REAPLAB_SS_EXPEDITE_H */
