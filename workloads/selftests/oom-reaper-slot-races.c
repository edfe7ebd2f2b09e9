// SPDX-License-Identifier: GPL-2.0-only
/*
 * OOM killers at work in the victim's cgroup, from several callers at once and
 * with slot and delay changing, while the victim exits, execs, forks, maps, is
 * traced, moved or frozen.
 */
#include <sys/syscall.h>
#include <unistd.h>

#include "ktap.h"
#include "oom-reaper-slot.h"
#include "support-races.h"

/* Nothing has so little. */
#define LIMIT_TEXT	"65536"

static bool set_limits(const char *text)
{
	char file[160];
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(file, sizeof(file), "%s/memory.max", race_groups[i]);
		if (!write_file(file, text))
			return false;
	}
	return true;
}

/*
 * The victim may be in either group. The limit is lifted again, for the next
 * victim; and as it may have had no memory to speak of, it is killed as well.
 */
static int run_out_of_memory(int pidfd)
{
	static const char *const delays[] = { "0", "1", "20" };
	static atomic_uint turns;
	unsigned int turn = atomic_fetch_add(&turns, 1);

	if (!write_file("/proc/sys/vm/" SLOT, turn & 1 ? "1" : "0") ||
	    !write_file("/proc/sys/vm/" DELAY, delays[turn % 3]) ||
	    !set_limits(LIMIT_TEXT) || !set_limits("max"))
		return EIO;
	return syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) ? errno : 0;
}

static void race_of(const struct race *race)
{
	struct race_results results;

	REQUIRE(vm_set(SLOT, "1"));
	REQUIRE(vm_set(DELAY, "0"));
	REQUIRE(race_run(race, run_out_of_memory, &results));
	REQUIRE(results.first[0] == results.rounds);
}

static void races_with_exit(void)
{
	race_of(&race_exit);
}

static void races_with_fork(void)
{
	race_of(&race_fork);
}

static void races_with_clone(void)
{
	race_of(&race_clone);
}

static void races_with_vfork(void)
{
	race_of(&race_vfork);
}

static void races_with_exec(void)
{
	race_of(&race_exec);
}

static void races_with_mappings(void)
{
	race_of(&race_mappings);
}

static void races_with_a_tracer(void)
{
	race_of(&race_ptrace);
}

static void races_with_moves(void)
{
	race_of(&race_cgroup);
}

static void races_with_a_freezer(void)
{
	race_of(&race_freezer);
}

int main(int count, char **arguments)
{
	static const struct ktap_case cases[] = {
		{ "races with exit", races_with_exit },
		{ "races with fork", races_with_fork },
		{ "races with processes that share the memory", races_with_clone },
		{ "races with vfork", races_with_vfork },
		{ "races with exec", races_with_exec },
		{ "races with changing mappings", races_with_mappings },
		{ "races with a tracer", races_with_a_tracer },
		{ "races with moves between cgroups", races_with_moves },
		{ "races with a freezer", races_with_a_freezer },
	};

	race_main(count, arguments);
	if (!kernel_has_slot()) {
		puts(NO_SLOT);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), slot_cleanup);
}
