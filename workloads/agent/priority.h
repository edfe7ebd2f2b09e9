/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_PRIORITY_H
#define REAPLAB_PRIORITY_H

#include <stdint.h>

#include "failure.h"

/*
 * SCHED_FIFO priorities: above every normal task, the observer above the
 * killer it watches. Low numbers, so that no kernel thread with a real-time
 * priority of its own (50 and up) has to wait for a measuring tool.
 */
enum { PRIORITY_KILLER = 10, PRIORITY_OBSERVER = 11 };

/* Give the calling thread a SCHED_FIFO priority that its children do not inherit. */
int take_priority(int priority, struct failure *failure);

/* Make the calling thread a normal one of that nice value, until it takes a priority again. */
int take_nice(int64_t nice, struct failure *failure);

#endif
