/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_PAGES_H
#define REAPLAB_PAGES_H

#include <stdint.h>

#include "failure.h"

#define PAGE_BYTES INT64_C(4096)
#define HUGE_PAGE_BYTES (INT64_C(2) << 20)

/* Write one word into every 4 KiB page of the range, so that each is really there. */
void touch_pages(char *start, int64_t bytes);

/* Whether every page still holds what touch_pages() wrote. */
int pages_are_touched(const char *start, int64_t bytes);

/*
 * The same as touch_pages() by one call where the kernel has it, which
 * saves an exception per page: for memory that has to be there and whose
 * arrival nobody measures.
 */
void fill_pages(char *start, int64_t bytes);

/* Pin the calling thread to one CPU. */
int pin_to_cpu(int64_t cpu, struct failure *failure);

/* Keep transparent huge pages out of this process, whatever the system's setting. */
int refuse_huge_pages(struct failure *failure);

#endif
