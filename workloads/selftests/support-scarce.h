/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scene in which nothing can be reclaimed: large watermarks, no swap, a
 * ballast that has locked nearly all memory, and a few processes that the OOM
 * killer may choose. The level at which a thread can get no further page is
 * then the bottom of what it may use. Conventions as in support.h.
 */
#ifndef REAPLAB_SELFTEST_SUPPORT_SCARCE_H
#define REAPLAB_SELFTEST_SUPPORT_SCARCE_H

#include "support-memory.h"

/*
 * What blurs a level: pages on the lists of CPUs, which are taken from the
 * zone by dozens and which other CPUs keep (4 * 63 per CPU as tuned here), and
 * allocations of others meanwhile. The watermark is set so high (8192 pages)
 * that its shares lie much further apart.
 */
#define BLUR_PAGES	((long)(3 * MIB / PAGE_BYTES))

/* The size of one of the processes that are left to the OOM killer. */
#define SACRIFICE_BYTES	(16 * MIB)

/* NULL if the guest suits, else why it does not. */
const char *scarce_impossible(void);

/* Sets the watermarks and what goes with them, until vm_restore(). */
bool scarce_tune(void);
/* Starts the processes that the OOM killer is to choose, and hides the test from it. */
bool scarce_sacrifices(void);
/* scarce_tune(), scarce_sacrifices() and the ballast: afterwards so much is free above low. */
bool scarce_begin(size_t leave_bytes);

/*
 * Waits until no more than this many pages are free, give or take
 * BLUR_PAGES, and then for half a second to see that nobody goes deeper. Allocates
 * nothing and prints nothing, as that might. The state found at the end, and
 * when it fails, is left in *zone.
 */
bool scarce_settles_at(long pages, struct zone_state *zone);

/* Processes killed by the OOM killer since boot. */
long scarce_oom_kills(void);

#endif /* REAPLAB_SELFTEST_SUPPORT_SCARCE_H */
