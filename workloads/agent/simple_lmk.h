/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_SIMPLE_LMK_H
#define REAPLAB_SIMPLE_LMK_H

#include "methods.h"

/*
 * The low memory killer in the kernel kills, as for an allocation that reclaim
 * has not helped. The victims are made its first choice before t0; the clock
 * starts with the write that lets it begin to look for them.
 */

/* Nobody but the victims is eligible, and of several with the same memory one is killed. */
#define SIMPLE_LMK_SYSCTLS(mode)			\
	{						\
		{ "vm/simple_lmk", (mode) },		\
		{ "vm/simple_lmk_adj_min", "1000" },	\
		{ "vm/simple_lmk_minfree_mb", "1" },	\
		{ 0 },					\
	}

void simple_lmk_run(const struct kill_context *context, struct kill_result *result);

#endif
