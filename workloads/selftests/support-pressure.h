/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Real pressure: processes that together want twice the memory that a ballast
 * has left keep the guest swapping to zram. Conventions as in support.h.
 */
#ifndef REAPLAB_SELFTEST_SUPPORT_PRESSURE_H
#define REAPLAB_SELFTEST_SUPPORT_PRESSURE_H

#include "support-memory.h"

/* NULL if the guest suits, else why it does not. */
const char *pressure_impossible(void);
/* Begins, and waits until pages are being swapped out. */
bool pressure_begin(void);
/* Ends it, and with it the case: calls support_cleanup(). */
void pressure_end(void);

#endif /* REAPLAB_SELFTEST_SUPPORT_PRESSURE_H */
