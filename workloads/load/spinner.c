// SPDX-License-Identifier: GPL-2.0-only
/* spinner: keeps one CPU busy in user space. The one word is cpu=N. */
#include <stdint.h>
#include <stdio.h>

#include "pages.h"
#include "words.h"

struct options {
	int64_t cpu;
};

static const struct word words[] = {
	NUMBER_WORD(struct options, cpu, 0, 1023),
	{ .name = NULL },
};

int main(int argc, char **argv)
{
	struct options options = { .cpu = 0 };
	struct failure failure = { "" };
	volatile uint64_t turns = 0;

	if (parse_words((const char *const *)argv + 1, argc - 1, words, &options, &failure) ||
	    pin_to_cpu(options.cpu, &failure)) {
		printf("%s\n", failure.message);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		turns++;
}
