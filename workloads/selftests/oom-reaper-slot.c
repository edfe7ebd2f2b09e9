// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm.oom_reaper_slot and vm.oom_reaper_slot_delay_ms: their values and who may
 * set them, when a victim of the OOM killer is reaped, and what becomes of a
 * second one that comes while the first is being reaped.
 */

#include "ktap.h"
#include "oom-reaper-slot.h"
#include "vm-sysctls.h"

/* The delay is counted in ticks, of which the first may be nearly over. */
#define TICK_MS		10

/* Large enough that reaping it takes longer than choosing the next one. */
#define LARGE_BYTES	(256 * MIB)

/* The two meet, or do not, as the scheduler and the host have it. */
#define MEETING_TRIES	20

/* Longer than the delay and ten tries of the reaper. */
#define DROPPED_MS	4000

/* ---- values ----------------------------------------------------------- */

static void todays_by_default(void)
{
	REQUIRE(reads(SLOT, "0"));
	REQUIRE(reads(DELAY, "2000"));
}

static void values_are_checked(void)
{
	REQUIRE(vm_set(SLOT, "0"));
	REQUIRE(vm_set(DELAY, "2000"));
	REQUIRE(set_error(SLOT, "1") == 0 && reads(SLOT, "1"));
	REQUIRE(set_error(SLOT, "2") == EINVAL);
	REQUIRE(set_error(SLOT, "-1") == EINVAL);
	REQUIRE(set_error(SLOT, "x") == EINVAL);
	REQUIRE(reads(SLOT, "1"));
	REQUIRE(set_error(DELAY, "0") == 0 && reads(DELAY, "0"));
	REQUIRE(set_error(DELAY, "60000") == 0 && reads(DELAY, "60000"));
	REQUIRE(set_error(DELAY, "60001") == EINVAL);
	REQUIRE(set_error(DELAY, "-1") == EINVAL);
	REQUIRE(set_error(DELAY, "x") == EINVAL);
	REQUIRE(reads(DELAY, "60000"));
}

static void root_sets_them(void)
{
	char *names[] = { SLOT, DELAY, NULL };
	int number = run_in_child(set_as_another_user, names, WAIT_LIMIT_MS);

	REQUIRE_MSG(number == 0, "%d", number);
}

/* ---- one victim ------------------------------------------------------- */

/* How long after the limit is set it has been reaped, in milliseconds. */
static void reap_one(const char *slot, const char *delay, int64_t *time_ms)
{
	struct oom_victim oom;
	int64_t start;

	*time_ms = -1;
	REQUIRE(vm_set(SLOT, slot));
	REQUIRE(vm_set(DELAY, delay));
	REQUIRE(trace_oom_events());
	REQUIRE(oom_victim_start(&oom, VICTIM_BYTES, 2));
	start = now_ns();
	oom_victim_limit(&oom);
	REQUIRE(wait_for(has_lost_its_memory, &oom, WAIT_LIMIT_MS));
	*time_ms = (now_ns() - start) / 1000000;
	/* Held up in its exit: it did not do that itself. */
	REQUIRE(wait_for_state(oom.victim.pid, "t", WAIT_LIMIT_MS));
	REQUIRE(traced("wake_reaper:", &oom) == 1);
	REQUIRE(traced("start_task_reaping:", &oom) == 1);
	REQUIRE(trace_count("skip_task_reaping:", NULL) == 0);
	ktap_note("slot %s, delay %s ms: reaped after %lld ms", slot, delay, (long long)*time_ms);
}

/* A guest may be stopped at any time, so what is to be quick may be tried again. */
static void reap_within(const char *slot, const char *delay, int64_t least_ms, int64_t most_ms)
{
	int64_t time_ms = most_ms;
	int tries;

	for (tries = 0; tries < AT_ONCE_TRIES && time_ms >= most_ms && !ktap.failed; tries++) {
		reap_one(slot, delay, &time_ms);
		slot_cleanup();
	}
	REQUIRE_MSG(time_ms >= least_ms - TICK_MS && time_ms < most_ms, "%lld ms",
		    (long long)time_ms);
}

static void list_after_two_seconds(void)
{
	reap_within("0", "2000", 2000, WAIT_LIMIT_MS);
}

static void list_at_once(void)
{
	reap_within("0", "0", 0, AT_ONCE_MS);
}

static void slot_after_two_seconds(void)
{
	reap_within("1", "2000", 2000, WAIT_LIMIT_MS);
}

static void slot_at_once(void)
{
	reap_within("1", "0", 0, AT_ONCE_MS);
}

static void another_delay(void)
{
	reap_within("0", "4000", 4000, WAIT_LIMIT_MS);
	reap_within("1", "500", 500, WAIT_LIMIT_MS);
}

/* ---- two victims ------------------------------------------------------ */

/*
 * Both cgroups get their limit at the same time. The OOM killer takes one after
 * the other, and reaping the one takes longer than choosing the other.
 */
static bool limit_both(const char *slot, const char *delay, struct oom_victim *both)
{
	if (!vm_set(SLOT, slot) || !vm_set(DELAY, delay) || !trace_oom_events() ||
	    !oom_victim_start(&both[0], LARGE_BYTES, 0) ||
	    !oom_victim_start(&both[1], LARGE_BYTES, 0))
		return false;
	oom_victim_limit(&both[0]);
	oom_victim_limit(&both[1]);
	return true;
}

static void both_are_reaped(const char *delay)
{
	struct oom_victim both[2];

	REQUIRE(limit_both("0", delay, both));
	REQUIRE(wait_for(has_lost_its_memory, &both[0], WAIT_LIMIT_MS));
	REQUIRE(wait_for(has_lost_its_memory, &both[1], WAIT_LIMIT_MS));
	REQUIRE(trace_count("skip_task_reaping:", NULL) == 0);
	slot_cleanup();
}

static void list_keeps_both(void)
{
	both_are_reaped("0");
	both_are_reaped("2000");
}

/* Each has been taken and reaped, or dropped. */
static bool both_are_settled(void *argument)
{
	const struct oom_victim *both = argument;
	int settled = 0;
	size_t i;

	for (i = 0; i < 2; i++)
		settled += traced("finish_task_reaping:", &both[i]) ||
			   traced("skip_task_reaping:", &both[i]);
	return settled == 2;
}

/* What has become of one that was dropped while the other one was being reaped. */
static void check_dropped(const struct oom_victim *dropped, struct oom_victim *other)
{
	struct oom_victim third;

	/* It keeps its memory, and its cgroup waits for it. */
	sleep_ms(DROPPED_MS);
	REQUIRE(cgroup_memory(dropped->cgroup) >= (int64_t)LARGE_BYTES);
	REQUIRE(traced("wake_reaper:", dropped) == 0);
	REQUIRE(traced("start_task_reaping:", dropped) == 0);
	REQUIRE(traced("mark_victim:", dropped) == 1);
	REQUIRE(!atomic_load(&dropped->limiter.page->stop));

	/* The slot is free again. */
	REQUIRE(has_lost_its_memory(other));
	REQUIRE(oom_victim_start(&third, VICTIM_BYTES, 0));
	oom_victim_limit(&third);
	REQUIRE(wait_for(has_lost_its_memory, &third, WAIT_LIMIT_MS));
	REQUIRE(traced("start_task_reaping:", &third) == 1);
	REQUIRE(cgroup_memory(dropped->cgroup) >= (int64_t)LARGE_BYTES);
}

/* One attempt; *met tells whether one found the slot taken by the other. */
static void drop_second(const char *delay, bool *met)
{
	struct oom_victim both[2];
	size_t dropped;

	REQUIRE(limit_both("1", delay, both));
	REQUIRE(wait_for(both_are_settled, both, WAIT_LIMIT_MS));
	dropped = traced("skip_task_reaping:", &both[0]) ? 0 : 1;
	*met = traced("skip_task_reaping:", &both[dropped]) > 0;
	if (!*met)
		return;
	check_dropped(&both[dropped], &both[!dropped]);
	if (ktap.failed)
		return;

	/* Its own exit is the way out. */
	REQUIRE(ptrace(PTRACE_DETACH, both[dropped].victim.pid, NULL, NULL) == 0);
	REQUIRE(victim_wait(&both[dropped].victim, true, WAIT_LIMIT_MS));
	REQUIRE(wait_for(has_lost_its_memory, &both[dropped], WAIT_LIMIT_MS));
}

static void slot_drops_the_second(const char *delay)
{
	bool met = false;
	int tries;

	for (tries = 1; tries <= MEETING_TRIES && !met && !ktap.failed; tries++) {
		drop_second(delay, &met);
		slot_cleanup();
	}
	ktap_note("delay %s ms: met in try %d", delay, tries - 1);
	REQUIRE(met);
}

static void slot_drops_the_second_at_once(void)
{
	slot_drops_the_second("0");
}

static void slot_drops_the_second_later(void)
{
	slot_drops_the_second("2000");
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "today's list and delay by default", todays_by_default },
		{ "values are checked", values_are_checked },
		{ "only root sets them, whatever capabilities another user has", root_sets_them },
		{ "list, after two seconds", list_after_two_seconds },
		{ "list, at once", list_at_once },
		{ "slot, after two seconds", slot_after_two_seconds },
		{ "slot, at once", slot_at_once },
		{ "any other delay", another_delay },
		{ "the list keeps a second victim", list_keeps_both },
		{ "the slot drops a second victim, at once", slot_drops_the_second_at_once },
		{ "the slot drops a second victim, after two seconds",
		  slot_drops_the_second_later },
	};

	if (!kernel_has_slot()) {
		puts(NO_SLOT);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), slot_cleanup);
}
