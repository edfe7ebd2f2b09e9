// SPDX-License-Identifier: GPL-2.0-only
/*
 * hog: the victim. Holds a stated amount of memory of a stated kind in a
 * stated number of mappings, says "ready" on standard output and then does
 * what it is told on standard input: nothing (the default), 's' = run in user
 * space, 'w' = write to its file. End of input ends it, so that no hog outlives
 * its agent.
 *
 * With cgroup=PATH it is not the victim but makes them (see nursery_run), with
 * neighbour=KIND a process that shares its memory reads the input.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hog.h"
#include "pages.h"
#include "rendezvous.h"
#include "words.h"

static const char *const neighbour_names[] = { "none", "clone-vm", "vfork", NULL };

static const struct word words[] = {
	CHOICE_WORD(struct options, memory, memory_names),
	CHOICE_WORD(struct options, pages, page_names),
	CHOICE_WORD(struct options, content, content_names),
	CHOICE_WORD(struct options, neighbour, neighbour_names),
	NUMBER_WORD(struct options, lock, 0, 1),
	NUMBER_WORD(struct options, bytes, PAGE_BYTES, WORD_BYTES_MAX),
	NUMBER_WORD(struct options, vmas, 1, 60000),
	NUMBER_WORD(struct options, threads, 1, 4096),
	NUMBER_WORD(struct options, cpu, 0, 1023),
	NUMBER_WORD(struct options, victims, 1, 4096),
	NUMBER_WORD(struct options, inherited_bytes, 0, WORD_BYTES_MAX),
	NUMBER_WORD(struct options, owner, 0, 1),
	TEXT_WORD(struct options, cgroup),
	TEXT_WORD(struct options, file),
	{ .name = NULL },
};

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

/*
 * Own the lock that somebody will wait for. It lies in shared memory; that we
 * own it is noted in our own, private memory, where the kernel looks for it
 * when we exit.
 */
static int take_lock(struct failure *failure)
{
	struct rendezvous *rendezvous = rendezvous_join();
	pthread_mutexattr_t attributes;

	if (!rendezvous)
		return fail(failure, "there is no page for the lock");
	pthread_mutexattr_init(&attributes);
	if (pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) ||
	    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) ||
	    pthread_mutex_init(&rendezvous->lock, &attributes) || pthread_mutex_lock(&rendezvous->lock))
		return fail(failure, "cannot own a robust lock");
	return 0;
}

int hog_become(const struct options *options, struct memory *memory, struct failure *failure)
{
	struct memory_request request = {
		.kind = options->memory, .pages = options->pages, .content = options->content,
		.lock = options->lock, .bytes = options->bytes, .vmas = options->vmas, .file = -1,
	};

	if (options->cpu >= 0 && pin_to_cpu(options->cpu, failure))
		return -1;
	if (options->pages == PAGES_4K && refuse_huge_pages(failure))
		return -1;
	if (options->memory == MEMORY_FILE) {
		request.file = open(options->file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (request.file < 0)
			return fail_errno(failure, "cannot open %s", options->file);
	}
	if (memory_map(memory, &request, failure) || memory_check(&request, failure))
		return -1;
	return start_threads(options, failure);
}

static void __attribute__((noreturn)) spin(void)
{
	volatile uint64_t turns = 0;

	for (;;)
		turns++;
}

static int prepare(int argc, char **argv, struct options *options, struct memory *memory, int *file,
		   struct failure *failure)
{
	if (parse_words((const char *const *)argv + 1, argc - 1, words, options, failure))
		return -1;
	if (options->cgroup[0])
		return nursery_run(options, failure);
	if (options->file[0] && options->memory != MEMORY_FILE) {
		*file = open(options->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (*file < 0)
			return fail_errno(failure, "cannot open %s", options->file);
	}
	if (hog_become(options, memory, failure) || (options->owner && take_lock(failure)))
		return -1;
	if (options->neighbour == NEIGHBOUR_NONE)
		return 0;
	return neighbour_start((enum neighbour)options->neighbour, memory, failure);
}

int main(int argc, char **argv)
{
	struct options options = { .bytes = 16 * HUGE_PAGE_BYTES, .vmas = 8, .threads = 1, .victims = 1, .cpu = -1 };
	struct failure failure = { "" };
	struct memory memory;
	int file = -1;
	char command;

	if (prepare(argc, argv, &options, &memory, &file, &failure)) {
		printf("%s\n", failure.message);
		return 1;
	}
	/* The input is the neighbour's. */
	if (options.neighbour != NEIGHBOUR_NONE)
		rest(NULL);
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
