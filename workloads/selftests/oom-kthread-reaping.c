// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the OOM kthread does with its victims: it reaps them itself and at once,
 * and it takes turns with the OOM killer. Victims are frozen or held up in
 * their exit, so whatever frees their memory, it is not them.
 */
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ktap.h"
#include "oom-kthread.h"

/* Less than a victim gives. */
#define MISSING_BYTES	(VICTIM_BYTES / 2)

/* Where the line with both texts stands in the trace; NULL if there is none. */
static const char *traced_at(const char *event, pid_t pid)
{
	static char copy[1 << 16];
	char number[32];
	char *rest = copy;
	char *line;

	snprintf(copy, sizeof(copy), "%s", trace_lines());
	snprintf(number, sizeof(number), "pid=%d", pid);
	while ((line = strsep(&rest, "\n")))
		if (line[0] != '#' && strstr(line, event) && strstr(line, number))
			return line;
	return NULL;
}

static bool is_traced(const char *event, pid_t pid)
{
	return traced_at(event, pid) != NULL;
}

/* How long the frozen victim keeps its memory, in milliseconds, or -1. */
static void strip_frozen(int64_t *time_ms)
{
	struct victim victim;
	const char *line;

	*time_ms = -1;
	/* The mark lets a single thread out of the freezer; of two, one stays. */
	REQUIRE(start_frozen(&victim, 2));
	REQUIRE(score_set(victim.pid, 1000));
	REQUIRE(memory_missing(MISSING_BYTES));
	*time_ms = strip_time_ms();
	REQUIRE(*time_ms >= 0);
	REQUIRE(stays(&victim));
	line = traced_at("start_task_reaping:", victim.pid);
	REQUIRE_MSG(line && strstr(line, " oom_kthread-"), "%s", line ? line : "no line");
	REQUIRE(trace_count("finish_task_reaping:", NULL) == 1);
	REQUIRE(trace_count("wake_reaper:", NULL) == 0);
	REQUIRE(oom_kills() == 1);
}

/* A guest may be stopped at any time, so what is to be quick may be tried again. */
static void reaps_at_once_and_by_itself(void)
{
	int64_t time_ms = AT_ONCE_MS;
	int tries;

	for (tries = 0; tries < AT_ONCE_TRIES && time_ms >= AT_ONCE_MS && !ktap.failed; tries++) {
		strip_frozen(&time_ms);
		kthread_cleanup();
	}
	REQUIRE_MSG(time_ms < AT_ONCE_MS, "%lld ms", (long long)time_ms);
}

static void the_oom_reaper_does_not_come_as_well(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, 2));
	REQUIRE(score_set(victim.pid, 1000));
	REQUIRE(memory_missing(MISSING_BYTES));
	REQUIRE(is_stripped_soon());
	/* It would come after two seconds. */
	sleep_ms(3000);
	REQUIRE(trace_count("wake_reaper:", NULL) == 0);
	REQUIRE(trace_count("start_task_reaping:", NULL) == 1);
	REQUIRE(stays(&victim));
}

static void a_reaped_victim_keeps_nobody_from_dying(void)
{
	struct victim frozen;
	struct victim other;

	REQUIRE(start_frozen(&frozen, 2));
	REQUIRE(score_set(frozen.pid, 1000));
	REQUIRE(candidate_start(&other, VICTIM_BYTES, 0));
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_stripped_soon());
	REQUIRE(is_killed(&other));
	REQUIRE(stays(&frozen));
	REQUIRE(oom_kills() == 1);
}

/* Nor is one OOM victim taken twice. */
static void the_oom_killer_goes_on(void)
{
	struct victim frozen;
	struct victim allocator;

	REQUIRE(start_frozen(&frozen, 2));
	REQUIRE(score_set(frozen.pid, 1000));
	REQUIRE(memory_missing(MISSING_BYTES));
	REQUIRE(is_stripped_soon());
	REQUIRE(threshold_set(0));
	REQUIRE(limit_cgroup(2 * VICTIM_BYTES));
	REQUIRE(start_allocating(&allocator, 4 * VICTIM_BYTES));
	REQUIRE(score_set(allocator.pid, 0));
	REQUIRE(is_killed(&allocator));
	REQUIRE_MSG(oom_kills() == 2, "%d", oom_kills());
	REQUIRE(stays(&frozen));
}

static bool has_killed(void *unused)
{
	(void)unused;
	return oom_kills() > 0;
}

/*
 * Two seconds long there is memory that the oom reaper is going to take. The
 * allocator, in the victim's cgroup, waits for it, too.
 */
static void waits_for_a_victim_of_the_oom_killer(void)
{
	struct victim frozen;
	struct victim allocator;
	struct victim other;
	const char *reaped;
	const char *marked;

	REQUIRE(candidate_start(&other, VICTIM_BYTES, 1000));
	REQUIRE(start_frozen(&frozen, 3));
	REQUIRE(score_set(frozen.pid, 500));
	REQUIRE(limit_cgroup(VICTIM_BYTES + VICTIM_BYTES / 2));
	REQUIRE(start_allocating(&allocator, VICTIM_BYTES));
	REQUIRE(wait_for(has_killed, NULL, WAIT_LIMIT_MS));
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_killed(&other));
	REQUIRE(ends(&allocator, CLD_EXITED, 0));
	reaped = traced_at("finish_task_reaping:", frozen.pid);
	REQUIRE(reaped);
	marked = traced_at("mark_victim:", other.pid);
	REQUIRE(marked);
	REQUIRE_MSG(reaped < marked, "it did not wait");
	REQUIRE(trace_count("wake_reaper:", NULL) == 1);
	REQUIRE(oom_kills() == 1);
}

/* It is not killed again, only helped on. */
static void takes_who_is_dying_already(void)
{
	struct victim victim;

	REQUIRE(start_in_cgroup(&victim, (struct victim_shape){ .bytes = VICTIM_BYTES }));
	REQUIRE(score_set(victim.pid, 1000));
	REQUIRE(ptrace(PTRACE_SEIZE, victim.pid, NULL, (void *)PTRACE_O_TRACEEXIT) == 0);
	REQUIRE(victim_kill(&victim));
	REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
	REQUIRE(keeps(VICTIM_BYTES));
	REQUIRE(memory_missing(MISSING_BYTES));
	REQUIRE(is_stripped_soon());
	REQUIRE(is_traced("mark_victim:", victim.pid));
	REQUIRE(oom_kills() == 0);
	REQUIRE(trace_count("wake_reaper:", NULL) == 0);
}

/* A leader that has exited has no memory; its threads have. */
static void finds_the_memory_of_a_leader_that_has_exited(void)
{
	struct victim victim;

	REQUIRE(start_in_cgroup(&victim, (struct victim_shape){
		.bytes = VICTIM_BYTES, .threads = 2, .leader_exits = true }));
	REQUIRE(score_set(victim.pid, 1000));
	REQUIRE(memory_missing(MISSING_BYTES));
	REQUIRE(is_stripped_soon());
	REQUIRE(is_killed(&victim));
	REQUIRE(oom_kills() == 1);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "reaps at once, and by itself", reaps_at_once_and_by_itself },
		{ "the oom reaper does not come as well", the_oom_reaper_does_not_come_as_well },
		{ "a reaped victim keeps nobody from dying",
		  a_reaped_victim_keeps_nobody_from_dying },
		{ "the OOM killer goes on", the_oom_killer_goes_on },
		{ "waits for a victim of the OOM killer", waits_for_a_victim_of_the_oom_killer },
		{ "takes who is dying already", takes_who_is_dying_already },
		{ "finds the memory of a leader that has exited",
		  finds_the_memory_of_a_leader_that_has_exited },
	};

	if (!kernel_has_kthread()) {
		puts(NO_KTHREAD);
		return KTAP_SKIP;
	}
	if (!exempt_ourselves())
		return KTAP_FAIL;
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), kthread_cleanup);
}
