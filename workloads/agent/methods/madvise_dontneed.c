// SPDX-License-Identifier: GPL-2.0-only
/* madvise_dontneed: SIGKILL, then at once advice that nothing of the victim is needed. */
#include <sys/mman.h>

#include "methods.h"

/* Private to this project's patch series; the first bit in what was proposed. */
#define PMADV_FLAG_RANGE (1U << 8)

static long discard(int pidfd)
{
	return syscall(SYS_process_madvise, pidfd, NULL, 0UL, MADV_DONTNEED, PMADV_FLAG_RANGE);
}

/* EINVAL: the kernel does not know the flag, which is checked before the descriptor. */
static int probe_madvise_dontneed(void)
{
	return errno_unless_ebadf(discard(-1));
}

static void run_madvise_dontneed(const struct kill_context *context, struct kill_result *result)
{
	long error;

	timed_kill(context, result, 0);
	result->reap_start = now_ns();
	error = discard(context->pidfd);
	result->reap_end = now_ns();
	result->reap_errno = error ? errno : 0;
}

static const struct method madvise_dontneed = {
	.name = "madvise_dontneed",
	.probe = probe_madvise_dontneed,
	.run = run_madvise_dontneed,
};
METHOD(madvise_dontneed);
