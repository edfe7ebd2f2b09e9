/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_RENDEZVOUS_H
#define REAPLAB_RENDEZVOUS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The page the agent shares with a program whose own times count (the
 * refiller, the killer, the waiter, the reader). The program leaves its times
 * here, all CLOCK_MONOTONIC in ns and 0 until reached; nothing has to be sent
 * inside the window. The agent keeps the page locked, so using it never waits for memory.
 *
 * The program inherits two descriptors: the page, and an eventfd it reads to
 * wait for its turn, as an OOM daemon waits for a pressure event.
 */
#define RENDEZVOUS_PAGE_FD 3
#define RENDEZVOUS_GO_FD 4

struct rendezvous {
	_Atomic int64_t ready;		/* the program waits for its turn */
	_Atomic int64_t go;		/* written by the agent just before it writes the eventfd */
	_Atomic int64_t awake;		/* first thing the program does when it runs again */
	_Atomic int64_t walked;		/* killer: /proc has been read; reader: a read has begun */
	_Atomic int64_t chosen;		/* killer: a victim is chosen and its pidfd open */
	_Atomic int64_t kill_start;	/* killer: just before the signalling call */
	_Atomic int64_t kill_end;	/* killer: just after it */
	_Atomic int64_t done;		/* the turn is over; reader: a read has ended */
	_Atomic int64_t result_errno;	/* what the turn ended with; 0 = well */
	_Atomic int64_t pid;		/* killer: whom it killed */
	_Atomic int64_t cpu;		/* killer: thread CPU time spent on the turn */
	_Atomic int64_t processes;	/* killer: how many it looked at */
	_Atomic int64_t mempool_pages;	/* killer: pages it had set aside when its turn began; 0 = none */
	_Atomic int64_t mempool_left;	/* killer: those of them that it did not need */
	_Atomic int64_t mempool_missed;	/* killer: pages that it needed beyond them */
	pthread_mutex_t lock;		/* waiter: what it waits for; owned by the victim */
};

/* Map the page and the two descriptors of a program that was started with them. NULL where there are none. */
struct rendezvous *rendezvous_join(void);

/* Sleep until the agent says go. -1 when the agent has gone. */
int rendezvous_wait(struct rendezvous *rendezvous);

#endif
