// SPDX-License-Identifier: GPL-2.0-only
/* killer_bounded: the locked killer with an OOM victim's bounded share of the reserves. */
#include <sys/prctl.h>

#include "memalloc.h"
#include "methods.h"

/* EINVAL where the kernel does not have the prctl. */
static int probe_killer_bounded(void)
{
	return prctl(PR_GET_MEMALLOC, 0, 0, 0, 0) < 0 ? errno : 0;
}

static const struct method killer_bounded = { .name = "killer_bounded", .probe = probe_killer_bounded, .killer = "bounded" };
METHOD(killer_bounded);
