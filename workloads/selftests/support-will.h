/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads that fault memory in while they exit: the kernel walks a list of
 * robust futexes that the thread has left (set_robust_list(2)), looks at each
 * futex and so faults its page in. The pages are those of a memory file, which
 * keeps them when the thread has gone. All in PF_EXITING, long after the last
 * signal has been handled. Conventions as in support.h.
 */
#ifndef REAPLAB_SELFTEST_SUPPORT_WILL_H
#define REAPLAB_SELFTEST_SUPPORT_WILL_H

#include "support.h"

/* The kernel looks at no more futexes of one thread: ROBUST_LIST_LIMIT. */
#define WILL_PAGES_MAX	2048

/* The name of a thread that exits so, for trace filters. */
#define WILL_COMM	"dying"

/*
 * Prepares for threads that fault in up to so many pages together; before
 * memory is short, and before a fork that is to inherit it.
 */
bool will_prepare(size_t pages);
/* The pages that the file has. */
long will_pages(void);
/* Gives the pages of the file back. */
void will_free(void);
/* Puts away what will_prepare() made. */
void will_cleanup(void);

/* The calling thread will fault in pages first to first + count - 1 of the file when it exits. */
bool will_make(size_t first, size_t count);
/* Faults them in at once. */
void will_touch(size_t first, size_t count);

#endif /* REAPLAB_SELFTEST_SUPPORT_WILL_H */
