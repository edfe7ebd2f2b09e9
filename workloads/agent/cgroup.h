/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_CGROUP_H
#define REAPLAB_CGROUP_H

#include <stdint.h>

#include "failure.h"

#define CGROUP_TRIALS "/sys/fs/cgroup/reaplab"

/* A cgroup (v2) of ours, with the descriptors that the window needs already open. */
struct cgroup {
	char path[160];	/* "" = none */
	int directory_fd;
	int memory_fd;	/* memory.current */
	int kill_fd;	/* cgroup.kill; -1 where the kernel has none */
};

/* Make the parent of all trials' cgroups, with the memory and cpu controllers on below it. */
int cgroup_prepare(const char *path, struct failure *failure);

int cgroup_create(struct cgroup *cgroup, const char *parent, const char *name, struct failure *failure);
int cgroup_set(const struct cgroup *cgroup, const char *file, const char *value, struct failure *failure);
int64_t cgroup_memory(const struct cgroup *cgroup);

/* The number behind @key in one of its flat files (cpu.stat, cgroup.events); -1 where there is none. */
int64_t cgroup_value(const struct cgroup *cgroup, const char *file, const char *key);

/*
 * The errno of writing @value to cgroup.kill, 0 if the kernel takes it; asked
 * of a cgroup without processes.
 */
int cgroup_kill_errno(const char *value);

/* Kill whatever is left in it, wait until it is empty. */
int cgroup_empty(const struct cgroup *cgroup, struct failure *failure);
int cgroup_remove(struct cgroup *cgroup, struct failure *failure);

#endif
