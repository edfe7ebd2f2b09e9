/* SPDX-License-Identifier: GPL-2.0-only */
/* process_madvise() for a whole address space, for its selftests. */
#ifndef REAPLAB_SELFTEST_MADVISE_DONTNEED_H
#define REAPLAB_SELFTEST_MADVISE_DONTNEED_H

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25	/* since Linux 6.1 */
#endif

/* The private bit that the approach's series gives it in <linux/mman.h>. */
#define RANGE	(1U << 8)

/* The sysctl that opens the hole which the last patch of the series closes. */
#define SHARED	"/proc/sys/vm/madvise_dontneed_shared"

static inline long advise(int pidfd, const struct iovec *vector, size_t count, int advice,
			  unsigned int flags)
{
	return syscall(SYS_process_madvise, pidfd, vector, count, advice, flags);
}

/* Everything that a dying process has. */
static inline long discard(int pidfd)
{
	return advise(pidfd, NULL, 0, MADV_DONTNEED, RANGE);
}

/* A kernel that knows the flag gets to the descriptor. */
static inline int kernel_has_range(void)
{
	return discard(-1) < 0 && errno == EBADF;
}

#define RANGE_MISSING	"KTAP version 1\n1..0 # SKIP process_madvise() has no PMADV_FLAG_RANGE"

#endif /* REAPLAB_SELFTEST_MADVISE_DONTNEED_H */
