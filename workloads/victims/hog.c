// SPDX-License-Identifier: GPL-2.0-only
/*
 * hog: the victim. Holds a stated amount of memory of a stated kind in a
 * stated number of mappings, says "ready" on standard output and then does
 * what it is told on standard input: nothing (the default), 's' = run in user
 * space, 'w' = write to its file. End of input ends it, so that no hog outlives
 * its agent.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "files.h"
#include "pages.h"
#include "words.h"

enum memory_kind { MEMORY_PRIVATE, MEMORY_SHARED };
enum page_kind { PAGES_4K, PAGES_THP };

static const char *const memory_names[] = { "private", "shared", NULL };
static const char *const page_names[] = { "4k", "thp", NULL };

struct options {
	int memory;
	int pages;
	int64_t bytes;
	int64_t vmas;
	int64_t threads;
	int64_t cpu;
	char file[128];
};

static const struct word words[] = {
	CHOICE_WORD(struct options, memory, memory_names),
	CHOICE_WORD(struct options, pages, page_names),
	NUMBER_WORD(struct options, bytes, PAGE_BYTES, WORD_BYTES_MAX),
	NUMBER_WORD(struct options, vmas, 1, 60000),
	NUMBER_WORD(struct options, threads, 1, 4096),
	NUMBER_WORD(struct options, cpu, 0, 1023),
	TEXT_WORD(struct options, file),
	{ .name = NULL },
};

/*
 * Each mapping lies alone between inaccessible addresses: neighbours of the
 * same kind would be merged into one by the kernel, and one mapping is what a
 * reaper and exit_mmap would fight for from its first page on.
 */
static int map_memory(const struct options *options, struct failure *failure)
{
	int64_t unit = options->pages == PAGES_THP ? HUGE_PAGE_BYTES : PAGE_BYTES;
	int64_t size = options->bytes / options->vmas / unit * unit;
	int64_t stride = size + HUGE_PAGE_BYTES;
	int flags = options->memory == MEMORY_SHARED ? MAP_SHARED : MAP_PRIVATE;
	int advice = options->pages == PAGES_THP ? MADV_HUGEPAGE : MADV_NOHUGEPAGE;
	char *room;

	if (!size)
		return fail(failure, "%" PRId64 " bytes do not fill %" PRId64 " mappings", options->bytes, options->vmas);
	stride = (stride + HUGE_PAGE_BYTES - 1) / HUGE_PAGE_BYTES * HUGE_PAGE_BYTES;
	room = mmap(NULL, (size_t)(stride * (options->vmas + 1)), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		    -1, 0);
	if (room == MAP_FAILED)
		return fail_errno(failure, "cannot reserve addresses");
	room += HUGE_PAGE_BYTES - (int64_t)((uintptr_t)room % (uintptr_t)HUGE_PAGE_BYTES);
	for (int64_t i = 0; i < options->vmas; i++) {
		char *start = room + i * stride;

		if (mmap(start, (size_t)size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		    MAP_FAILED)
			return fail_errno(failure, "cannot map %" PRId64 " bytes", size);
		/* A kernel without huge pages refuses both wishes; one of them it fulfils. */
		if (madvise(start, (size_t)size, advice) && (errno != EINVAL || options->pages == PAGES_THP))
			return fail_errno(failure, "cannot choose the page size");
		fill_pages(start, size);
	}
	return 0;
}

/* Asked by the process of itself and before the window: a look from outside would pin its memory. */
static int check_pages(const struct options *options, struct failure *failure)
{
	char text[4096];
	int64_t huge;

	if (read_text("/proc/self/smaps_rollup", text, sizeof(text)) < 0)
		return fail_errno(failure, "cannot read /proc/self/smaps_rollup");
	huge = number_after(text, "AnonHugePages") + number_after(text, "ShmemPmdMapped");
	huge *= 1024;
	/* A few edge pages may stay small; below nine tenths it is another experiment. */
	if (options->pages == PAGES_THP && huge < options->bytes / 10 * 9)
		return fail(failure, "only %" PRId64 " of %" PRId64 " bytes are in huge pages", huge, options->bytes);
	if (options->pages == PAGES_4K && huge)
		return fail(failure, "%" PRId64 " bytes are in huge pages", huge);
	return 0;
}

static void *rest(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

static int start_threads(const struct options *options, struct failure *failure)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN + 4 * (size_t)PAGE_BYTES);
	for (int64_t i = 1; i < options->threads; i++) {
		int error = pthread_create(&thread, &attributes, rest, NULL);

		if (error)
			return fail(failure, "cannot start thread %" PRId64 ": %s", i, strerrordesc_np(error));
	}
	pthread_attr_destroy(&attributes);
	return 0;
}

static int prepare(int argc, char **argv, struct options *options, int *file, struct failure *failure)
{
	if (parse_words((const char *const *)argv + 1, argc - 1, words, options, failure))
		return -1;
	if (options->cpu >= 0 && pin_to_cpu(options->cpu, failure))
		return -1;
	if (options->pages == PAGES_4K && refuse_huge_pages(failure))
		return -1;
	if (options->file[0]) {
		*file = open(options->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (*file < 0)
			return fail_errno(failure, "cannot open %s", options->file);
	}
	if (map_memory(options, failure) || check_pages(options, failure))
		return -1;
	return start_threads(options, failure);
}

static void __attribute__((noreturn)) spin(void)
{
	volatile uint64_t turns = 0;

	for (;;)
		turns++;
}

int main(int argc, char **argv)
{
	struct options options = { .bytes = 16 * HUGE_PAGE_BYTES, .vmas = 8, .threads = 1, .cpu = -1 };
	struct failure failure = { "" };
	int file = -1;
	char command;

	if (prepare(argc, argv, &options, &file, &failure)) {
		printf("%s\n", failure.message);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &command, 1) == 1) {
		if (command == 's')
			spin();
		if (command == 'w' && write(file, &command, 1) != 1)
			return 1;
	}
	return 0;
}
