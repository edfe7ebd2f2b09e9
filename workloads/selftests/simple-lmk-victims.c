// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of the victims of vm.simple_lmk. With 1 they get a signal and
 * nothing else. With 2 they are marked as OOM victims, thawed, raised and
 * reaped, unless somebody who lives on has the same memory.
 *
 * A victim that a tracer holds up in its exit has its memory and can't go on,
 * so what happens to it is not its own doing.
 */
#include "ktap.h"
#include "simple-lmk.h"

#include <dirent.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/sysinfo.h>

#include "support-reaping.h"

/* More than the kernel raises at a time. */
#define THREADS		20

/* Of a victim that is a realtime thread already. */
#define FIFO_PRIORITY	5

/* Lets the lmk kill a victim, as the first choice and alone. */
static bool killed_by(const char *mode, const struct victim *victim)
{
	if (!set_adj(victim->pid, "1000") || !lmk_begin(mode, "1000", "1"))
		return false;
	return lmk_kill() == 0 || support_problem(__FILE__, __LINE__, "nobody was killed");
}

/* Calls back for each thread; false as soon as that gives false. */
static bool for_each_thread(pid_t pid, bool (*check)(pid_t thread))
{
	char path[64];
	struct dirent *entry;
	DIR *directory;
	bool all = true;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	directory = opendir(path);
	if (!directory)
		return support_problem(__FILE__, __LINE__, "open %s", path);
	while (all && (entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			all = check((pid_t)strtol(entry->d_name, NULL, 10));
	closedir(directory);
	return all;
}

static bool seize(pid_t thread)
{
	return ptrace(PTRACE_SEIZE, thread, NULL, (void *)PTRACE_O_TRACEEXIT) == 0 ||
	       support_problem(__FILE__, __LINE__, "seize %d", thread);
}

static bool stands_still(pid_t thread)
{
	return wait_for_state(thread, "t", WAIT_LIMIT_MS);
}

/* A victim all of whose threads will stop in their exit. */
static bool start_traced(struct victim *victim, unsigned int threads)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = threads };

	return start_in_cgroup(victim, shape) && for_each_thread(victim->pid, seize);
}

/* ---- reaping ----------------------------------------------------------- */

static void only_2_reaps(void)
{
	struct victim victim;

	REQUIRE(start_traced(&victim, 3));
	REQUIRE(killed_by(LMK_KILL, &victim));
	REQUIRE(for_each_thread(victim.pid, stands_still));
	REQUIRE(keeps(VICTIM_BYTES));
	lmk_cleanup();

	REQUIRE(start_traced(&victim, 3));
	REQUIRE(killed_by(LMK_REAP, &victim));
	REQUIRE(is_stripped_soon());
	REQUIRE(for_each_thread(victim.pid, stands_still));
}

/* Whatever the value, memory that somebody else uses stays as it is. */
static void check_neighbour(const char *mode, bool vfork)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .neighbour = true, .vfork = vfork };
	struct victim victim;

	REQUIRE(start_in_cgroup(&victim, shape));
	REQUIRE(neighbour_checks(&victim, 1, WAIT_LIMIT_MS));
	/* Of two with the same memory the one that is older. */
	REQUIRE(killed_by(mode, &victim));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(keeps(VICTIM_BYTES));
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
	REQUIRE(trace_count("start_task_reaping:", NULL) == 0);
	REQUIRE(trace_count("mark_victim:", NULL) == 0);
	lmk_cleanup();
}

static void neighbours(void)
{
	for (size_t i = 0; i < LMK_MODES; i++)
		check_neighbour(lmk_modes[i], false);
}

static void vfork_children(void)
{
	for (size_t i = 0; i < LMK_MODES; i++)
		check_neighbour(lmk_modes[i], true);
}

static bool neighbour_is_gone(void *victim)
{
	return !neighbour_lives(victim);
}

/* The second to be killed makes the memory of both free to be reaped. */
static void both_of_two(void)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .neighbour = true };
	struct victim victim;

	for (size_t i = 0; i < LMK_MODES; i++) {
		REQUIRE(start_in_cgroup(&victim, shape));
		REQUIRE(set_adj(victim.pid, "1000"));
		REQUIRE(lmk_begin(lmk_modes[i], "1000", MINFREE_ALL));
		REQUIRE_ERROR(lmk_kill(), 0);
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(is_stripped_soon());
		REQUIRE(wait_for(neighbour_is_gone, &victim, WAIT_LIMIT_MS));
		lmk_cleanup();
	}
}

/* ---- marks and the freezer --------------------------------------------- */

static void only_2_marks(void)
{
	struct victim victim;

	for (size_t i = 0; i < LMK_MODES; i++) {
		int wanted = strcmp(lmk_modes[i], LMK_REAP) ? 0 : 4;

		REQUIRE(start_traced(&victim, 3));
		REQUIRE(killed_by(lmk_modes[i], &victim));
		REQUIRE(for_each_thread(victim.pid, stands_still));
		sleep_ms(SETTLE_MS);
		REQUIRE_MSG(trace_count("mark_victim:", NULL) == wanted, "%d with %s",
			    trace_count("mark_victim:", NULL), lmk_modes[i]);
		lmk_cleanup();
	}
}

static void only_2_thaws(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, 3));
	REQUIRE(killed_by(LMK_KILL, &victim));
	REQUIRE(stays(&victim));
	REQUIRE(keeps(VICTIM_BYTES));
	lmk_cleanup();

	REQUIRE(start_frozen(&victim, 3));
	REQUIRE(killed_by(LMK_REAP, &victim));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
}

/* ---- priority and CPUs -------------------------------------------------- */

static bool bind_low(pid_t thread)
{
	const struct sched_param none = { .sched_priority = 0 };

	return pin(thread, 0) && sched_setscheduler(thread, SCHED_IDLE, &none) == 0;
}

static bool is_low(pid_t thread)
{
	cpu_set_t set;

	return sched_getaffinity(thread, sizeof(set), &set) == 0 && CPU_COUNT(&set) == 1 &&
	       sched_getscheduler(thread) == SCHED_IDLE;
}

static bool is_raised(pid_t thread)
{
	struct sched_param parameter;
	cpu_set_t set;

	return sched_getaffinity(thread, sizeof(set), &set) == 0 &&
	       CPU_COUNT(&set) == get_nprocs() && sched_getscheduler(thread) == SCHED_RR &&
	       sched_getparam(thread, &parameter) == 0 && parameter.sched_priority == 1;
}

static bool all_are_raised(void *argument)
{
	return for_each_thread(*(const pid_t *)argument, is_raised);
}

static void only_2_raises(void)
{
	struct victim victim;

	REQUIRE(start_traced(&victim, THREADS));
	REQUIRE(for_each_thread(victim.pid, bind_low));
	REQUIRE(killed_by(LMK_KILL, &victim));
	REQUIRE(stays(&victim));
	REQUIRE(for_each_thread(victim.pid, is_low));
	lmk_cleanup();

	REQUIRE(start_traced(&victim, THREADS));
	REQUIRE(for_each_thread(victim.pid, bind_low));
	REQUIRE(killed_by(LMK_REAP, &victim));
	REQUIRE(wait_for(all_are_raised, &victim.pid, WAIT_LIMIT_MS));
}

static void realtime_threads_stay(void)
{
	const struct sched_param realtime = { .sched_priority = FIFO_PRIORITY };
	struct sched_param parameter;
	struct victim victim;

	REQUIRE(start_traced(&victim, 0));
	REQUIRE(sched_setscheduler(victim.pid, SCHED_FIFO, &realtime) == 0);
	REQUIRE(killed_by(LMK_REAP, &victim));
	REQUIRE(is_stripped_soon());
	REQUIRE(sched_getscheduler(victim.pid) == SCHED_FIFO);
	REQUIRE(sched_getparam(victim.pid, &parameter) == 0);
	REQUIRE(parameter.sched_priority == FIFO_PRIORITY);
}

static const struct ktap_case cases[] = {
	{ "a victim that can't exit is reaped by 2 and keeps its memory with 1", only_2_reaps },
	{ "a neighbour keeps the memory it shares", neighbours },
	{ "a vfork child keeps the memory it shares", vfork_children },
	{ "two who share memory are both killed if need be, and it is freed", both_of_two },
	{ "all threads are marked as OOM victims by 2, none with 1", only_2_marks },
	{ "a frozen victim of several threads exits with 2 and stays with 1", only_2_thaws },
	{ "all threads get SCHED_RR and every CPU by 2, nothing with 1", only_2_raises },
	{ "a realtime thread keeps its priority", realtime_threads_stay },
};

int main(void)
{
	LMK_MAIN(cases, lmk_cleanup);
}
