/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_PRESSURE_H
#define REAPLAB_PRESSURE_H

#include "request.h"

/* Processes whose working sets are more than the guest's memory; returns once direct reclaim is steady. */
int pressure_begin(const struct background_request *request, struct failure *failure);

/*
 * Hold the thrashers still while a trial is set up, which takes seconds in
 * direct reclaim; set them going again and wait until they are where they were.
 */
void pressure_pause(void);
void pressure_resume(void);
int pressure_is_back(void);

/* Whether all of them are still there. */
int pressure_holds(void);
int pressure_end(struct failure *failure);

#endif
