// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "counters.h"
#include "files.h"
#include "freezer.h"
#include "swapout.h"
#include "victim.h"

#define WORDS_MAX 14
#define WORD_BYTES 192

/* "PID\n" of each of VICTIMS_MAX victims. */
#define PROCESS_LIST_BYTES (VICTIMS_MAX * 8)

struct word_list {
	char text[WORDS_MAX][WORD_BYTES];
	const char *words[WORDS_MAX + 1];
	int count;
};

static void __attribute__((format(printf, 2, 3))) add_word(struct word_list *list, const char *format, ...)
{
	va_list arguments;

	if (list->count == WORDS_MAX)
		abort();
	va_start(arguments, format);
	vsnprintf(list->text[list->count], WORD_BYTES, format, arguments);
	va_end(arguments);
	list->words[list->count] = list->text[list->count];
	list->words[++list->count] = NULL;
}

static int has_nursery(const struct trial_request *request)
{
	return request->victims > 1 || request->inherited_bytes;
}

static const char *content(const struct trial_request *request)
{
	if (request->swapped_bytes)
		return "mixed";
	return request->neighbour == NEIGHBOUR_NONE ? "any" : "marked";
}

static int start_hog(struct victim *victim, const struct trial_request *request, struct failure *failure)
{
	struct word_list list = { .count = 0 };
	const struct program_start start = {
		.path = "victims/hog",
		.words = list.words,
		/* The nursery is no victim, and what the victims inherit from it is not theirs. */
		.cgroup_fd = has_nursery(request) ? -1 : victim->cgroup.directory_fd,
		.meeting = request->owner ? &victim->waiter.meeting : NULL,
		.oom_score_adj = "0",
	};

	add_word(&list, "bytes=%" PRId64, request->bytes);
	add_word(&list, "vmas=%" PRId64, request->vmas);
	add_word(&list, "threads=%" PRId64, request->threads);
	add_word(&list, "cpu=%" PRId64, request->victim_cpu);
	add_word(&list, "memory=%s", memory_names[request->memory]);
	add_word(&list, "pages=%s", page_names[request->pages]);
	add_word(&list, "content=%s", content(request));
	add_word(&list, "lock=%" PRId64, request->lock);
	add_word(&list, "owner=%" PRId64, request->owner);
	add_word(&list, "neighbour=%s", neighbour_names[request->neighbour]);
	if (has_nursery(request)) {
		add_word(&list, "victims=%" PRId64, request->victims);
		add_word(&list, "inherited_bytes=%" PRId64, request->inherited_bytes);
		add_word(&list, "cgroup=%s", victim->cgroup.path);
	}
	if (request->state == STATE_D_STATE || request->memory == MEMORY_FILE)
		add_word(&list, "file=" VICTIM_FILE);
	if (program_begin(&victim->hog, &start, failure))
		return -1;
	return program_wait_ready(&victim->hog, failure);
}

static int find_victims(struct victim *victim, const struct trial_request *request, struct failure *failure)
{
	static char text[PROCESS_LIST_BYTES];
	char path[256];
	char *next = text;

	if (!has_nursery(request)) {
		victim->pids[0] = victim->hog.pid;
		victim->pidfds[0] = victim->hog.pidfd;
		victim->count = 1;
		return 0;
	}
	snprintf(path, sizeof(path), "%s/cgroup.procs", victim->cgroup.path);
	if (read_text(path, text, sizeof(text)) < 0)
		return fail_errno(failure, "cannot read %s", path);
	while (*next && victim->count < VICTIMS_MAX) {
		pid_t pid = (pid_t)strtol(next, &next, 10);
		int pidfd = pidfd_open(pid, 0);

		if (pidfd < 0)
			return fail_errno(failure, "cannot open a pidfd of victim %d", pid);
		victim->pids[victim->count] = pid;
		victim->pidfds[victim->count++] = pidfd;
		next += *next == '\n';
	}
	if (victim->count != request->victims)
		return fail(failure, "there are %u victims instead of %" PRId64, victim->count, request->victims);
	return 0;
}

/* Before the window: afterwards nothing of the victim in /proc may be touched. */
static int list_threads(struct victim *victim, struct failure *failure)
{
	int count = 0;

	for (unsigned int i = 0; i < victim->count; i++) {
		struct dirent *entry;
		char path[64];
		DIR *directory;

		snprintf(path, sizeof(path), "/proc/%d/task", victim->pids[i]);
		directory = opendir(path);
		if (!directory)
			return fail_errno(failure, "cannot open %s", path);
		while ((entry = readdir(directory)) && count < VICTIM_THREADS_MAX) {
			if (entry->d_name[0] != '.')
				victim->threads[count++] = (pid_t)strtol(entry->d_name, NULL, 10);
		}
		closedir(directory);
	}
	victim->threads[count] = 0;
	return 0;
}

static int make_cgroup(struct victim *victim, const struct trial_request *request, const char *parent,
		       struct failure *failure)
{
	static unsigned int serial;
	char name[32];

	snprintf(name, sizeof(name), "trial-%u", serial++);
	if (cgroup_create(&victim->cgroup, parent, name, failure))
		return -1;
	/* Memory that goes to swap unasked is neither held nor freed; a kernel without swap has no such file. */
	if (!request->swapped_bytes && faccessat(victim->cgroup.directory_fd, "memory.swap.max", F_OK, 0) == 0 &&
	    cgroup_set(&victim->cgroup, "memory.swap.max", "0", failure))
		return -1;
	return memory_clock_open(&victim->clock, (enum memory_clock_kind)request->clock, &victim->cgroup, failure);
}

int victim_create(struct victim *victim, const struct trial_request *request, const char *parent, const char **unmet,
		  struct failure *failure)
{
	*victim = (struct victim){ .clock = { .fd = -1, .swap_fd = -1 } };
	if (make_cgroup(victim, request, parent, failure))
		return -1;
	if (request->owner && waiter_prepare(&victim->waiter, failure))
		return -1;
	if (start_hog(victim, request, failure) || find_victims(victim, request, failure) ||
	    list_threads(victim, failure))
		return -1;
	if (request->swapped_bytes && swap_out(&victim->cgroup, request->swapped_bytes, unmet, failure))
		return -1;
	if (request->owner && waiter_start(&victim->waiter, unmet, failure))
		return -1;
	return victim_apply_state(victim, request, unmet, failure);
}

int64_t victim_cpu_ns(const struct victim *victim)
{
	int64_t sum = 0;

	for (unsigned int i = 0; i < victim->count; i++) {
		int64_t one = process_cpu_ns(victim->pids[i]);

		if (one < 0)
			return -1;
		sum += one;
	}
	return sum;
}

static void close_victims(struct victim *victim)
{
	for (unsigned int i = 0; i < victim->count; i++) {
		if (victim->pidfds[i] != victim->hog.pidfd)
			close(victim->pidfds[i]);
	}
	victim->count = 0;
}

int victim_end(struct victim *victim, struct failure *failure)
{
	int result;

	/* The spinners first: a starved victim leaves only when the CPU is free, held memory with its reader. */
	result = program_end(&victim->spinner, failure);
	result |= reader_end(&victim->reader, failure);
	result |= program_end(&victim->tracer, failure);
	result |= waiter_end(&victim->waiter, failure);
	result |= victim_undo_state(victim, failure);
	close_victims(victim);
	result |= program_end(&victim->hog, failure);
	if (victim->cgroup.path[0])
		result |= cgroup_empty(&victim->cgroup, failure);
	if (victim->in_v1_freezer)
		result |= freezer_v1_remove(failure);
	victim->in_v1_freezer = 0;
	/* With the file goes what the page cache has of it. */
	unlink(VICTIM_FILE);
	return result;
}
