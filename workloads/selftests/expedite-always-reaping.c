// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm.expedite_always = 1: whose memory is taken and whose left alone, and what
 * the rest of the system gets to see of it.
 */
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "ktap.h"
#include "expedite-always.h"

/* ---- memory that others use ------------------------------------------- */

static void a_living_neighbour_keeps_its_memory(void)
{
	const struct victim_shape shared = { .bytes = VICTIM_BYTES, .neighbour = true };
	struct victim victim;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_in_cgroup(&victim, shared));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
	REQUIRE(trace_count("wake_reaper:", NULL) == 1);
	REQUIRE(trace_count("start_task_reaping:", NULL) == 0);
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
	REQUIRE(atomic_load(&victim.page->damaged) == 0);
	REQUIRE(keeps(VICTIM_BYTES));
}

/* Killed one after the other: the kill of the last makes them all reapable. */
static void dying_neighbours_are_no_obstacle(void)
{
	const struct victim_shape shared = { .bytes = VICTIM_BYTES, .neighbour = true };
	struct victim victim;
	pid_t neighbour;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_in_cgroup(&victim, shared));
	neighbour = atomic_load(&victim.page->neighbour_pid);
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(freezer_v1(neighbour, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE(keeps(VICTIM_BYTES));
	REQUIRE(trace_count("start_task_reaping:", NULL) == 0);
	REQUIRE(kill(neighbour, SIGKILL) == 0);
	REQUIRE(is_stripped_soon());
	REQUIRE(trace_count("wake_reaper:", NULL) == 2);
}

static bool is_going(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->go);
}

/* Lives on the parent's memory until it is told to go. */
static int child_of_vfork(void *argument)
{
	struct victim_page *page = argument;
	const struct timespec pause_time = { .tv_nsec = 1000000 };
	int waited;

	atomic_store(&page->go, true);
	for (waited = 0; waited < WAIT_LIMIT_MS && !atomic_load(&page->stop); waited++)
		syscall(SYS_nanosleep, &pause_time, NULL);
	return 0;
}

static void vfork_and_wait(struct victim_page *page, char *memory, size_t bytes)
{
	static char stack[16384] __attribute__((aligned(16)));

	(void)memory;
	(void)bytes;
	clone(child_of_vfork, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, page);
}

static void a_vfork_child_keeps_its_memory(void)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = vfork_and_wait };
	struct victim victim;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_in_cgroup(&victim, shape));
	REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(keeps(VICTIM_BYTES));
	REQUIRE(trace_count("start_task_reaping:", NULL) == 0);
	atomic_store(&victim.page->stop, true);
	REQUIRE(is_stripped_soon());
}

/* ---- what others get to see ------------------------------------------- */

static void many_at_once_are_all_reaped(void)
{
	enum { MANY = 12, EACH_MIB = 8 };
	struct victim_shape small = { .bytes = EACH_MIB * MIB, .threads = 3, .cgroup = cgroup };
	struct victim victims[MANY];
	size_t i;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(trace_oom_events());
	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	for (i = 0; i < MANY; i++) {
		REQUIRE(victim_start(&victims[i], &small));
		REQUIRE(freezer_v1(victims[i].pid, true));
	}
	REQUIRE(cgroup_memory(cgroup) >= MANY * EACH_MIB * (int64_t)MIB);
	for (i = 0; i < MANY; i++)
		REQUIRE(victim_kill(&victims[i]));
	REQUIRE(reaped_times(MANY));
	/* One mebibyte each for page tables and stacks. */
	REQUIRE_MSG(cgroup_memory(cgroup) < MANY * (int64_t)MIB, "%lld bytes left",
		    (long long)cgroup_memory(cgroup));
}

/* Stripped before its exit has looked at its size. */
static void the_peak_is_accounted_for(void)
{
	struct rusage usage = { .ru_maxrss = 0 };
	struct victim victim;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_frozen(&victim, 0));
	REQUIRE(victim_kill(&victim));
	REQUIRE(is_stripped_soon());
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
	REQUIRE(wait4(victim.pid, NULL, 0, &usage) == victim.pid);
	REQUIRE_MSG(usage.ru_maxrss >= (long)VICTIM_BYTES / 1024, "%ld KiB", usage.ru_maxrss);
}

/* The stripped victim is not the OOM killer's; it kills who uses too much. */
static void the_oom_killer_goes_on(void)
{
	struct victim victim;
	struct victim allocator;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_frozen(&victim, 3));
	REQUIRE(victim_kill(&victim));
	REQUIRE(is_stripped_soon());
	REQUIRE(limit_cgroup(2 * VICTIM_BYTES));
	REQUIRE(start_allocating(&allocator, 4 * VICTIM_BYTES));
	REQUIRE(ends(&allocator, CLD_KILLED, SIGKILL));
	REQUIRE_MSG(oom_kills() == 1, "%d", oom_kills());
	REQUIRE(stays(&victim));
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "a living neighbour keeps its memory", a_living_neighbour_keeps_its_memory },
		{ "dying neighbours are no obstacle", dying_neighbours_are_no_obstacle },
		{ "a vfork child keeps its memory", a_vfork_child_keeps_its_memory },
		{ "many at once are all reaped", many_at_once_are_all_reaped },
		{ "the peak of the memory is accounted for", the_peak_is_accounted_for },
		{ "the OOM killer goes on", the_oom_killer_goes_on },
	};

	if (!kernel_has_expedite_always()) {
		puts(NO_EXPEDITE);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), expedite_cleanup);
}
