// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "freezer.h"
#include "victim.h"

#define WORD_BYTES 64

static int start_hog(struct victim *victim, const struct trial_request *request, struct failure *failure)
{
	char words[7][WORD_BYTES];
	const char *list[8] = { NULL };
	struct program_start start = {
		.path = "victims/hog", .words = list, .cgroup_fd = victim->cgroup.directory_fd, .oom_score_adj = "0",
	};
	int count = 6;

	snprintf(words[0], WORD_BYTES, "bytes=%" PRId64, request->bytes);
	snprintf(words[1], WORD_BYTES, "vmas=%" PRId64, request->vmas);
	snprintf(words[2], WORD_BYTES, "threads=%" PRId64, request->threads);
	snprintf(words[3], WORD_BYTES, "cpu=%" PRId64, request->victim_cpu);
	snprintf(words[4], WORD_BYTES, "memory=%s", memory_names[request->memory]);
	snprintf(words[5], WORD_BYTES, "pages=%s", page_names[request->pages]);
	if (request->state == STATE_D_STATE)
		snprintf(words[count++], WORD_BYTES, "file=" DISK "/victim");
	for (int i = 0; i < count; i++)
		list[i] = words[i];
	if (program_begin(&victim->hog, &start, failure))
		return -1;
	return program_wait_ready(&victim->hog, failure);
}

/* Before the window: afterwards nothing of the victim in /proc may be touched. */
static int list_threads(struct victim *victim, struct failure *failure)
{
	struct dirent *entry;
	char path[64];
	DIR *directory;
	int count = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", victim->hog.pid);
	directory = opendir(path);
	if (!directory)
		return fail_errno(failure, "cannot open %s", path);
	while ((entry = readdir(directory)) && count < VICTIM_THREADS_MAX) {
		if (entry->d_name[0] != '.')
			victim->threads[count++] = (pid_t)strtol(entry->d_name, NULL, 10);
	}
	closedir(directory);
	victim->threads[count] = 0;
	return 0;
}

int victim_create(struct victim *victim, const struct trial_request *request, const char *parent, const char **unmet,
		  struct failure *failure)
{
	static unsigned int serial;
	char name[32];

	*victim = (struct victim){ .filesystem_frozen = 0 };
	snprintf(name, sizeof(name), "trial-%u", serial++);
	if (cgroup_create(&victim->cgroup, parent, name, failure))
		return -1;
	/* Memory that has gone to swap is neither held nor freed; a kernel without swap has no such file. */
	if (faccessat(victim->cgroup.directory_fd, "memory.swap.max", F_OK, 0) == 0 &&
	    cgroup_set(&victim->cgroup, "memory.swap.max", "0", failure))
		return -1;
	if (start_hog(victim, request, failure) || list_threads(victim, failure))
		return -1;
	victim->faulted_bytes = cgroup_memory(&victim->cgroup);
	return victim_apply_state(victim, request, unmet, failure);
}

int victim_end(struct victim *victim, struct failure *failure)
{
	int result;

	/* The spinner first: a starved victim leaves only when the CPU is free. */
	result = program_end(&victim->spinner, failure);
	result |= victim_undo_state(victim, failure);
	result |= program_end(&victim->hog, failure);
	if (victim->in_v1_freezer)
		result |= freezer_v1_remove(failure);
	victim->in_v1_freezer = 0;
	if (victim->cgroup.path[0])
		result |= cgroup_empty(&victim->cgroup, failure);
	return result;
}
