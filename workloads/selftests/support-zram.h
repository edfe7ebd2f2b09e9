/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A zram device as a pump for pages: whoever writes incompressible data to it
 * allocates a page for each, with GFP_NOIO, in the writer's own context. Such
 * an allocation neither fails nor invokes the OOM killer, so a writer that can
 * get no further stays at the level of free memory at which it has to leave
 * the rest alone. Signals are not looked at before the whole write is done.
 *
 * Conventions as in support.h.
 */
#ifndef REAPLAB_SELFTEST_SUPPORT_ZRAM_H
#define REAPLAB_SELFTEST_SUPPORT_ZRAM_H

#include "support.h"

/* False where the kernel has no zram or can't add devices. */
bool zram_exists(void);
/* Adds a device of this many bytes; one at a time. */
bool zram_create(size_t bytes);
/* Opens it, O_CLOEXEC and what is given; -1 and a diagnostic if that fails. */
int zram_open(int flags);
/* Bytes written to it that it holds, -1 if unknown. */
int64_t zram_stored(void);
/* Removes it with all it holds; for the end of a case, and harmless without. */
void zram_remove(void);

/* Swaps to the device, which has to be of so many bytes, until zram_remove(). */
bool zram_swap_on(size_t bytes);

/* Fills a buffer with what no algorithm compresses. */
void fill_incompressible(void *memory, size_t bytes);
/*
 * Writes so many pages to the device in one system call, which goes past its
 * page cache. Returns the bytes written, or -1 and errno. Makes no other call,
 * so that a clone that shares the caller's memory may use it.
 */
ssize_t zram_pump(int fd, size_t pages);
/* Allocates what zram_pump() writes from, before memory is short. */
bool zram_pump_prepare(void);

#endif /* REAPLAB_SELFTEST_SUPPORT_ZRAM_H */
