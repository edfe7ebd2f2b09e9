/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Short memory for the selftests: the state of the zone that holds nearly all
 * memory, a ballast that leaves a stated part of it, and vm sysctls that are
 * put back. Conventions as in support.h.
 */
#ifndef REAPLAB_SELFTEST_SUPPORT_MEMORY_H
#define REAPLAB_SELFTEST_SUPPORT_MEMORY_H

#include "support.h"

#define PAGE_BYTES	((size_t)4096)

/* Pages of the largest zone, as /proc/zoneinfo has them. */
struct zone_state {
	long free;		/* in the buddy allocator; what watermarks are compared with */
	long min;		/* the watermark, with its boost */
	long low;
	long cached;		/* on the lists of all CPUs, beside free */
};

/*
 * Reads the state. The file stays open and the text goes to a static buffer,
 * so that only the first call allocates memory.
 */
bool zone_read(struct zone_state *state);
/* True if one zone holds nine tenths of all memory; prints why not. */
bool zone_is_alone(void);

/* Sets /proc/sys/vm/NAME until vm_restore(). */
bool vm_set(const char *name, const char *value);
/* Puts all that vm_set() changed back; true if all could be. */
bool vm_restore(void);

/*
 * Starts a victim (so support_cleanup() ends it) that locks memory until no
 * more than this many bytes above the low watermark are free. The OOM killer
 * does not touch it.
 */
bool ballast_start(struct victim *ballast, size_t leave_bytes);

/* Faults a range of anonymous memory in; 0, or the errno. */
int populate(char *memory, size_t bytes);
/* Maps anonymous memory without huge pages; NULL and a diagnostic if that fails. */
char *map_anonymous(size_t bytes);

/* The calling thread's id. */
pid_t thread_id(void);
/* Traces direct reclaim by this thread only: trace_count("direct_reclaim_begin:", NULL). */
bool trace_direct_reclaim(pid_t tid);

#endif /* REAPLAB_SELFTEST_SUPPORT_MEMORY_H */
