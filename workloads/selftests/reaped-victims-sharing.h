/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Victims whose memory is not theirs alone, for the tests that it stays with
 * those who live on. Include it after ktap.h, in the program's main source file
 * only.
 */
#ifndef REAPLAB_REAPED_VICTIMS_SHARING_H
#define REAPLAB_REAPED_VICTIMS_SHARING_H

#include "reaped-victims.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A process beside the victim checks the memory that they share. */
static const struct victim_shape shared = { .bytes = VICTIM_BYTES, .neighbour = true };

static inline pid_t neighbour_of(const struct victim *victim)
{
	return atomic_load(&victim->page->neighbour_pid);
}

static inline int open_neighbour(const struct victim *victim)
{
	return (int)syscall(SYS_pidfd_open, neighbour_of(victim), 0);
}

/* Sleeps on its parent's memory; the parent waits for it in the kernel. */
static inline int vfork_child(void *argument)
{
	struct victim_page *page = argument;
	struct timespec pause_time = { .tv_nsec = 1000000 };

	atomic_store(&page->neighbour_pid, (int)syscall(SYS_getpid));
	while (!atomic_load(&page->stop))
		syscall(SYS_nanosleep, &pause_time, NULL);
	syscall(SYS_exit, 0);
	return 0;
}

static inline void wait_for_vfork_child(struct victim_page *page, char *memory, size_t bytes)
{
	static char stack[16384] __attribute__((aligned(16)));

	/* CLONE_PARENT: a child of the test, which can wait for it. */
	clone(vfork_child, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | CLONE_PARENT | SIGCHLD, page);
	atomic_store(&page->result, pattern_damage(memory, bytes) ? -1 : 1);
}

static inline bool has_vfork_child(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->neighbour_pid) > 0;
}

static inline bool has_result(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->result);
}

/* The parent of a vfork child, waiting for it; result is 1 if it finds its memory unharmed then. */
static const struct victim_shape vforking = {
	.bytes = VICTIM_BYTES, .body = wait_for_vfork_child,
};

/* Lets a vfork child go, or a forked one look; true if who goes on finds the memory unharmed. */
static inline bool finds_memory_unharmed(const struct victim *victim)
{
	atomic_store(&victim->page->stop, true);
	return wait_for(has_result, victim->page, WAIT_LIMIT_MS) &&
	       atomic_load(&victim->page->result) == 1;
}

/* Leaves a child that looks at its copy of the memory when told to. */
static inline void leave_child(struct victim_page *page, char *memory, size_t bytes)
{
	pid_t child = fork();
	int waited_ms;

	if (child) {
		atomic_store(&page->go, child > 0);
		return;
	}
	for (waited_ms = 0; !atomic_load(&page->stop) && waited_ms < WAIT_LIMIT_MS; waited_ms++)
		sleep_ms(1);
	atomic_store(&page->result, pattern_damage(memory, bytes) ? -1 : 1);
	_exit(0);
}

/* Has a child with a copy on write; result is 1 if that finds it unharmed once told to stop. */
static const struct victim_shape forked = { .bytes = VICTIM_BYTES, .body = leave_child };

/* Has as much shared memory as private. */
static inline void fill_shared(struct victim_page *page, char *memory, size_t bytes)
{
	char *more = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	(void)memory;
	if (more == MAP_FAILED)
		return;
	memset(more, 1, bytes);
	atomic_store(&page->go, true);
}

static const struct victim_shape half_shared = { .bytes = VICTIM_BYTES, .body = fill_shared };

/* Memory that is shared by file or descriptor is not private, and not freed. */
static inline void case_shared_memory_stays(void)
{
	size_t i;

	for (i = 0; i < killing.form_count; i++) {
		struct victim victim;
		int64_t all;

		REQUIRE(start_in_cgroup(&victim, half_shared));
		REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
		REQUIRE(freezer_v1(victim.pid, true));
		all = cgroup_memory(cgroup);
		REQUIRE_ERROR(killing.kill(victim.pidfd, killing.forms[i]), 0);
		/* Half of it was private. */
		REQUIRE_MSG(cgroup_memory(cgroup) < all - (int64_t)VICTIM_BYTES + MEMORY_SLACK &&
			    cgroup_memory(cgroup) > all - (int64_t)VICTIM_BYTES - MEMORY_SLACK,
			    "%ld of %ld bytes", (long)cgroup_memory(cgroup), (long)all);
		support_cleanup();
	}
}

#endif /* REAPLAB_REAPED_VICTIMS_SHARING_H */
