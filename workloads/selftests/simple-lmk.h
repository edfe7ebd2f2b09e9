/* SPDX-License-Identifier: GPL-2.0-only */
/* What the selftests of approach simple-lmk share: its sysctls, and processes for it to choose from. */
#ifndef REAPLAB_SELFTEST_SIMPLE_LMK_H
#define REAPLAB_SELFTEST_SIMPLE_LMK_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support-memory.h"

#define SIMPLE_LMK	"/proc/sys/vm/simple_lmk"

/* Values of vm.simple_lmk: the caller kills; a kernel thread kills, raises and reaps. */
#define LMK_OFF		"0"
#define LMK_KILL	"1"
#define LMK_REAP	"2"

/* As vm.simple_lmk_minfree_mb: more than any guest has. */
#define MINFREE_ALL	"1000000"

static const char *const lmk_modes[] = { LMK_KILL, LMK_REAP };

#define LMK_MODES	(sizeof(lmk_modes) / sizeof(lmk_modes[0]))

/* Runs the cases, or skips all of them on a kernel without the series. */
#define LMK_MAIN(cases, cleanup)									\
	do {												\
		if (!path_exists(SIMPLE_LMK)) {								\
			printf("KTAP version 1\n1..0 # SKIP this kernel has no vm.simple_lmk\n");	\
			return KTAP_SKIP;								\
		}											\
		return ktap_run(cases, sizeof(cases) / sizeof((cases)[0]), cleanup);			\
	} while (0)

/* Writes to a sysctl of that name, "" or "_kill". -1 and errno if it fails. */
static inline int lmk_write(const char *name, const char *text)
{
	char path[64];
	int error = 0;
	int fd;

	snprintf(path, sizeof(path), SIMPLE_LMK "%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		error = errno;
	close(fd);
	errno = error;
	return error ? -1 : 0;
}

/* Lets it kill, as an allocation would that reclaim has not helped. */
static inline int lmk_kill(void)
{
	return lmk_write("_kill", "1");
}

/* Sets mode, least oom_score_adj and amount until vm_restore(). */
static inline bool lmk_begin(const char *mode, const char *adj_min, const char *minfree_mb)
{
	return vm_restore() && vm_set("simple_lmk_adj_min", adj_min) &&
	       vm_set("simple_lmk_minfree_mb", minfree_mb) && vm_set("simple_lmk", mode);
}

/* Gives a process an oom_score_adj. Who shares its memory gets it with it. */
static inline bool set_adj(pid_t pid, const char *adj)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", pid);
	return write_file(path, adj);
}

/* The end of a case: off first, before anybody is left who could be killed. */
static inline void lmk_cleanup(void)
{
	if (!vm_restore())
		printf("# the sysctls could not be put back\n");
	support_cleanup();
}

#endif /* REAPLAB_SELFTEST_SIMPLE_LMK_H */
