/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_SYSCTLS_H
#define REAPLAB_SYSCTLS_H

#include "failure.h"

/* What a method wants a sysctl to be while it kills. */
struct sysctl_setting {
	const char *path;	/* below /proc/sys/; NULL ends a list */
	const char *value;
};

/* 0 if the kernel has all of them, else the errno of the first that it has not. For probes. */
int sysctls_missing(const struct sysctl_setting *settings);

/* Set them, and remember what they were. NULL is an empty list. */
int sysctls_set(const struct sysctl_setting *settings, struct failure *failure);

/* Put back whatever has been set. */
int sysctls_restore(struct failure *failure);

#endif
