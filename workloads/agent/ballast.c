// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ballast.h"
#include "files.h"
#include "program.h"

/*
 * Bounds the pages that each CPU keeps out of MemFree to about 1 MiB instead
 * of an eighth of a zone: "free" shall mean free here. It holds for every
 * method alike.
 */
#define PAGE_LISTS "/proc/sys/vm/percpu_pagelist_high_fraction"
#define PAGE_LISTS_SMALL "100000"

/*
 * The kernel keeps this much to itself. Below twice that a guest without swap
 * is one fork away from an OOM kill, of whatever process may be killed.
 */
#define RESERVE "/proc/sys/vm/min_free_kbytes"
#define RESERVE_FACTOR 2

static struct program ballast;
static char page_lists_before[32];

static int check_reserve(int64_t leave_bytes, struct failure *failure)
{
	char text[32];
	int64_t least;

	if (read_text(RESERVE, text, sizeof(text)) < 0)
		return fail_errno(failure, "cannot read " RESERVE);
	least = strtoll(text, NULL, 10) * 1024 * RESERVE_FACTOR;
	if (leave_bytes < least)
		return fail(failure, "word 'leave_bytes': this guest needs %" PRId64 " at least, %d times vm.min_free_kbytes",
			    least, RESERVE_FACTOR);
	return 0;
}

int ballast_begin(int64_t leave_bytes, struct failure *failure)
{
	char leave[48];
	const char *const words[] = { leave, NULL };
	const struct program_start start = {
		.path = "load/ballast",
		.words = words,
		.cgroup_fd = -1,
		/* An OOM kill is to find the victim, not what holds the guest short. */
		.oom_score_adj = "-1000",
	};

	if (check_reserve(leave_bytes, failure))
		return -1;
	if (read_text(PAGE_LISTS, page_lists_before, sizeof(page_lists_before)) < 0)
		return fail_errno(failure, "cannot read " PAGE_LISTS);
	if (write_text(PAGE_LISTS, PAGE_LISTS_SMALL, failure))
		return -1;
	snprintf(leave, sizeof(leave), "leave=%" PRId64, leave_bytes);
	if (program_begin(&ballast, &start, failure))
		return -1;
	return program_wait_ready(&ballast, failure);
}

int ballast_fit(const char **unmet, struct failure *failure)
{
	struct failure misfit = { "" };

	if (program_command(&ballast, 'f', failure))
		return -1;
	if (program_wait_ready(&ballast, &misfit))
		*unmet = "the ballast did not reach the free memory asked for";
	return 0;
}

int ballast_end(struct failure *failure)
{
	int result = program_end(&ballast, failure);

	if (page_lists_before[0])
		result |= write_text(PAGE_LISTS, page_lists_before, failure);
	page_lists_before[0] = '\0';
	return result;
}
