/* SPDX-License-Identifier: GPL-2.0-only */
/* try_reap_dying_process(), for its selftests. */
#ifndef REAPLAB_SELFTEST_TRY_REAP_H
#define REAPLAB_SELFTEST_TRY_REAP_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

/* The private number that the approach's series gives it on x86-64. */
#define SYS_TRY_REAP	601

/*
 * By how much a call may go beyond its limit: it ends with a page table, or
 * with a huge page, never before it has reached the limit.
 */
#define TABLE_BYTES	((size_t)2 << 20)

static inline long try_reap(int pidfd, unsigned int flags, size_t max_bytes)
{
	return syscall(SYS_TRY_REAP, pidfd, flags, max_bytes);
}

/* Everything in one call. */
static inline long try_reap_all(int pidfd)
{
	return try_reap(pidfd, 0, SIZE_MAX);
}

/* A kernel that has the call finds fault with the descriptor. */
static inline int kernel_has_try_reap(void)
{
	return try_reap(-1, 0, 1) < 0 && errno == EINVAL;
}

#define TRY_REAP_MISSING	"KTAP version 1\n1..0 # SKIP no try_reap_dying_process()"

#endif /* REAPLAB_SELFTEST_TRY_REAP_H */
