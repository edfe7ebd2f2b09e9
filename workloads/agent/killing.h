/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_KILLING_H
#define REAPLAB_KILLING_H

#include "trial.h"

/* Before the victim is made: whoever competes with the killer. */
int killing_prepare(struct trial *trial, struct failure *failure);

/* Kill every victim of the trial by its method, in the calling thread and at the killer's priority. */
int killing_run(struct trial *trial, struct failure *failure);

int killing_end(struct trial *trial, struct failure *failure);

#endif
