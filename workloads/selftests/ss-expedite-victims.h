/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of ss-expedite that look at the reaper share. */
#ifndef REAPLAB_SS_EXPEDITE_VICTIMS_H
#define REAPLAB_SS_EXPEDITE_VICTIMS_H

#include "ss-expedite.h"
#include "support-reaping.h"

static const unsigned int both_forms[] = { EXPEDITE, EXPEDITE_QUEUE };

#define FORMS	(sizeof(both_forms) / sizeof(both_forms[0]))

#endif /* REAPLAB_SS_EXPEDITE_VICTIMS_H */
