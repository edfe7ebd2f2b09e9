// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>

#include "counters.h"
#include "reader.h"

/* Beside the spinner the reader is on a CPU once in a second or so. */
#define READ_LIMIT_NS (20 * NS_PER_S)

static int start_program(struct program *program, const struct program_start *start, struct failure *failure)
{
	return program_begin(program, start, failure) || program_wait_ready(program, failure) ? -1 : 0;
}

int reader_reads(const struct reader *reader)
{
	const struct rendezvous *page = reader->meeting.page;

	return atomic_load(&page->walked) > atomic_load(&page->done);
}

int reader_start(struct reader *reader, pid_t victim, int64_t cpu, const char **unmet, struct failure *failure)
{
	char pid_word[32];
	char cpu_word[32];
	const char *const words[] = { cpu_word, pid_word, NULL };
	const char *const spinner_words[] = { cpu_word, NULL };
	struct program_start start = {
		.path = "load/reader", .words = words, .meeting = &reader->meeting, .oom_score_adj = "-1000",
	};
	struct program_start spinner_start = {
		.path = "load/spinner", .words = spinner_words, .oom_score_adj = "-1000",
	};
	int64_t deadline;

	snprintf(pid_word, sizeof(pid_word), "pid=%d", victim);
	snprintf(cpu_word, sizeof(cpu_word), "cpu=%" PRId64, cpu);
	if (meeting_open(&reader->meeting, failure) ||
	    cgroup_create(&reader->cgroup, CGROUP_TRIALS, "reader", failure))
		return -1;
	start.cgroup_fd = spinner_start.cgroup_fd = reader->cgroup.directory_fd;
	if (start_program(&reader->program, &start, failure) ||
	    start_program(&reader->spinner, &spinner_start, failure))
		return -1;
	/* Only now, so that the read is a slow one from its beginning. */
	meeting_go(&reader->meeting);
	deadline = now_ns() + READ_LIMIT_NS;
	while (!reader_reads(reader)) {
		if (now_ns() > deadline) {
			*unmet = "the reader did not begin a read";
			break;
		}
		sleep_ns(NS_PER_MS);
	}
	return 0;
}

int reader_end(struct reader *reader, struct failure *failure)
{
	/* The spinner first: the reader has to finish its read. */
	int result = program_end(&reader->spinner, failure);

	result |= program_end(&reader->program, failure);
	result |= cgroup_remove(&reader->cgroup, failure);
	meeting_close(&reader->meeting);
	return result;
}
