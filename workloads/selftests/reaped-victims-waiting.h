/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A victim that can't run while it holds its mmap_lock for writing, and a caller
 * that waits for the lock, for the tests of calls that kill and reap at once.
 * Include it after ktap.h, in the program's main source file only.
 */
#ifndef REAPLAB_REAPED_VICTIMS_WAITING_H
#define REAPLAB_REAPED_VICTIMS_WAITING_H

#include "reaped-victims.h"

#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

/* Where a case keeps test and victim apart. */
#define CALLER_CPU	0
#define VICTIM_CPU	1

/* Whether the lock is held when the victim is pushed off its CPU is a matter of luck. */
#define WAITING_TRIES	50

/* The victim that the caller is to kill. */
static int waited_pidfd;

static inline bool has_two_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) > VICTIM_CPU;
}

/* Holds the mmap_lock for writing nearly all the time: every call walks all pages. */
static inline void protect_in_a_loop(struct victim_page *page, char *memory, size_t bytes)
{
	for (;;) {
		mprotect(memory, bytes, PROT_READ);
		mprotect(memory, bytes, PROT_READ | PROT_WRITE);
		atomic_fetch_add(&page->passes, 1);
	}
}

static inline void spin(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	for (;;)
		atomic_fetch_add_explicit(&page->passes, 1, memory_order_relaxed);
}

static inline bool toggled_twice(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->passes) >= 2;
}

/*
 * Starts a victim, pushes it off its CPU somewhere in its loop, and starts the
 * caller, which sets page->result once its call has returned. True if it waits.
 *
 * The spinner sits in the victim's cgroup, since SCHED_IDLE counts only there,
 * and keeps to nice 0, beside which the victim still gets 0.3 % of the CPU: it is
 * in an RCU read-side section most of the time, and at nice -20 it would stay
 * there for so long that the kernel complains of a stall.
 */
static inline bool caller_waits(struct victim *victim, struct victim *caller,
				void (*body)(struct victim_page *page, char *memory, size_t bytes))
{
	const struct victim_shape victim_shape = { .bytes = VICTIM_BYTES, .body = protect_in_a_loop };
	const struct victim_shape spinner_shape = { .body = spin, .cgroup = cgroup };
	const struct victim_shape caller_shape = { .body = body };
	const struct sched_param parameters = { .sched_priority = 0 };
	struct victim spinner;

	if (!pin(0, CALLER_CPU) || !start_in_cgroup(victim, victim_shape) ||
	    !pin(victim->pid, VICTIM_CPU) ||
	    !wait_for(toggled_twice, victim->page, WAIT_LIMIT_MS) ||
	    sched_setscheduler(victim->pid, SCHED_IDLE, &parameters) ||
	    !victim_start(&spinner, &spinner_shape) || !pin(spinner.pid, VICTIM_CPU) ||
	    !wait_for(toggled_twice, spinner.page, WAIT_LIMIT_MS))
		return false;
	waited_pidfd = victim->pidfd;
	/* A caller that did not have to wait is through, and a zombie. */
	return victim_start(caller, &caller_shape) &&
	       wait_for_state(caller->pid, "DZ", WAIT_LIMIT_MS) && stays(caller) &&
	       !atomic_load(&caller->page->result);
}

/* Repeats what depends on that luck; the number of the lucky attempt, or 0. */
static inline int lucky_attempt(bool (*happens)(void))
{
	int attempt;

	for (attempt = 1; attempt <= WAITING_TRIES; attempt++) {
		bool happened = happens();

		support_cleanup();
		if (happened)
			return attempt;
	}
	return 0;
}

#endif /* REAPLAB_REAPED_VICTIMS_WAITING_H */
