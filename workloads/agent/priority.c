// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>

#include "priority.h"

int take_priority(int priority, struct failure *failure)
{
	struct sched_param parameter = { .sched_priority = priority };

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameter))
		return fail_errno(failure, "cannot become SCHED_FIFO");
	return 0;
}
