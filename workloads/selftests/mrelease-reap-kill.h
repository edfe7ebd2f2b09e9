/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The private interface of kernel-patches/mrelease-reap-kill, for its
 * selftests. The compiler's headers don't know it; the values are those of the
 * patched include/uapi/linux/mman.h.
 */
#ifndef REAPLAB_MRELEASE_REAP_KILL_H
#define REAPLAB_MRELEASE_REAP_KILL_H

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REAP_KILL	(1U << 0)	/* kill the process, then reap it; pins mm_count */
#define PIN_USERS	(1U << 8)	/* pins mm_users instead */
#define KILL_SHARERS	(1U << 9)	/* kills all who share the memory, too */

/* How the mm is pinned has no influence on who is taken. */
static const unsigned int both_pins[] = { REAP_KILL, REAP_KILL | PIN_USERS };

#define PINS	(sizeof(both_pins) / sizeof(both_pins[0]))

static const unsigned int all_forms[] = {
	REAP_KILL,
	REAP_KILL | PIN_USERS,
	REAP_KILL | KILL_SHARERS,
	REAP_KILL | PIN_USERS | KILL_SHARERS,
};

#define FORMS	(sizeof(all_forms) / sizeof(all_forms[0]))

static inline int mrelease(int pidfd, unsigned int flags)
{
	return (int)syscall(SYS_process_mrelease, pidfd, flags);
}

/*
 * Whether the running kernel has the flags: one that knows them reaches the
 * descriptor, which is none.
 */
static inline int kernel_has_reap_kill(void)
{
	return mrelease(-1, REAP_KILL | PIN_USERS | KILL_SHARERS) < 0 && errno == EBADF;
}

#define REAP_KILL_MISSING						\
	"KTAP version 1\n1..0 # SKIP process_mrelease() has no PROCESS_MRELEASE_REAP_KILL"

#endif /* REAPLAB_MRELEASE_REAP_KILL_H */
