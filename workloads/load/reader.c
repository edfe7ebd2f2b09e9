// SPDX-License-Identifier: GPL-2.0-only
/*
 * reader: reads /proc/PID/smaps_rollup over and over, as a monitoring tool
 * does, with SCHED_IDLE on cpu=N, so that a read takes long there. While it
 * reads it holds a reference to the process's memory. Told to begin, it leaves
 * the times at which the last read began (walked) and ended (done).
 */
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "clocks.h"
#include "pages.h"
#include "rendezvous.h"
#include "words.h"

struct options {
	int64_t pid;
	int64_t cpu;
};

static const struct word words[] = {
	NUMBER_WORD(struct options, pid, 1, INT32_MAX),
	NUMBER_WORD(struct options, cpu, 0, 1023),
	{ .name = NULL },
};

static int prepare(int argc, char **argv, int *file, struct failure *failure)
{
	const struct sched_param parameter = { .sched_priority = 0 };
	struct options options = { .pid = 0 };
	char path[64];

	if (parse_words((const char *const *)argv + 1, argc - 1, words, &options, failure) ||
	    pin_to_cpu(options.cpu, failure))
		return -1;
	snprintf(path, sizeof(path), "/proc/%" PRId64 "/smaps_rollup", options.pid);
	*file = open(path, O_RDONLY | O_CLOEXEC);
	if (*file < 0)
		return fail_errno(failure, "cannot open %s", path);
	if (sched_setscheduler(0, SCHED_IDLE, &parameter))
		return fail_errno(failure, "cannot become SCHED_IDLE");
	return 0;
}

int main(int argc, char **argv)
{
	struct rendezvous *rendezvous = rendezvous_join();
	struct failure failure = { "" };
	char text[4096];
	int file;

	if (!rendezvous)
		fail(&failure, "the reader is started by the agent only");
	if (!rendezvous || prepare(argc, argv, &file, &failure)) {
		printf("%s\n", failure.message);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	if (rendezvous_wait(rendezvous))
		return 1;
	for (;;) {
		atomic_store(&rendezvous->walked, now_ns());
		/* Nothing to read any more: the process has gone. */
		if (pread(file, text, sizeof(text), 0) <= 0)
			pause();
		atomic_store(&rendezvous->done, now_ns());
	}
}
