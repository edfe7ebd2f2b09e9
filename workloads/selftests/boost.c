// SPDX-License-Identifier: GPL-2.0-only
/*
 * What raising a victim from user space rests on, in any kernel: which of the
 * calls still work on a process that was killed, whose permission they take,
 * and what they cannot do. The methods themselves are run by boost-methods.c.
 */
#include "ktap.h"
#include "process-reap.h"
#include "support.h"
#include "support-cpus.h"

#include <dirent.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>

#define VICTIM_BYTES	(32 * MIB)
#define THREADS		3

/* How long we look before we believe that something does not happen. */
#define SETTLE_MS	200

static const struct sched_param lowest = { .sched_priority = 1 };
static const struct sched_param none;

static bool move_to(const char *cgroup, pid_t pid)
{
	char procs[256];
	char text[16];

	snprintf(procs, sizeof(procs), "%s/cgroup.procs", cgroup);
	snprintf(text, sizeof(text), "%d", pid);
	return write_file(procs, text);
}

/* Whether the v2 line of /proc/PID/cgroup, "0::/path", names the cgroup. */
static bool is_in(pid_t pid, const char *cgroup)
{
	static const char mount[] = "/sys/fs/cgroup";
	char path[64];
	char text[1024];
	char *line;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	if (read_file(path, text, sizeof(text)) <= 0)
		return false;
	line = strstr(text, "0::");
	if (!line)
		return false;
	line[strcspn(line, "\n")] = '\0';
	return strcmp(line + 3, cgroup + sizeof(mount) - 1) == 0;
}

/* The threads of a process, at most size of them. */
static size_t list_threads(pid_t pid, pid_t *threads, size_t size)
{
	char path[64];
	DIR *directory;
	struct dirent *entry;
	size_t count = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	directory = opendir(path);
	while (directory && count < size && (entry = readdir(directory)))
		if (entry->d_name[0] != '.')
			threads[count++] = (pid_t)strtol(entry->d_name, NULL, 10);
	if (directory)
		closedir(directory);
	return count;
}

static void killed_threads_can_be_raised(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = THREADS };
	pid_t threads[THREADS + 1];
	struct victim victim;
	cpu_set_t set;
	size_t i;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE(list_threads(victim.pid, threads, THREADS + 1) == THREADS + 1);
	for (i = 0; i <= THREADS; i++) {
		REQUIRE_ERROR(setpriority(PRIO_PROCESS, (id_t)threads[i], -20), 0);
		errno = 0;
		REQUIRE(getpriority(PRIO_PROCESS, (id_t)threads[i]) == -20 && !errno);
		REQUIRE_ERROR(sched_setscheduler(threads[i], SCHED_FIFO, &lowest), 0);
		REQUIRE(sched_getscheduler(threads[i]) == SCHED_FIFO);
		CPU_ZERO(&set);
		CPU_SET(0, &set);
		REQUIRE_ERROR(sched_setaffinity(threads[i], sizeof(set), &set), 0);
		CPU_ZERO(&set);
		REQUIRE(!sched_getaffinity(threads[i], sizeof(set), &set) && CPU_COUNT(&set) == 1);
	}
}

static void a_zombie_can_be_raised_too(void)
{
	struct victim_shape shape = { 0 };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
	REQUIRE_ERROR(sched_setscheduler(victim.pid, SCHED_FIFO, &lowest), 0);
	REQUIRE_ERROR(setpriority(PRIO_PROCESS, (id_t)victim.pid, -20), 0);
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE_ERROR(sched_setscheduler(victim.pid, SCHED_FIFO, &lowest), ESRCH);
	REQUIRE_ERROR(setpriority(PRIO_PROCESS, (id_t)victim.pid, -20), ESRCH);
}

/* The latter is what a killer meets that moves its victim too late, and it is not told. */
static void the_killed_move_and_the_exiting_stay(void)
{
	struct victim_shape shape = { .threads = THREADS };
	struct victim victim;
	char before[128];
	char after[128];

	REQUIRE(cgroup_create(before, sizeof(before)));
	REQUIRE(cgroup_create(after, sizeof(after)));
	shape.cgroup = before;
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE(is_in(victim.pid, before));
	REQUIRE(move_to(after, victim.pid));
	REQUIRE(is_in(victim.pid, after));
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
	REQUIRE(move_to(before, victim.pid));
	REQUIRE(is_in(victim.pid, after));
}

static void the_charge_stays_behind(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim victim;
	char before[128];
	char after[128];
	int64_t held;

	REQUIRE(cgroup_create(before, sizeof(before)));
	REQUIRE(cgroup_create(after, sizeof(after)));
	shape.cgroup = before;
	REQUIRE(victim_start(&victim, &shape));
	held = cgroup_memory(before);
	REQUIRE_MSG(held > (int64_t)VICTIM_BYTES, "%ld bytes", (long)held);
	REQUIRE(move_to(after, victim.pid));
	REQUIRE(cgroup_memory(before) > (int64_t)VICTIM_BYTES);
	REQUIRE(cgroup_memory(after) < MEMORY_SLACK);
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE_MSG(cgroup_memory(before) < held - (int64_t)VICTIM_BYTES + MEMORY_SLACK,
		    "%ld of %ld bytes", (long)cgroup_memory(before), (long)held);
}

/* Returns the number of the step that went wrong. */
static int raise_unprivileged(void *argument)
{
	const struct victim *victim = argument;
	cpu_set_t all;

	memset(&all, 0xff, sizeof(all));
	if (!drop_capability(CAP_SYS_NICE))
		return 1;
	if (!setpriority(PRIO_PROCESS, (id_t)victim->pid, -20) || errno != EACCES)
		return 2;
	if (!sched_setscheduler(victim->pid, SCHED_FIFO, &lowest) || errno != EPERM)
		return 3;
	/* Not even back from SCHED_IDLE. */
	if (!sched_setscheduler(victim->pid, SCHED_OTHER, &none) || errno != EPERM)
		return 4;
	/* Nor the affinity, though the user is the same: the victim has a capability that the caller lacks. */
	return sched_setaffinity(victim->pid, sizeof(all), &all) && errno == EPERM ? 0 : 5;
}

static void raising_takes_a_capability(void)
{
	struct victim_shape shape = { 0 };
	struct victim victim;
	int result;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE_ERROR(sched_setscheduler(victim.pid, SCHED_IDLE, &none), 0);
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	result = run_in_child(raise_unprivileged, &victim, WAIT_LIMIT_MS);
	REQUIRE_MSG(result == 0, "step %d", result);
	REQUIRE(sched_getscheduler(victim.pid) == SCHED_IDLE);
}

static void the_starved_leave_once_raised(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim victim;
	struct victim spinner;

	if (!has_two_cpus())
		SKIP("the load needs a CPU that is not the test's");
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(pin(victim.pid, VICTIM_CPU));
	REQUIRE_ERROR(sched_setscheduler(victim.pid, SCHED_IDLE, &none), 0);
	REQUIRE(start_spinner(&spinner));
	REQUIRE(victim_kill(&victim));
	ktap_note("starved, the victim %s within %d ms", victim_stays(&victim, SETTLE_MS) ? "did not exit" : "exited",
		  SETTLE_MS);
	REQUIRE_ERROR(sched_setscheduler(victim.pid, SCHED_FIFO, &lowest), 0);
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
}

static void the_frozen_stay_raised_or_not(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim victim;
	char cgroup[128];
	int64_t held;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE_ERROR(sched_setscheduler(victim.pid, SCHED_FIFO, &lowest), 0);
	REQUIRE(victim_stays(&victim, SETTLE_MS));
	held = cgroup_memory(cgroup);
	REQUIRE_MSG(held > (int64_t)VICTIM_BYTES, "%ld bytes", (long)held);
	/* Reaping it is what helps. */
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
	REQUIRE(cgroup_memory(cgroup) < held - (int64_t)VICTIM_BYTES + MEMORY_SLACK);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "every thread of a killed process can be raised", killed_threads_can_be_raised },
		{ "a zombie can be raised, who was waited for gives ESRCH", a_zombie_can_be_raised_too },
		{ "the killed move to another cgroup, the exiting stay without an error",
		  the_killed_move_and_the_exiting_stay },
		{ "memory stays charged to the cgroup that was left", the_charge_stays_behind },
		{ "raising takes CAP_SYS_NICE", raising_takes_a_capability },
		{ "a starved victim leaves once raised", the_starved_leave_once_raised },
		{ "a frozen victim does not leave, raised or not", the_frozen_stay_raised_or_not },
	};

	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
