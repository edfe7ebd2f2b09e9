// SPDX-License-Identifier: GPL-2.0-only
/* killer_mempool: the locked killer with pages of its own set aside for what the kernel allocates on its behalf. */
#include <sys/prctl.h>

#include "mempool.h"
#include "methods.h"

/* EINVAL where the kernel does not have the prctl. */
static int probe_killer_mempool(void)
{
	return prctl(PR_GET_MEMPOOL, MEMPOOL_LEFT, 0, 0, 0) < 0 ? errno : 0;
}

static const struct method killer_mempool = { .name = "killer_mempool", .probe = probe_killer_mempool, .killer = "mempool" };
METHOD(killer_mempool);
