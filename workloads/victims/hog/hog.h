/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HOG_HOG_H
#define HOG_HOG_H

#include "memory.h"

enum neighbour { NEIGHBOUR_NONE, NEIGHBOUR_CLONE_VM, NEIGHBOUR_VFORK };

struct options {
	int memory;
	int pages;
	int content;
	int neighbour;
	int64_t lock;
	int64_t bytes;
	int64_t vmas;
	int64_t threads;
	int64_t cpu;
	int64_t victims;
	int64_t inherited_bytes;
	int64_t owner;
	char cgroup[128];
	char file[128];
};

/* Make the calling process a victim: memory, threads, CPU. */
int hog_become(const struct options *options, struct memory *memory, struct failure *failure);

/*
 * Start a process that uses this one's memory and lives on after it: says
 * "ready" and answers for us from then on. With NEIGHBOUR_VFORK it does not
 * come back.
 */
int neighbour_start(enum neighbour kind, const struct memory *memory, struct failure *failure);

/*
 * Make options->victims victims with options->bytes between them in
 * options->cgroup, where this process itself is not; say "ready", answer until
 * the end of input. inherited_bytes are mapped before and stay ours and the
 * victims' alike, copy-on-write. Returns on failure only.
 */
int nursery_run(const struct options *options, struct failure *failure);

/*
 * Until the end of input, say for every byte that comes whether the marked
 * memory is "intact" or "changed". Makes system calls only: whoever shares the
 * memory of a process that is killed cannot count on its library's state.
 */
void answer_for(const struct memory *memory);

#endif
