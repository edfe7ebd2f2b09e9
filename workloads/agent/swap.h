/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_SWAP_H
#define REAPLAB_SWAP_H

#include <stdint.h>

#include "failure.h"

/* Swap of that size on compressed memory (/dev/zram0). */
int swap_begin(int64_t bytes, struct failure *failure);
int swap_end(struct failure *failure);

/* What the swapped pages take of memory; -1 without swap. */
int64_t swap_used_bytes(void);

#endif
