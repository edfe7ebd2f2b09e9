// SPDX-License-Identifier: GPL-2.0-only
/* See support-will.h. */
#include "support-will.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE_BYTES	((size_t)4096)

#define problem(...)	support_problem(__FILE__, __LINE__, __VA_ARGS__)

/*
 * One list for all threads: entries a page apart, the last one leads nowhere,
 * where the walk ends. A futex lies a fixed distance from its entry, and that
 * distance is each thread's own.
 */
static char *entries;
static char *memory;
static size_t memory_bytes;
static int file = -1;

static struct robust_list *entry(size_t number)
{
	return (struct robust_list *)(entries + number * PAGE_BYTES);
}

bool will_prepare(size_t pages)
{
	memory_bytes = pages * PAGE_BYTES;
	entries = mmap(NULL, WILL_PAGES_MAX * PAGE_BYTES, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (entries == MAP_FAILED) {
		entries = NULL;
		return problem("mmap");
	}
	madvise(entries, WILL_PAGES_MAX * PAGE_BYTES, MADV_NOHUGEPAGE);
	if (mlock(entries, WILL_PAGES_MAX * PAGE_BYTES))
		return problem("mlock");
	for (size_t i = 0; i + 1 < WILL_PAGES_MAX; i++)
		entry(i)->next = entry(i + 1);
	file = memfd_create("will", MFD_CLOEXEC);
	if (file < 0 || ftruncate(file, (off_t)memory_bytes))
		return problem("a memory file of %zu bytes", memory_bytes);
	memory = mmap(NULL, memory_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (memory == MAP_FAILED) {
		memory = NULL;
		return problem("mmap");
	}
	return true;
}

long will_pages(void)
{
	struct stat status;

	if (fstat(file, &status))
		return -1;
	return (long)(status.st_blocks * 512 / (long)PAGE_BYTES);
}

void will_free(void)
{
	if (ftruncate(file, 0) || ftruncate(file, (off_t)memory_bytes))
		problem("ftruncate");
}

void will_cleanup(void)
{
	if (entries)
		munmap(entries, WILL_PAGES_MAX * PAGE_BYTES);
	if (memory)
		munmap(memory, memory_bytes);
	if (file >= 0)
		close(file);
	entries = NULL;
	memory = NULL;
	file = -1;
}

bool will_make(size_t first, size_t count)
{
	/* As long as the thread, whose stack goes with it. */
	static __thread struct robust_list_head head;
	size_t start = WILL_PAGES_MAX - count;

	head.list.next = entry(start);
	head.futex_offset = (memory + first * PAGE_BYTES) - (char *)entry(start);
	head.list_op_pending = NULL;
	prctl(PR_SET_NAME, WILL_COMM);
	return !syscall(SYS_set_robust_list, &head, sizeof(head)) || problem("set_robust_list");
}

void will_touch(size_t first, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*(volatile char *)(memory + (first + i) * PAGE_BYTES);
}
