// SPDX-License-Identifier: GPL-2.0-only
/*
 * cgroup.kill with "2" and "3" where memory has more than one user, and where
 * it can't be had for the moment.
 */
#include "ktap.h"
#include "cgroup-kill-reap.h"
#include "support-cpus.h"

#define REFUSE		"/sys/kernel/debug/reaplab/refuse"

static const char *const reaping_values[] = { KILL_REAP, KILL_QUEUE };

#define VALUES	(sizeof(reaping_values) / sizeof(reaping_values[0]))

/* ---- who shares it ---------------------------------------------------- */

static bool has_been_skipped(void *victim)
{
	return traced("skip_task_reaping", *(pid_t *)victim) > 0;
}

/*
 * The neighbour is outside and lives, the victim is inside and can't exit, so
 * that there is all the time in the world to do the wrong thing.
 */
static void neighbour_outside(const char *value, struct victim_shape shape)
{
	char outside[128];
	struct victim victim;
	pid_t neighbour;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	REQUIRE(cgroup_create(outside, sizeof(outside)));
	shape.neighbour = true;
	REQUIRE(start_frozen(&victim, shape, cgroup));
	neighbour = atomic_load(&victim.page->neighbour_pid);
	REQUIRE(move_to(outside, neighbour));
	REQUIRE(trace_reaping());
	REQUIRE_ERROR(cgroup_kill(cgroup, value), 0);
	REQUIRE(wait_for(has_been_skipped, &victim.pid, WAIT_LIMIT_MS));
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));

	/* Once it has exited nothing is left to be found through it. */
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE_ERROR(cgroup_kill(cgroup, value), 0);
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
	REQUIRE(trace_count("start_task_reaping:", NULL) == 0);
	REQUIRE(neighbour_lives(&victim));
}

static void neighbours_outside(void)
{
	size_t i;

	for (i = 0; i < VALUES; i++) {
		neighbour_outside(reaping_values[i], (struct victim_shape){ 0 });
		support_cleanup();
		neighbour_outside(reaping_values[i], (struct victim_shape){ .threads = 3 });
		support_cleanup();
	}
}

/* A child after vfork() is no different, but not marked like one after clone(CLONE_VM). */
static void vfork_child_outside(void)
{
	size_t i;

	for (i = 0; i < VALUES; i++) {
		struct victim_shape shape = { .bytes = VICTIM_BYTES, .neighbour = true, .vfork = true };
		char outside[128];
		struct victim victim;

		REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
		REQUIRE(cgroup_create(outside, sizeof(outside)));
		shape.cgroup = cgroup;
		REQUIRE(victim_start(&victim, &shape));
		REQUIRE(move_to(outside, atomic_load(&victim.page->neighbour_pid)));
		REQUIRE(trace_reaping());
		REQUIRE_ERROR(cgroup_kill(cgroup, reaping_values[i]), 0);
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		REQUIRE(trace_count("start_task_reaping:", NULL) == 0);
		support_cleanup();
	}
}

static bool has_passed_on(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->result) != 0;
}

/* What a parent finds in its memory after its vfork() child was killed. */
static void check_after_vfork(struct victim_page *page, char *memory, size_t bytes)
{
	atomic_store(&page->result, pattern_damage(memory, bytes) ? -1 : 1);
}

/* And the other way round: the child in the cgroup is killed, and its parent goes on with the memory. */
static void vfork_child_inside(void)
{
	size_t i;

	for (i = 0; i < VALUES; i++) {
		struct victim_shape shape = {
			.bytes = VICTIM_BYTES, .neighbour = true, .vfork = true, .body = check_after_vfork,
		};
		struct victim victim;

		REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
		REQUIRE(victim_start(&victim, &shape));
		REQUIRE(neighbour_checks(&victim, 1, WAIT_LIMIT_MS));
		REQUIRE(move_to(cgroup, atomic_load(&victim.page->neighbour_pid)));
		REQUIRE(trace_reaping());
		REQUIRE_ERROR(cgroup_kill(cgroup, reaping_values[i]), 0);
		REQUIRE(wait_for(has_passed_on, victim.page, WAIT_LIMIT_MS));
		REQUIRE(atomic_load(&victim.page->result) == 1);
		REQUIRE(trace_count("start_task_reaping:", NULL) == 0);
		support_cleanup();
	}
}

/* Both are in the cgroup, in the same one or in one below: one address space, reaped once. */
static void neighbour_inside(void)
{
	size_t i;

	for (i = 0; i < 2 * VALUES; i++) {
		struct victim_shape shape = { .threads = 2, .neighbour = true };
		char below[128];
		struct victim victim;
		pid_t neighbour;
		int64_t held;

		REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
		REQUIRE(cgroup_create_below(cgroup, below, sizeof(below)));
		REQUIRE(start_frozen(&victim, shape, cgroup));
		neighbour = atomic_load(&victim.page->neighbour_pid);
		/* It goes into the victim's freezer. */
		REQUIRE(freezer_v1(neighbour, true));
		REQUIRE(i < VALUES || move_to(below, neighbour));
		REQUIRE(trace_reaping());
		held = cgroup_memory(cgroup);
		REQUIRE_ERROR(cgroup_kill(cgroup, reaping_values[i % VALUES]), 0);
		REQUIRE(finished(1));
		REQUIRE(lost(held, 1));
		/* Give a second one time to show itself. */
		sleep_ms(100);
		REQUIRE(trace_count("start_task_reaping:", NULL) == 1);
		support_cleanup();
	}
}

/* ---- what can't be had ------------------------------------------------ */

static void stop_refusing(void)
{
	write_file(REFUSE, "0");
}

static bool has_lost_both(void *held)
{
	return lost(*(int64_t *)held, 2);
}

static void reap_partly(const struct victim *victims)
{
	unsigned long memory = atomic_load(&victims[0].page->memory);
	int64_t held = cgroup_memory(cgroup);
	char text[64];

	snprintf(text, sizeof(text), "%d %lx %lx", victims[0].pid, memory, memory + VICTIM_BYTES);
	REQUIRE(write_file(REFUSE, text));
	REQUIRE_ERROR(cgroup_kill(cgroup, KILL_REAP), EAGAIN);
	REQUIRE(lost(held, 1));
	REQUIRE(!lost(held, 2));
	REQUIRE_ERROR(cgroup_kill(cgroup, KILL_REAP), EAGAIN);
	/* The workers don't report it, and try again. */
	REQUIRE_ERROR(cgroup_kill(cgroup, KILL_QUEUE), 0);
	sleep_ms(200);
	REQUIRE(!lost(held, 2));
	stop_refusing();
	REQUIRE(wait_for(has_lost_both, &held, WAIT_LIMIT_MS));
	REQUIRE_ERROR(cgroup_kill(cgroup, KILL_REAP), 0);
}

static void refused_part(void)
{
	struct victim victims[2];

	if (!path_exists(REFUSE))
		SKIP("needs the refusing notifier of the debug flavour");
	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	REQUIRE(start_frozen(&victims[0], (struct victim_shape){ 0 }, cgroup));
	REQUIRE(start_frozen(&victims[1], (struct victim_shape){ 0 }, cgroup));
	REQUIRE(trace_reaping());
	reap_partly(victims);
	stop_refusing();
}

static void write_once(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	cgroup_kill(cgroup, KILL_REAP);
	atomic_store(&page->result, 1);
	_exit(0);
}

/*
 * One attempt. The stuck victim is the first of the cgroup. If its lock could
 * not be had, the writer waits for it, but only after the other one has lost
 * its memory; and a signal ends the wait, which only a tracer sees.
 */
static bool writer_gets_stuck(void)
{
	struct victim_shape writer_shape = { .body = write_once };
	struct victim stuck;
	struct victim other;
	struct victim writer;
	char task[32];

	if (!cgroup_create(cgroup, sizeof(cgroup)) ||
	    !start_starved(&stuck, VICTIM_BYTES, cgroup) ||
	    !start_frozen(&other, (struct victim_shape){ 0 }, cgroup) || !trace_reaping() ||
	    !victim_start(&writer, &writer_shape))
		return false;
	/* A writer that did not have to wait is through, and a zombie. */
	if (!wait_for_state(writer.pid, "DZ", WAIT_LIMIT_MS) || !finished_with(other.pid) ||
	    traced("start_task_reaping", stuck.pid) || !victim_kill(&writer) ||
	    !victim_wait(&writer, true, WAIT_LIMIT_MS))
		return false;
	trace_task(task, sizeof(task), writer.pid);
	return trace_count("sys_exit: NR 1 = -4", task) == 1 && !atomic_load(&writer.page->result);
}

static void stuck_victim(void)
{
	int attempt;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the writer must run while the victim can't");
	for (attempt = 1; attempt <= 50; attempt++) {
		bool reached;

		REQUIRE(trace_event("raw_syscalls/sys_exit", "id == 1"));
		reached = writer_gets_stuck();
		support_cleanup();
		if (reached) {
			ktap_note("in attempt %d", attempt);
			return;
		}
	}
	ktap_fail(__FILE__, __LINE__, "no writer got stuck in %d attempts", attempt - 1);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "a living CLONE_VM neighbour outside keeps its memory", neighbours_outside },
		{ "a living vfork child outside keeps its memory", vfork_child_outside },
		{ "a vfork child is killed, and its parent outside keeps its memory", vfork_child_inside },
		{ "memory shared by processes of the cgroup is reaped, once", neighbour_inside },
		{ "a notifier that refuses gives EAGAIN, and the rest is reaped", refused_part },
		{ "a victim whose mmap_lock can't be had keeps none of the others, and EINTR ends the wait",
		  stuck_victim },
	};

	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
