// SPDX-License-Identifier: GPL-2.0-only
/*
 * refiller: a process that has nothing to do with the kill and wants memory at
 * that moment. It waits for its turn with its addresses mapped, then faults in
 * bytes=N on cpu=N and leaves the time it was done. What it took it keeps until
 * it is killed: giving it back would be another event in the window.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clocks.h"
#include "pages.h"
#include "rendezvous.h"
#include "words.h"

struct options {
	int64_t bytes;
	int64_t cpu;
};

static const struct word words[] = {
	NUMBER_WORD(struct options, bytes, PAGE_BYTES, WORD_BYTES_MAX),
	NUMBER_WORD(struct options, cpu, 0, 1023),
	{ .name = NULL },
};

static int prepare(int argc, char **argv, struct options *options, char **memory, struct failure *failure)
{
	if (parse_words((const char *const *)argv + 1, argc - 1, words, options, failure) ||
	    pin_to_cpu(options->cpu, failure) || refuse_huge_pages(failure))
		return -1;
	*memory = mmap(NULL, (size_t)options->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (*memory == MAP_FAILED)
		return fail_errno(failure, "cannot map memory");
	return 0;
}

int main(int argc, char **argv)
{
	struct options options = { .bytes = HUGE_PAGE_BYTES, .cpu = 0 };
	struct rendezvous *rendezvous = rendezvous_join();
	struct failure failure = { "" };
	char *memory;

	if (!rendezvous)
		fail(&failure, "the refiller is started by the agent only");
	if (!rendezvous || prepare(argc, argv, &options, &memory, &failure)) {
		printf("%s\n", failure.message);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	if (rendezvous_wait(rendezvous))
		return 1;
	touch_pages(memory, options.bytes);
	atomic_store(&rendezvous->done, now_ns());
	for (;;)
		pause();
}
