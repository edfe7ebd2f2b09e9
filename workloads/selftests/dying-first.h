/* SPDX-License-Identifier: GPL-2.0-only */
/* What the selftests of approach dying-first share: its sysctl. */
#ifndef REAPLAB_DYING_FIRST_H
#define REAPLAB_DYING_FIRST_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ktap.h"
#include "support-memory.h"

#define DYING_FIRST	"/proc/sys/vm/dying_first"

/* Whose allocations may use half of the min watermark. */
#define FIRST_NONE		0
#define FIRST_DYING		1
#define FIRST_KTHREADS_TOO	2

/* False on a kernel without the series. */
static inline bool dying_first_exists(void)
{
	return path_exists(DYING_FIRST);
}

/*
 * Through a descriptor that stays open: setting it while memory is short must
 * not wait for memory itself. -1 and errno if it fails.
 */
static inline int dying_first_set(int value)
{
	static int fd = -1;
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", value);

	if (fd < 0)
		fd = open(DYING_FIRST, O_RDWR | O_CLOEXEC);
	return fd >= 0 && pwrite(fd, text, (size_t)length, 0) == length ? 0 : -1;
}

/* The value, or -1. */
static inline int dying_first_get(void)
{
	char text[16];

	return read_file(DYING_FIRST, text, sizeof(text)) > 0 ? atoi(text) : -1;
}

/* For a cleanup: the sysctl, and what else of /proc/sys/vm a case has changed. */
static inline void dying_first_undo(void)
{
	if (dying_first_set(FIRST_NONE) || !vm_restore())
		ktap_note("not all of /proc/sys/vm could be put back");
}

/* Runs cases that take all memory: the test itself must neither wait for some nor be killed for it. */
static inline int dying_first_run(const struct ktap_case *cases, size_t count, void (*cleanup)(void))
{
	if (!dying_first_exists()) {
		printf("KTAP version 1\n1..0 # SKIP this kernel has no vm.dying_first\n");
		return KTAP_SKIP;
	}
	if (mlockall(MCL_CURRENT) || !write_file("/proc/self/oom_score_adj", "-1000"))
		ktap_note("running unprotected: %s", ktap_error_name(errno));
	return ktap_run(cases, count, cleanup);
}

#endif /* REAPLAB_DYING_FIRST_H */
