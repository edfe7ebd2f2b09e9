/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The private interface of kernel-patches/ss-expedite, for its selftests. The
 * compiler's headers don't know it; the values are those of the patched
 * include/uapi/linux/pidfd.h.
 */
#ifndef REAPLAB_SS_EXPEDITE_H
#define REAPLAB_SS_EXPEDITE_H

#include "pidfd-signal.h"

#define EXPEDITE		(1U << 8)	/* marks the victim and queues it */
#define EXPEDITE_QUEUE		(1U << 9)	/* queues it only */

/*
 * Whether the running kernel has the flags: one that knows them reaches the
 * descriptor, which is none.
 */
static inline int kernel_has_expedite(void)
{
	return send_signal(-1, SIGKILL, EXPEDITE_QUEUE) < 0 && errno == EBADF;
}

#define EXPEDITE_MISSING						\
	"KTAP version 1\n1..0 # SKIP pidfd_send_signal() has no PIDFD_SIGNAL_EXPEDITE"

static const unsigned int both_forms[] = { EXPEDITE, EXPEDITE_QUEUE };

#define FORMS	(sizeof(both_forms) / sizeof(both_forms[0]))

#endif /* REAPLAB_SS_EXPEDITE_H */
