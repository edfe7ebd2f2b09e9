/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_COUNTERS_H
#define REAPLAB_COUNTERS_H

#include <stdint.h>
#include <sys/types.h>

#include "failure.h"

/* Events of /proc/vmstat that say how short of memory the guest was. */
struct counters {
	int64_t allocstall;	/* entries into direct reclaim, all zones */
	int64_t pgscan_direct;
	int64_t oom_kill;
};

int counters_open(struct failure *failure);
void counters_read(struct counters *counters);

/* More kernel threads of one kind are not counted. */
#define KTHREADS_MAX 8

/* The kernel threads whose names begin so; @found has KTHREADS_MAX + 1 and is ended by 0. */
void find_kthreads(const char *prefix, pid_t *found);

/* The name of the clocksource in use. */
const char *clocksource(void);

/* CPU time of a whole process in ns, for as long as it has not been waited for; -1 after that. */
int64_t process_cpu_ns(pid_t pid);

/* The same for a list of kernel threads, ended by 0. */
int64_t kthreads_cpu_ns(const pid_t *kthreads);

#endif
