/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_CANDIDATES_H
#define REAPLAB_CANDIDATES_H

#include "request.h"

/* The processes among which the killer program has to choose, each in its own cgroup. */
int candidates_begin(const struct background_request *request, struct failure *failure);

/* Replace those that have been killed. */
int candidates_refill(struct failure *failure);
int candidates_end(struct failure *failure);

#endif
