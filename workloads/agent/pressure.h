/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_PRESSURE_H
#define REAPLAB_PRESSURE_H

#include "request.h"

/* Processes whose working sets are more than the guest's memory; returns once direct reclaim is steady. */
int pressure_begin(const struct background_request *request, struct failure *failure);

/* Whether all of them are still there. */
int pressure_holds(void);
int pressure_end(struct failure *failure);

#endif
