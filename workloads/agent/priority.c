// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <sched.h>
#include <sys/resource.h>

#include "priority.h"

int take_priority(int priority, struct failure *failure)
{
	struct sched_param parameter = { .sched_priority = priority };

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameter))
		return fail_errno(failure, "cannot become SCHED_FIFO");
	return 0;
}

int take_nice(int64_t nice, struct failure *failure)
{
	const struct sched_param parameter = { .sched_priority = 0 };

	/* The nice value first, while there is time to set it. */
	if (setpriority(PRIO_PROCESS, 0, (int)nice) ||
	    sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &parameter))
		return fail_errno(failure, "cannot become SCHED_OTHER at nice %" PRId64, nice);
	return 0;
}
