/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_IDLERS_H
#define REAPLAB_IDLERS_H

#include <stdint.h>

#include "failure.h"

/* Processes that only exist, and make every walk over all processes long. */
int idlers_begin(int64_t count, struct failure *failure);
int idlers_end(struct failure *failure);

#endif
