// SPDX-License-Identifier: GPL-2.0-only
/* See support-cpus.h. */
#include "support-cpus.h"

#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

bool has_two_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN) > VICTIM_CPU;
}

__attribute__((noreturn))
static void spin(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	for (;;)
		atomic_fetch_add_explicit(&page->passes, 1, memory_order_relaxed);
}

/* Holds the mmap_lock for writing nearly all the time: every call walks all pages. */
__attribute__((noreturn))
static void protect_in_a_loop(struct victim_page *page, char *memory, size_t bytes)
{
	for (;;) {
		mprotect(memory, bytes, PROT_READ);
		mprotect(memory, bytes, PROT_READ | PROT_WRITE);
		atomic_fetch_add(&page->passes, 1);
	}
}

static bool passed_twice(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->passes) >= 2;
}

bool start_spinner(struct victim *spinner)
{
	const struct victim_shape shape = { .body = spin };

	return victim_start(spinner, &shape) && pin(spinner->pid, VICTIM_CPU) &&
	       wait_for(passed_twice, spinner->page, WAIT_LIMIT_MS);
}

bool start_starved(struct victim *victim, size_t bytes, const char *cgroup)
{
	const struct victim_shape shape = {
		.bytes = bytes, .body = protect_in_a_loop, .cgroup = cgroup,
	};
	const struct sched_param none = { 0 };
	struct victim spinner;

	return pin(0, CALLER_CPU) && victim_start(victim, &shape) && pin(victim->pid, VICTIM_CPU) &&
	       wait_for(passed_twice, victim->page, WAIT_LIMIT_MS) &&
	       sched_setscheduler(victim->pid, SCHED_IDLE, &none) == 0 && start_spinner(&spinner);
}

int teardowns_by_caller(bool (*kill_and_reap)(const struct victim *victim), size_t bytes, int rounds)
{
	const struct victim_shape shape = { .bytes = bytes };
	char filter[64];
	int torn_down = 0;
	int round;

	snprintf(filter, sizeof(filter), "common_pid == %d", getpid());
	for (round = 0; round < rounds; round++) {
		struct victim victim;

		/* In every round, as the cleanup of the last one took it back. */
		if (!pin(0, CALLER_CPU) || !victim_start(&victim, &shape) ||
		    !pin(victim.pid, VICTIM_CPU) || !trace_event("mmap/exit_mmap", filter) ||
		    !kill_and_reap(&victim) || !victim_wait(&victim, true, WAIT_LIMIT_MS))
			return -1;
		torn_down += trace_count("exit_mmap:", NULL) > 0;
		support_cleanup();
	}
	return torn_down;
}
