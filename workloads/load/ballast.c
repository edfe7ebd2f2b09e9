// SPDX-License-Identifier: GPL-2.0-only
/*
 * ballast: holds as much memory as needed to leave=N bytes free in the guest.
 * On 'f' on standard input it grows or shrinks to that and says "ready".
 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "pages.h"
#include "words.h"

/* Closer than the pages that CPUs keep to themselves cannot be aimed at. */
#define TOLERANCE (4 * (INT64_C(1) << 20))

/* Each round halves what is missing, or better; pages come back from other CPUs' lists between them. */
#define ROUNDS 200
#define ROUND_PAUSE_US 10000

struct options {
	int64_t leave;
};

static const struct word words[] = {
	NUMBER_WORD(struct options, leave, PAGE_BYTES, WORD_BYTES_MAX),
	{ .name = NULL },
};

static int64_t free_bytes(void)
{
	struct sysinfo info;

	sysinfo(&info);
	return (int64_t)info.freeram * info.mem_unit;
}

/* Pages [0, *held) of @memory are ours. */
static int fit(char *memory, int64_t *held, int64_t leave)
{
	for (int round = 0; round < ROUNDS; round++) {
		int64_t surplus = (free_bytes() - leave) / PAGE_BYTES * PAGE_BYTES;

		if (surplus > -TOLERANCE && surplus < TOLERANCE)
			return 0;
		if (surplus > 0) {
			fill_pages(memory + *held, surplus);
			*held += surplus;
		} else {
			if (-surplus > *held)
				return -1;
			*held += surplus;
			madvise(memory + *held, (size_t)-surplus, MADV_DONTNEED);
			usleep(ROUND_PAUSE_US);
		}
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct options options = { .leave = HUGE_PAGE_BYTES };
	struct failure failure = { "" };
	char *memory = MAP_FAILED;
	struct sysinfo info;
	int64_t held = 0;
	char command;

	if (!parse_words((const char *const *)argv + 1, argc - 1, words, &options, &failure) &&
	    !refuse_huge_pages(&failure)) {
		sysinfo(&info);
		memory = mmap(NULL, info.totalram * info.mem_unit, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (memory == MAP_FAILED)
			fail_errno(&failure, "cannot reserve addresses");
	}
	if (memory == MAP_FAILED) {
		printf("%s\n", failure.message);
		return 1;
	}
	do {
		puts("ready");
		fflush(stdout);
	} while (read(STDIN_FILENO, &command, 1) == 1 && !fit(memory, &held, options.leave));
	printf("%" PRId64 " bytes free instead of %" PRId64 "\n", free_bytes(), options.leave);
	return 1;
}
