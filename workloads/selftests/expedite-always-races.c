// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm.expedite_always while things happen: victims that exit, exec, fork, map,
 * are traced or moved; callers of process_mrelease() beside the kernel's own
 * reapers; values that change; and many processes killed at once.
 */
#include <sys/prctl.h>
#include <sys/wait.h>

#include "ktap.h"
#include "expedite-always.h"
#include "process-reap.h"
#include "support-races.h"

/* A build that is stopped has some hundreds of processes. */
#define CROWD	300

/* ---- one at a time ---------------------------------------------------- */

/*
 * Each caller changes the value and kills, every other one by SIGTERM first,
 * which a tracer may keep to itself; and every other pair of them reaps as well.
 */
static int change_and_kill(int pidfd)
{
	static const char *const values[] = { "1", "2", "0", "1", "1" };
	static atomic_uint turns;
	unsigned int turn = atomic_fetch_add(&turns, 1);

	write_file("/proc/sys/vm/" EXPEDITE_ALWAYS, values[turn % 5]);
	if (turn & 1)
		syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0);
	if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0))
		return errno;
	if (turn & 2)
		mrelease(pidfd, 0);
	return 0;
}

static void race_of(const struct race *race)
{
	struct race_results results;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(vm_set(EXPEDITE_MIN_KB, "0"));
	REQUIRE(race_run(race, change_and_kill, &results));
	/* A kill of a process that has not been waited for does not fail. */
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

/* ---- many at once ----------------------------------------------------- */

/* A process group with so many members, which all sleep. Returns its number. */
static pid_t start_crowd(void)
{
	pid_t leader = 0;
	int i;

	for (i = 0; i < CROWD; i++) {
		pid_t pid = fork();

		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
		if (pid < 0 || setpgid(pid, leader)) {
			support_problem(__FILE__, __LINE__, "process %d of the crowd", i);
			return -1;
		}
		if (!leader)
			leader = pid;
	}
	return leader;
}

/* How long it takes from the kill until the last of them has been waited for, in us; -1 for never. */
static int64_t end_crowd(pid_t group)
{
	int64_t start = now_ns();
	int i;

	if (kill(-group, SIGKILL))
		return -1;
	for (i = 0; i < CROWD; i++)
		if (waitpid(-group, NULL, 0) <= 0)
			return -1;
	return (now_ns() - start) / 1000;
}

static void a_crowd_is_killed(void)
{
	static const char *const values[] = { "0", "1", "0", "1" };
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		pid_t group;
		int64_t time;

		REQUIRE(vm_set(EXPEDITE_ALWAYS, values[i]));
		REQUIRE(vm_set(EXPEDITE_MIN_KB, "0"));
		REQUIRE(trace_event("oom/wake_reaper", NULL));
		group = start_crowd();
		REQUIRE(group > 0);
		time = end_crowd(group);
		REQUIRE(time >= 0);
		ktap_note("vm." EXPEDITE_ALWAYS " = %s: %d processes gone after %lld us", values[i],
			  CROWD, (long long)time);
		REQUIRE(trace_count("wake_reaper:", NULL) == (values[i][0] == '1' ? CROWD : 0));
		expedite_cleanup();
	}
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
		{ "a crowd is killed", a_crowd_is_killed },
	};

	race_main(count, arguments);
	if (!kernel_has_expedite_always()) {
		puts(NO_EXPEDITE);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), expedite_cleanup);
}
