/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_BACKGROUND_H
#define REAPLAB_BACKGROUND_H

#include "failure.h"

/* Where the killer program looks for its victim: one cgroup per candidate. */
#define CGROUP_CANDIDATES "/sys/fs/cgroup/reaplab/candidates"

/*
 * The condition of the guest that many trials share. background_set() takes
 * the former one down, sets up what the words ask for and waits until it is
 * really so; without words there is none.
 */
int background_set(const char *const *words, int count, struct failure *failure);
int background_end(struct failure *failure);

/* Per trial, before it is set up: let the background stand aside. */
void background_pause(void);

/* Undone by the next, or by this if the trial does not come to it. */
void background_resume(void);

/* Per trial, once its victim stands: make sure the background still holds, or say in *unmet what does not. */
int background_before_kill(const char **unmet, struct failure *failure);

#endif
