/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HOG_MEMORY_H
#define HOG_MEMORY_H

#include <stdint.h>

#include "failure.h"

enum memory_kind { MEMORY_PRIVATE, MEMORY_SHARED, MEMORY_FILE };
enum page_kind { PAGES_4K, PAGES_THP };

/*
 * What the pages hold: nothing in particular; a word each by which a page that
 * was taken away is told from one that was not; or what compresses to about a
 * third, as the memory of programs does.
 */
enum memory_content { CONTENT_ANY, CONTENT_MARKED, CONTENT_MIXED };

extern const char *const memory_names[];
extern const char *const page_names[];
extern const char *const content_names[];

struct memory_request {
	int kind;
	int pages;
	int content;
	int64_t lock;
	int64_t bytes;
	int64_t vmas;
	int file;	/* MEMORY_FILE: open for reading and writing, empty */
};

/* @count mappings of @size bytes each, @stride apart. */
struct memory {
	char *start;
	int64_t size, stride, count;
};

/* Map it and fault every page in. */
int memory_map(struct memory *memory, const struct memory_request *request, struct failure *failure);

/*
 * Whether the pages are of the kind asked for. Asked by the process of itself
 * and before the window: a look from outside would pin its memory.
 */
int memory_check(const struct memory_request *request, struct failure *failure);

/* Whether every page of marked memory still holds its word. */
int memory_is_intact(const struct memory *memory);

#endif
