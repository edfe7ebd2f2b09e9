// SPDX-License-Identifier: GPL-2.0-only
/* killer_memalloc: the locked killer with PF_MEMALLOC on its thread, so that against killer_locked the flag alone differs. */
#include <sys/prctl.h>

#include "memalloc.h"
#include "methods.h"

/* EINVAL where the kernel does not have the prctl. */
static int probe_killer_memalloc(void)
{
	return prctl(PR_GET_MEMALLOC, 0, 0, 0, 0) < 0 ? errno : 0;
}

static const struct method killer_memalloc = { .name = "killer_memalloc", .probe = probe_killer_memalloc, .killer = "memalloc" };
METHOD(killer_memalloc);
