/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_SWAP_H
#define REAPLAB_SWAP_H

#include <stdint.h>

#include "failure.h"

/* Swap of that size on compressed memory (/dev/zram0). */
int swap_begin(int64_t bytes, struct failure *failure);
int swap_end(struct failure *failure);

#endif
