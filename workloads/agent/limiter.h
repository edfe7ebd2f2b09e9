/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_LIMITER_H
#define REAPLAB_LIMITER_H

#include "methods.h"

/*
 * A kill by the kernel: the victims' cgroup gets a limit below what it holds,
 * and the OOM killer kills all of it (memory.oom.group, so that a set is one
 * kill as well). kill_call lasts from the limit until the kill has been
 * counted; the limit is lifted then. What the kernel does before it kills,
 * reclaim in vain and a report to the log, is the measure limit_to_kill and not
 * part of the times: limiter_killed_at() is t0.
 *
 * A method of this kind has all four functions, and whole_cgroup.
 */
int limiter_prepare(struct failure *failure);
void limiter_kill(const struct kill_context *context, struct kill_result *result);
int64_t limiter_killed_at(struct trial *trial);

#endif
