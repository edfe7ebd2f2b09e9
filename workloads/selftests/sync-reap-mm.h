/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The private interface of kernel-patches/sync-reap-mm, for its selftests. The
 * compiler's headers don't know it; the values are those of the patched
 * include/uapi/linux/pidfd.h.
 */
#ifndef REAPLAB_SYNC_REAP_MM_H
#define REAPLAB_SYNC_REAP_MM_H

#include "pidfd-signal.h"

#define SYNC_REAP		(1U << 10)	/* as posted */
#define SYNC_REAP_FIXED		(1U << 11)	/* mm pinned before the kill, not marked early */

static const unsigned int both_forms[] = { SYNC_REAP, SYNC_REAP_FIXED };

#define FORMS	(sizeof(both_forms) / sizeof(both_forms[0]))

/* The kill that is the matter of all this. */
static inline int kill_and_reap(int pidfd, unsigned int form)
{
	return send_signal(pidfd, SIGKILL, form);
}

static inline int mrelease(int pidfd, unsigned int flags)
{
	return (int)syscall(SYS_process_mrelease, pidfd, flags);
}

/*
 * Whether the running kernel has the flags: one that knows them reaches the
 * descriptor, which is none.
 */
static inline int kernel_has_sync_reap(void)
{
	return kill_and_reap(-1, SYNC_REAP_FIXED) < 0 && errno == EBADF;
}

#define SYNC_REAP_MISSING						\
	"KTAP version 1\n1..0 # SKIP pidfd_send_signal() has no PIDFD_SIGNAL_SYNC_REAP_MM"

#endif /* REAPLAB_SYNC_REAP_MM_H */
