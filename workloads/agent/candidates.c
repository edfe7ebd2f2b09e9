// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "background.h"
#include "candidates.h"
#include "cgroup.h"
#include "program.h"

struct candidate {
	struct cgroup cgroup;
	struct program program;
};

static struct candidate *candidates;
static int64_t candidate_count;
static int64_t candidate_bytes;

static int start_candidate(struct candidate *candidate, struct failure *failure)
{
	char bytes[48];
	const char *const words[] = { bytes, "vmas=1", NULL };
	const struct program_start start = {
		.path = "victims/hog",
		.words = words,
		.cgroup_fd = candidate->cgroup.directory_fd,
		.oom_score_adj = "0",
	};

	snprintf(bytes, sizeof(bytes), "bytes=%" PRId64, candidate_bytes);
	if (program_begin(&candidate->program, &start, failure))
		return -1;
	return program_wait_ready(&candidate->program, failure);
}

int candidates_begin(const struct background_request *request, struct failure *failure)
{
	if (cgroup_prepare(CGROUP_CANDIDATES, failure))
		return -1;
	candidates = calloc((size_t)request->candidates, sizeof(*candidates));
	if (!candidates)
		return fail_errno(failure, "cannot keep %" PRId64 " candidates", request->candidates);
	candidate_bytes = request->candidate_bytes;
	for (int64_t i = 0; i < request->candidates; i++) {
		char name[32];

		snprintf(name, sizeof(name), "candidate-%" PRId64, i);
		candidate_count++;
		if (cgroup_create(&candidates[i].cgroup, CGROUP_CANDIDATES, name, failure) ||
		    start_candidate(&candidates[i], failure))
			return -1;
	}
	return 0;
}

int candidates_refill(struct failure *failure)
{
	for (int64_t i = 0; i < candidate_count; i++) {
		if (!program_has_exited(&candidates[i].program))
			continue;
		if (program_end(&candidates[i].program, failure) || start_candidate(&candidates[i], failure))
			return -1;
	}
	return 0;
}

int candidates_end(struct failure *failure)
{
	int result = 0;

	for (int64_t i = 0; i < candidate_count; i++) {
		result |= program_end(&candidates[i].program, failure);
		result |= cgroup_remove(&candidates[i].cgroup, failure);
	}
	free(candidates);
	candidates = NULL;
	candidate_count = 0;
	if (rmdir(CGROUP_CANDIDATES) && errno != ENOENT)
		result |= fail_errno(failure, "cannot remove " CGROUP_CANDIDATES);
	return result;
}
