/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_NOTICES_H
#define REAPLAB_NOTICES_H

#include "methods.h"

/*
 * When a killer learns of its victim's death, by each way there is: what
 * struct method's prepare and finish are to a method that watches.
 */
int notices_prepare(struct failure *failure);
void notices_finish(struct trial *trial);

/* Before the kill: watch the victim by all ways that the kernel has. */
void notices_begin(const struct kill_context *context);

/*
 * After it: sleep until all have told of the end, or the trial's limit has
 * passed since. A way that tells of something else, as a cgroup does in which
 * somebody lives on, keeps it only for a moment. Of a set of victims the last
 * one's times are noted.
 */
void notices_wait(const struct kill_context *context, const struct kill_result *result);

#endif
