/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_PROGRAM_H
#define REAPLAB_PROGRAM_H

#include <stdint.h>
#include <sys/types.h>

#include "clocks.h"
#include "failure.h"
#include "rendezvous.h"

/* A program of the image that the agent has started: a victim, a load, a killer. */
struct program {
	pid_t pid;	/* 0 = none */
	int pidfd;
	int control_fd;	/* its standard input */
	int report_fd;	/* its standard output */
};

/* The page and the descriptor through which a program is told "go"; see rendezvous.h. */
struct meeting {
	struct rendezvous *page;
	int page_fd;
	int go_fd;
};

struct program_start {
	const char *path;		/* absolute, or relative to the agent's folder */
	const char *const *words;	/* NULL-terminated */
	int cgroup_fd;			/* the cgroup it is born into; -1 = the agent's */
	const struct meeting *meeting;	/* NULL = none */
	const char *oom_score_adj;	/* the agent's own -1000 would be inherited */
};

/*
 * Most of it is faulting memory in: 512 MiB in under a second on an idle host, six thrashers that push each other into
 * swap in ten. The rest is for an emulated guest on a host that gives it a tenth of a core.
 */
#define PROGRAM_READY_LIMIT_NS (80 * NS_PER_S)

/*
 * A killed program that is free to run is gone at once; one that must leave a
 * deep swap-out queue under emulation has needed seconds.
 */
#define PROGRAM_END_LIMIT_NS (20 * NS_PER_S)

#define PROGRAM_PATH_BYTES 4352

/* Where the image holds a program; see program_start.path. @found has PROGRAM_PATH_BYTES. */
int program_path(const char *path, char *found, struct failure *failure);

int program_begin(struct program *program, const struct program_start *start, struct failure *failure);

/* Wait until it says "ready"; anything else it says is why it failed. */
int program_wait_ready(struct program *program, struct failure *failure);

/* Send it a one-letter command. */
int program_command(const struct program *program, char command, struct failure *failure);

/* Whether, asked by a one-letter command, it or whoever holds its ends of the pipes answers in time with that line. */
int program_answers(struct program *program, const char *expected);

/* Whether it has exited (not: has been waited for). */
int program_has_exited(const struct program *program);

/* Kill it, wait for its end, collect it. Nothing is left of it unless -1 comes back. */
int program_end(struct program *program, struct failure *failure);

int meeting_open(struct meeting *meeting, struct failure *failure);
void meeting_close(struct meeting *meeting);

/* Forget the times of the last turn. */
void meeting_reset(const struct meeting *meeting);

/* Let the program take its turn; the time is left in page->go just before. */
void meeting_go(const struct meeting *meeting);

#endif
