// SPDX-License-Identifier: GPL-2.0-only
/*
 * thrasher: a working set that is never at rest. Sweeps over bytes=N of
 * anonymous memory, writing, or over a file=PATH of that size, reading, page
 * after page and without end: the order that defeats every LRU. Ready after the
 * first sweep.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pages.h"
#include "words.h"

struct options {
	int64_t bytes;
	char file[128];
};

static const struct word words[] = {
	NUMBER_WORD(struct options, bytes, PAGE_BYTES, WORD_BYTES_MAX),
	TEXT_WORD(struct options, file),
	{ .name = NULL },
};

/* Real blocks, so that a page which was dropped has to be read. */
static int make_file(const struct options *options, struct failure *failure)
{
	static char block[1 << 16];
	int fd = open(options->file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0) {
		fail_errno(failure, "cannot open %s", options->file);
		return -1;
	}
	memset(block, 'r', sizeof(block));
	for (int64_t done = 0; done < options->bytes; done += (int64_t)sizeof(block)) {
		if (write(fd, block, sizeof(block)) != sizeof(block)) {
			fail_errno(failure, "cannot write %s", options->file);
			close(fd);
			return -1;
		}
	}
	if (fsync(fd)) {
		fail_errno(failure, "cannot write %s", options->file);
		close(fd);
		return -1;
	}
	return fd;
}

static char *map(const struct options *options, struct failure *failure)
{
	int fd = -1;
	char *memory;

	if (options->file[0]) {
		fd = make_file(options, failure);
		if (fd < 0)
			return NULL;
	}
	memory = mmap(NULL, (size_t)options->bytes, fd < 0 ? PROT_READ | PROT_WRITE : PROT_READ,
		      fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED) {
		fail_errno(failure, "cannot map %lld bytes", (long long)options->bytes);
		return NULL;
	}
	return memory;
}

/* What is written differs from page to page and sweep to sweep: zram would store equal pages without storing them. */
static void sweep(char *memory, const struct options *options, uint64_t number)
{
	for (int64_t offset = 0; offset < options->bytes; offset += PAGE_BYTES) {
		volatile uint64_t *page = (volatile uint64_t *)(memory + offset);

		if (options->file[0]) {
			(void)*page;
		} else {
			page[0] = (uint64_t)offset ^ number;
			page[PAGE_BYTES / 16] = number;
		}
	}
}

int main(int argc, char **argv)
{
	struct options options = { .bytes = HUGE_PAGE_BYTES };
	struct failure failure = { "" };
	uint64_t number = 1;
	char *memory;

	if (parse_words((const char *const *)argv + 1, argc - 1, words, &options, &failure) ||
	    refuse_huge_pages(&failure)) {
		printf("%s\n", failure.message);
		return 1;
	}
	memory = map(&options, &failure);
	if (!memory) {
		printf("%s\n", failure.message);
		return 1;
	}
	sweep(memory, &options, number);
	puts("ready");
	fflush(stdout);
	for (;;)
		sweep(memory, &options, ++number);
}
