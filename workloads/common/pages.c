// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "pages.h"

void touch_pages(char *start, int64_t bytes)
{
	for (int64_t offset = 0; offset < bytes; offset += PAGE_BYTES)
		*(volatile uint64_t *)(start + offset) = (uint64_t)offset + 1;
}

int pages_are_touched(const char *start, int64_t bytes)
{
	for (int64_t offset = 0; offset < bytes; offset += PAGE_BYTES) {
		if (*(const volatile uint64_t *)(const volatile void *)(start + offset) != (uint64_t)offset + 1)
			return 0;
	}
	return 1;
}

void fill_pages(char *start, int64_t bytes)
{
	/* Since 5.14. */
	if (madvise(start, (size_t)bytes, MADV_POPULATE_WRITE))
		touch_pages(start, bytes);
}

int pin_to_cpu(int64_t cpu, struct failure *failure)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		return fail_errno(failure, "cannot run on CPU %" PRId64, cpu);
	return 0;
}

int refuse_huge_pages(struct failure *failure)
{
	if (prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0))
		return fail_errno(failure, "cannot refuse huge pages");
	return 0;
}
