/* SPDX-License-Identifier: GPL-2.0-only */
/* The calls that the process_reap() selftests compare. */
#ifndef REAPLAB_SELFTEST_PROCESS_REAP_H
#define REAPLAB_SELFTEST_PROCESS_REAP_H

#include <sys/syscall.h>
#include <unistd.h>

/* The private number that the approach's series gives it on x86-64. */
#define SYS_PROCESS_REAP	600

static inline long process_reap(int pidfd, unsigned int flags)
{
	return syscall(SYS_PROCESS_REAP, pidfd, flags);
}

static inline long mrelease(int pidfd, unsigned int flags)
{
	return syscall(SYS_process_mrelease, pidfd, flags);
}

/*
 * How far memory.current may be off: up to 64 pages of charges per CPU are
 * kept in stock, and page tables, stacks and the victim's text are charged
 * beside the memory it asked for.
 */
#define MEMORY_SLACK	(4 * (int64_t)MIB)

#endif /* REAPLAB_SELFTEST_PROCESS_REAP_H */
