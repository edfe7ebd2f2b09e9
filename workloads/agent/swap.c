// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>
#include <unistd.h>

#include "files.h"
#include "pages.h"
#include "swap.h"

#define DEVICE "/dev/zram0"
#define CONTROL "/sys/block/zram0"

/* The part of a swap area's first page that the kernel reads; the signature ends the page. */
struct swap_header {
	char boot_block[1024];
	uint32_t version;
	uint32_t last_page;
	uint32_t bad_pages;
	char rest[4096 - 1024 - 3 * 4 - 10];
	char signature[10];
};

static int in_use;

static int write_header(int64_t bytes, struct failure *failure)
{
	static struct swap_header header;
	int result = 0;
	int fd;

	header.version = 1;
	header.last_page = (uint32_t)(bytes / PAGE_BYTES - 1);
	memcpy(header.signature, "SWAPSPACE2", sizeof(header.signature));
	fd = open(DEVICE, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(failure, "cannot open " DEVICE);
	if (write(fd, &header, sizeof(header)) != sizeof(header) || fsync(fd))
		result = fail_errno(failure, "cannot write a swap header to " DEVICE);
	close(fd);
	return result;
}

int swap_begin(int64_t bytes, struct failure *failure)
{
	char text[32];

	bytes -= bytes % PAGE_BYTES;
	snprintf(text, sizeof(text), "%" PRId64, bytes);
	if (write_text(CONTROL "/reset", "1", failure) || write_text(CONTROL "/disksize", text, failure) ||
	    write_header(bytes, failure))
		return -1;
	if (swapon(DEVICE, 0))
		return fail_errno(failure, "cannot swap on " DEVICE);
	in_use = 1;
	return 0;
}

int swap_end(struct failure *failure)
{
	if (!in_use)
		return 0;
	if (swapoff(DEVICE))
		return fail_errno(failure, "cannot stop swapping on " DEVICE);
	in_use = 0;
	return write_text(CONTROL "/reset", "1", failure);
}

int64_t swap_used_bytes(void)
{
	char text[256];
	char *next = text;

	if (!in_use || read_text(CONTROL "/mm_stat", text, sizeof(text)) < 0)
		return -1;
	/* Behind what was stored and what became of it by compressing, what that takes. */
	strtoll(next, &next, 10);
	strtoll(next, &next, 10);
	return strtoll(next, NULL, 10);
}
