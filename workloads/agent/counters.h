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

/* The kernel thread of that name, 0 if there is none. */
pid_t find_kthread(const char *name);

/* The name of the clocksource in use. */
const char *clocksource(void);

/* CPU time of a whole process in ns, for as long as it has not been waited for; -1 after that. */
int64_t process_cpu_ns(pid_t pid);

#endif
