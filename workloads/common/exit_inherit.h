/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The private interface of kernel-patches/exit-inherit. The compiler's headers
 * don't know it; the values are those of the patched include/uapi/linux/pidfd.h.
 */
#ifndef REAPLAB_EXIT_INHERIT_H
#define REAPLAB_EXIT_INHERIT_H

#include <errno.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct pidfd_exit_inherit {
	uint64_t flags;
	int64_t timeout_ns;	/* relative; negative: no limit */
};

#define PIDFD_EXIT_INHERIT	_IOW(0xFF, 0x4d, struct pidfd_exit_inherit)

static inline int exit_inherit(int pidfd, int64_t timeout_ns)
{
	struct pidfd_exit_inherit arguments = { .timeout_ns = timeout_ns };

	return ioctl(pidfd, PIDFD_EXIT_INHERIT, &arguments);
}

/*
 * 0 if the running kernel has it: then it looks at the argument, which is none,
 * and fails with EFAULT. Others don't know the number and say ENOTTY.
 */
static inline int exit_inherit_probe(void)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
	int error;

	if (self < 0)
		return errno;
	error = ioctl(self, PIDFD_EXIT_INHERIT, NULL) < 0 ? errno : 0;
	close(self);
	return error == EFAULT ? 0 : error;
}

#endif
