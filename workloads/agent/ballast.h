/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_BALLAST_H
#define REAPLAB_BALLAST_H

#include <stdint.h>

#include "failure.h"

/* A process that holds so much that, beside a trial's victim, only leave_bytes are free. */
int ballast_begin(int64_t leave_bytes, struct failure *failure);

/* Grow or shrink it to that, with the victim in place. */
int ballast_fit(const char **unmet, struct failure *failure);
int ballast_end(struct failure *failure);

#endif
