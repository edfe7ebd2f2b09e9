/* SPDX-License-Identifier: GPL-2.0-only */
/* The sysctls of kernel-patches/expedite-always, for its selftests. */
#ifndef REAPLAB_EXPEDITE_ALWAYS_H
#define REAPLAB_EXPEDITE_ALWAYS_H

#include "support-memory.h"
#include "support-reaping.h"

#define EXPEDITE_ALWAYS		"expedite_always"
#define EXPEDITE_MIN_KB		"expedite_always_min_kb"

#define NO_EXPEDITE	"KTAP version 1\n1..0 # SKIP there is no sysctl vm.expedite_always"

static inline bool kernel_has_expedite_always(void)
{
	return path_exists("/proc/sys/vm/" EXPEDITE_ALWAYS);
}

/* The end of a case: the sysctls are put back before victims are put away. */
static inline void expedite_cleanup(void)
{
	vm_restore();
	support_cleanup();
}

/* True if nobody has been queued for a reaper since the victim was started, nor is in a while. */
static inline bool nobody_is_reaped(void)
{
	sleep_ms(SETTLE_MS);
	return trace_count("wake_reaper:", NULL) == 0 &&
	       trace_count("start_task_reaping:", NULL) == 0;
}

#endif /* REAPLAB_EXPEDITE_ALWAYS_H */
