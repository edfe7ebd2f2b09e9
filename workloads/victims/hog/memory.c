// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "files.h"
#include "memory.h"
#include "pages.h"

const char *const memory_names[] = { "private", "shared", "file", NULL };
const char *const page_names[] = { "4k", "thp", NULL };
const char *const content_names[] = { "any", "marked", "mixed", NULL };

/* The part of a page that does not compress, in words of 8 bytes: a third. */
#define NOISE_WORDS (PAGE_BYTES / 8 / 3)

/* The file is written in pieces of this size, a few hundred calls at most. */
#define PIECE_BYTES (256 * 1024)

static int write_file(int file, int64_t bytes, struct failure *failure)
{
	static char piece[PIECE_BYTES];

	for (int64_t done = 0; done < bytes; done += PIECE_BYTES) {
		if (write(file, piece, sizeof(piece)) != sizeof(piece))
			return fail_errno(failure, "cannot fill the file to be mapped");
	}
	/* Clean pages are the question; dirty ones would be kept by their writeback. */
	if (fdatasync(file))
		return fail_errno(failure, "cannot write the file to be mapped back");
	return 0;
}

/*
 * Each mapping lies alone: neighbours of the same kind would be merged into
 * one by the kernel, and one mapping is what a reaper and exit_mmap would
 * fight for from its first page on. Large ones have page tables of their own;
 * tens of thousands of small ones share theirs, or these would be most of the
 * memory.
 */
static int find_room(struct memory *memory, struct failure *failure)
{
	int64_t unit = memory->size < HUGE_PAGE_BYTES ? PAGE_BYTES : HUGE_PAGE_BYTES;
	size_t bytes;
	char *room;

	memory->stride = (memory->size + unit - 1) / unit * unit + unit;
	bytes = (size_t)(memory->stride * memory->count + HUGE_PAGE_BYTES);
	room = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	/* Given back at once: what lies between the mappings is no mapping either. */
	if (room == MAP_FAILED || munmap(room, bytes))
		return fail_errno(failure, "cannot find addresses");
	memory->start = room + HUGE_PAGE_BYTES - (int64_t)((uintptr_t)room % (uintptr_t)HUGE_PAGE_BYTES);
	return 0;
}

static void fill_mixed(char *start, int64_t bytes)
{
	static uint64_t state = 88172645463325252U;

	for (int64_t offset = 0; offset < bytes; offset += PAGE_BYTES) {
		uint64_t *page = (uint64_t *)(void *)(start + offset);

		for (int64_t word = 0; word < NOISE_WORDS; word++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			page[word] = state;
		}
	}
}

static void fill(char *start, int64_t size, const struct memory_request *request)
{
	fill_pages(start, size);
	if (request->content == CONTENT_MARKED)
		touch_pages(start, size);
	else if (request->content == CONTENT_MIXED)
		fill_mixed(start, size);
}

static void read_pages(const char *start, int64_t size)
{
	for (int64_t offset = 0; offset < size; offset += PAGE_BYTES)
		(void)*(const volatile char *)(start + offset);
}

static int map_one(const struct memory *memory, int64_t index, const struct memory_request *request,
		   struct failure *failure)
{
	int in_file = request->kind == MEMORY_FILE;
	int protection = in_file ? PROT_READ : PROT_READ | PROT_WRITE;
	int flags = (request->kind == MEMORY_SHARED ? MAP_SHARED : MAP_PRIVATE) | (in_file ? 0 : MAP_ANONYMOUS);
	int advice = request->pages == PAGES_THP ? MADV_HUGEPAGE : MADV_NOHUGEPAGE;
	char *start = memory->start + index * memory->stride;
	size_t size = (size_t)memory->size;

	if (mmap(start, size, protection, flags | MAP_FIXED_NOREPLACE, in_file ? request->file : -1,
		 in_file ? index * memory->size : 0) == MAP_FAILED)
		return fail_errno(failure, "cannot map %" PRId64 " bytes", memory->size);
	/* A kernel without huge pages refuses both wishes; one of them it fulfils. */
	if (madvise(start, size, advice) && (errno != EINVAL || request->pages == PAGES_THP))
		return fail_errno(failure, "cannot choose the page size");
	if (in_file)
		read_pages(start, memory->size);
	else
		fill(start, memory->size, request);
	if (request->lock && mlock(start, size))
		return fail_errno(failure, "cannot lock %" PRId64 " bytes", memory->size);
	return 0;
}

int memory_map(struct memory *memory, const struct memory_request *request, struct failure *failure)
{
	int64_t unit = request->pages == PAGES_THP ? HUGE_PAGE_BYTES : PAGE_BYTES;

	memory->count = request->vmas;
	memory->size = request->bytes / request->vmas / unit * unit;
	if (!memory->size)
		return fail(failure, "%" PRId64 " bytes do not fill %" PRId64 " mappings", request->bytes,
			    request->vmas);
	if (request->kind == MEMORY_FILE && write_file(request->file, request->bytes, failure))
		return -1;
	if (find_room(memory, failure))
		return -1;
	for (int64_t i = 0; i < memory->count; i++) {
		if (map_one(memory, i, request, failure))
			return -1;
	}
	return 0;
}

int memory_check(const struct memory_request *request, struct failure *failure)
{
	char text[4096];
	int64_t huge;
	int64_t locked;

	if (read_text("/proc/self/smaps_rollup", text, sizeof(text)) < 0)
		return fail_errno(failure, "cannot read /proc/self/smaps_rollup");
	huge = (number_after(text, "AnonHugePages") + number_after(text, "ShmemPmdMapped")) * 1024;
	locked = number_after(text, "Locked") * 1024;
	/* A few edge pages may stay small; below nine tenths it is another experiment. */
	if (request->pages == PAGES_THP && huge < request->bytes / 10 * 9)
		return fail(failure, "only %" PRId64 " of %" PRId64 " bytes are in huge pages", huge, request->bytes);
	if (request->pages == PAGES_4K && huge)
		return fail(failure, "%" PRId64 " bytes are in huge pages", huge);
	if (request->lock && locked < request->bytes / 10 * 9)
		return fail(failure, "only %" PRId64 " of %" PRId64 " bytes are locked", locked, request->bytes);
	return 0;
}

int memory_is_intact(const struct memory *memory)
{
	for (int64_t i = 0; i < memory->count; i++) {
		if (!pages_are_touched(memory->start + i * memory->stride, memory->size))
			return 0;
	}
	return 1;
}
