// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk over all processes: where it must be made, and where it need not.
 * Victims stand still here; those that don't are the subject of
 * shared-mm-walk-races.c.
 */
#include <sys/ptrace.h>

#include "ktap.h"
#include "shared-mm-walk.h"

/* ---- nobody else ------------------------------------------------------ */

/* A victim of so many threads, frozen and killed: the memory goes, and the event says what it took. */
static void alone(const struct call *call, struct victim_shape shape, int users)
{
	char cgroup[128];
	char text[64];
	struct victim victim;
	int64_t held;
	int64_t left;

	shape.bytes = VICTIM_BYTES;
	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(trace_counting());
	REQUIRE_ERROR(call->make(victim.pidfd, 0), EINVAL);
	/* Nobody counts while it lives. */
	REQUIRE(counted(&victim, NULL) == 0);

	REQUIRE(victim_kill(&victim));
	held = cgroup_memory(cgroup);
	REQUIRE_ERROR(call->make(victim.pidfd, 0), 0);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left < held - (int64_t)VICTIM_BYTES + MEMORY_SLACK, "%s: %ld of %ld bytes",
		    call->name, (long)left, (long)held);
	if (users == 1) {
		REQUIRE(counted(&victim, NULL) == 0);
		return;
	}
	snprintf(text, sizeof(text), "users=%d threads=%d " SPARED, users, users);
	REQUIRE_MSG(counted(&victim, NULL) == 1 && counted(&victim, text) == 1, "%s: %s", call->name,
		    text);
}

static void one_thread(void)
{
	size_t i;

	for (i = 0; i < CALLS; i++) {
		alone(&calls[i], (struct victim_shape){ .threads = 0 }, 1);
		support_cleanup();
	}
}

static void threads(void)
{
	static const unsigned int numbers[] = { 1, 4, 63 };
	size_t i;
	size_t j;

	for (i = 0; i < CALLS; i++) {
		for (j = 0; j < sizeof(numbers) / sizeof(numbers[0]); j++) {
			alone(&calls[i], (struct victim_shape){ .threads = numbers[j] },
			      (int)numbers[j] + 1);
			support_cleanup();
		}
	}
}

/* Only process_mrelease() looks beyond the leader. Its threads hold one reference each, it has none. */
static void leader_gone(void)
{
	alone(&calls[1], (struct victim_shape){ .threads = 3, .leader_exits = true }, 3);
}

/* ---- somebody else ---------------------------------------------------- */

#define REFUSALS	50

/* Many times, and every time everybody has been asked. */
static void refuse(const struct call *call, const struct victim *victim)
{
	int i;

	for (i = 0; i < REFUSALS; i++)
		REQUIRE_ERROR(call->make(victim->pidfd, 0), EINVAL);
	REQUIRE_MSG(counted(victim, WALKED) == REFUSALS && counted(victim, SPARED) == 0,
		    "%s: %d and %d", call->name, counted(victim, WALKED), counted(victim, SPARED));
}

static void neighbour_alive(void)
{
	static const unsigned int numbers[] = { 0, 1, 16 };
	size_t i;

	for (i = 0; i < CALLS * 3; i++) {
		const struct victim_shape shape = {
			.bytes = VICTIM_BYTES, .threads = numbers[i / CALLS], .neighbour = true,
		};
		struct victim victim;

		REQUIRE(victim_start(&victim, &shape));
		REQUIRE(freezer_v1(victim.pid, true));
		REQUIRE(victim_kill(&victim));
		REQUIRE(trace_counting());
		refuse(&calls[i % CALLS], &victim);
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		REQUIRE(freezer_v1(victim.pid, false));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		support_cleanup();
	}
}

/*
 * A leader that has left takes its reference along, and a neighbour brings one:
 * as many users as the process has ever had threads.
 */
static void neighbour_for_leader(void)
{
	const struct victim_shape shape = {
		.bytes = VICTIM_BYTES, .threads = 2, .leader_exits = true, .neighbour = true,
	};
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE(trace_counting());
	refuse(&calls[1], &victim);
	REQUIRE(counted(&victim, "users=3 threads=2") == REFUSALS);
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
}

/*
 * No flag of the memory tells of a child after vfork(). Its parent may escape the
 * freezer, which tries once; a tracer can keep it in its exit.
 */
static void vfork_child_alive(void)
{
	size_t i;

	for (i = 0; i < CALLS * 2; i++) {
		const struct victim_shape shape = {
			.bytes = VICTIM_BYTES, .threads = i < CALLS ? 0 : 3, .neighbour = true, .vfork = true,
		};
		struct victim victim;

		REQUIRE(victim_start(&victim, &shape));
		REQUIRE(ptrace(PTRACE_SEIZE, victim.pid, NULL, (void *)PTRACE_O_TRACEEXIT) == 0);
		REQUIRE(victim_kill(&victim));
		REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
		REQUIRE(trace_counting());
		refuse(&calls[i % CALLS], &victim);
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		REQUIRE(ptrace(PTRACE_DETACH, victim.pid, NULL, NULL) == 0);
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
		support_cleanup();
	}
}

/* What a parent finds in its memory after its vfork() child was killed. */
static void check_after_vfork(struct victim_page *page, char *memory, size_t bytes)
{
	atomic_store(&page->result, pattern_damage(memory, bytes) ? -1 : 1);
}

static bool has_passed_on(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->result) != 0;
}

/* The child dies, and the parent whose memory it uses waits for it. */
static void vfork_parent_alive(void)
{
	const struct victim_shape shape = {
		.bytes = VICTIM_BYTES, .neighbour = true, .vfork = true, .body = check_after_vfork,
	};
	size_t i;

	for (i = 0; i < CALLS; i++) {
		struct victim parent;
		struct victim child;

		REQUIRE(victim_start(&parent, &shape));
		child = parent;
		child.pid = atomic_load(&parent.page->neighbour_pid);
		child.pidfd = (int)syscall(SYS_pidfd_open, child.pid, 0);
		REQUIRE(child.pidfd >= 0);
		REQUIRE(freezer_v1(child.pid, true));
		REQUIRE(victim_kill(&child));
		REQUIRE(trace_counting());
		refuse(&calls[i], &child);
		close(child.pidfd);
		REQUIRE(freezer_v1(child.pid, false));
		REQUIRE(wait_for(has_passed_on, parent.page, WAIT_LIMIT_MS));
		REQUIRE(atomic_load(&parent.page->result) == 1);
		support_cleanup();
	}
}

/* All who share it are dying: that takes the walk to find out, and then the memory goes. */
static void neighbour_dying(void)
{
	size_t i;

	for (i = 0; i < CALLS; i++) {
		struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = 2, .neighbour = true };
		char cgroup[128];
		struct victim victim;
		pid_t neighbour;
		int64_t held;
		int64_t left;

		REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
		shape.cgroup = cgroup;
		REQUIRE(victim_start(&victim, &shape));
		neighbour = atomic_load(&victim.page->neighbour_pid);
		/* The second goes into the first one's freezer. */
		REQUIRE(freezer_v1(victim.pid, true));
		REQUIRE(freezer_v1(neighbour, true));
		REQUIRE(victim_kill(&victim));
		REQUIRE(kill(neighbour, SIGKILL) == 0);
		held = cgroup_memory(cgroup);
		REQUIRE(trace_counting());
		REQUIRE_ERROR(calls[i].make(victim.pidfd, 0), 0);
		left = cgroup_memory(cgroup);
		REQUIRE_MSG(left < held - (int64_t)VICTIM_BYTES + MEMORY_SLACK, "%ld of %ld bytes",
			    (long)left, (long)held);
		REQUIRE(counted(&victim, "users=4 threads=3 " WALKED) == 1);
		support_cleanup();
	}
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "a process of one thread is reaped uncounted", one_thread },
		{ "a process of many threads is reaped without the walk", threads },
		{ "so is one whose leader has gone", leader_gone },
		{ "a living CLONE_VM neighbour is found, and keeps its memory", neighbour_alive },
		{ "a neighbour is not taken for a leader that has gone", neighbour_for_leader },
		{ "a living vfork child is found, and keeps its memory", vfork_child_alive },
		{ "the living parent of a vfork child is found, and keeps its memory", vfork_parent_alive },
		{ "a neighbour that dies as well is found, and the memory reaped", neighbour_dying },
	};

	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
