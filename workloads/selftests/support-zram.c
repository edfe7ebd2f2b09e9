// SPDX-License-Identifier: GPL-2.0-only
/* See support-zram.h. */
#include "support-zram.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/swap.h>
#include <sys/uio.h>
#include <unistd.h>

#define CONTROL		"/sys/class/zram-control/"
#define PAGE_BYTES	((size_t)4096)

/* One write takes up to 1024 of these, UIO_MAXIOV: 64 MiB. */
#define CHUNK_PAGES	16
#define CHUNK_BYTES	(CHUNK_PAGES * PAGE_BYTES)
#define CHUNKS		1024

#define problem(...)	support_problem(__FILE__, __LINE__, __VA_ARGS__)

static int number = -1;
static int stat_fd = -1;
static bool swapping;
static char *chunk;
static struct iovec vector[CHUNKS];

bool zram_exists(void)
{
	return path_exists(CONTROL "hot_add");
}

bool zram_create(size_t bytes)
{
	char path[64];
	char text[32];

	/* Reading it adds a device and tells its number. */
	if (read_file(CONTROL "hot_add", text, sizeof(text)) <= 0)
		return problem("read " CONTROL "hot_add");
	number = (int)strtol(text, NULL, 10);
	snprintf(path, sizeof(path), "/sys/block/zram%d/disksize", number);
	snprintf(text, sizeof(text), "%zu", bytes);
	if (!write_file(path, text))
		return false;
	snprintf(path, sizeof(path), "/sys/block/zram%d/mm_stat", number);
	stat_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (stat_fd < 0)
		return problem("open %s", path);
	/* The first read allocates the buffer, the others use it again. */
	return zram_stored() == 0 || problem("a new zram device is not empty");
}

int zram_open(int flags)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/zram%d", number);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		problem("open %s", path);
	return fd;
}

int64_t zram_stored(void)
{
	char text[256];
	ssize_t length = pread(stat_fd, text, sizeof(text) - 1, 0);

	if (length <= 0)
		return -1;
	text[length] = '\0';
	return strtoll(text, NULL, 10);
}

/* The first page of a swap area: version 1 and its last page, then the signature. */
static bool write_swap_header(size_t bytes)
{
	static unsigned char page[PAGE_BYTES];
	uint32_t numbers[2] = { 1, (uint32_t)(bytes / PAGE_BYTES - 1) };
	int fd = zram_open(O_WRONLY);
	bool written;

	memcpy(page + 1024, numbers, sizeof(numbers));
	memcpy(page + PAGE_BYTES - 10, "SWAPSPACE2", 10);
	written = fd >= 0 && write(fd, page, sizeof(page)) == (ssize_t)sizeof(page) && !fsync(fd);
	close(fd);
	return written || problem("writing a swap header");
}

bool zram_swap_on(size_t bytes)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/zram%d", number);
	if (!write_swap_header(bytes))
		return false;
	swapping = !swapon(path, 0);
	return swapping || problem("swapon %s", path);
}

static bool removed(void *argument)
{
	const char *text = argument;
	int fd = open(CONTROL "hot_remove", O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) > 0;

	close(fd);
	return done;
}

void zram_remove(void)
{
	char path[32];
	char text[16];

	if (number < 0)
		return;
	close(stat_fd);
	stat_fd = -1;
	if (swapping) {
		snprintf(path, sizeof(path), "/dev/zram%d", number);
		swapoff(path);
		swapping = false;
	}
	snprintf(text, sizeof(text), "%d", number);
	/* Busy as long as a writer on its way out has it open. */
	if (!wait_for(removed, text, WAIT_LIMIT_MS))
		problem("removing zram%d", number);
	number = -1;
}

void fill_incompressible(void *memory, size_t bytes)
{
	uint64_t *word = memory;
	uint64_t state = 0x9e3779b97f4a7c15ULL;

	for (size_t i = 0; i < bytes / sizeof(*word); i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		word[i] = state;
	}
}

bool zram_pump_prepare(void)
{
	if (chunk)
		return true;
	chunk = mmap(NULL, CHUNK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (chunk == MAP_FAILED) {
		chunk = NULL;
		return problem("mmap");
	}
	fill_incompressible(chunk, CHUNK_BYTES);
	return !mlock(chunk, CHUNK_BYTES) || problem("mlock");
}

ssize_t zram_pump(int fd, size_t pages)
{
	size_t bytes = pages * PAGE_BYTES;
	int used = 0;

	while (bytes && used < CHUNKS) {
		size_t length = bytes < CHUNK_BYTES ? bytes : CHUNK_BYTES;

		vector[used].iov_base = chunk;
		vector[used].iov_len = length;
		used++;
		bytes -= length;
	}
	return pwritev(fd, vector, used, 0);
}
