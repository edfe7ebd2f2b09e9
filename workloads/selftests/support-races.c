// SPDX-License-Identifier: GPL-2.0-only
/* The rounds of races: who takes part is in support-race-victims.c. See support-races.h. */
#include "support-races.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define problem(...)	support_problem(__FILE__, __LINE__, __VA_ARGS__)

/*
 * So many kills at random moments meet every step of what a victim does a few
 * times, and take some seconds in an emulated guest, debugged about a minute.
 */
#define ROUNDS		60
/* The longest a victim lives before the attack: a few forks or execs in an emulated guest. */
#define LIFE_US		8000
#define CALLERS		3
/* What may be left of all rounds: each CPU's stock of charges, stacks of dying tasks. */
#define REST_BYTES	((int64_t)MIB)

char race_groups[2][128];
atomic_ulong *race_damage;

pid_t race_pid(int pidfd)
{
	static const char name[] = "\nPid:";
	char path[64];
	char text[512];
	const char *at;
	long pid;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	if (read_file(path, text, sizeof(text)) <= 0)
		return 0;
	at = strstr(text, name);
	pid = at ? strtol(at + strlen(name), NULL, 10) : 0;
	return pid > 0 ? (pid_t)pid : 0;
}

struct caller {
	int (*attack)(int pidfd);
	int pidfd;
	int64_t begin;
	int error;
	pthread_t thread;
};

static void *call(void *argument)
{
	struct caller *self = argument;

	do {
		self->begin = now_ns();
		self->error = self->attack(self->pidfd);
	} while (self->error == EINVAL);
	return NULL;
}

static bool attack_at_once(int (*attack)(int pidfd), int pidfd, struct race_results *results)
{
	struct caller callers[CALLERS];
	size_t started;
	size_t first = 0;
	size_t i;

	for (started = 0; started < CALLERS; started++) {
		callers[started] = (struct caller){ .attack = attack, .pidfd = pidfd };
		errno = pthread_create(&callers[started].thread, NULL, call, &callers[started]);
		if (errno) {
			problem("pthread_create");
			break;
		}
	}
	for (i = 0; i < started; i++) {
		pthread_join(callers[i].thread, NULL);
		results->answers[callers[i].error]++;
		if (callers[i].begin < callers[first].begin)
			first = i;
	}
	if (started)
		results->first[callers[first].error]++;
	return started == CALLERS;
}

static pid_t start_disturber(const struct race *race, const struct victim *victim)
{
	pid_t pid = race->disturb ? fork() : 0;

	if (pid || !race->disturb)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	race->disturb(victim);
	_exit(0);
}

static bool run_round(const struct race *race, int (*attack)(int pidfd), struct race_results *results)
{
	struct victim victim;
	pid_t disturber;
	bool done;

	if (!victim_start(&victim, &race->shape))
		return false;
	disturber = start_disturber(race, &victim);
	if (disturber < 0)
		return problem("fork");
	race_nap_us(rand() % LIFE_US);
	atomic_store(&victim.page->go, true);
	done = attack_at_once(attack, victim.pidfd, results);
	atomic_store(&victim.page->stop, true);
	if (disturber > 0 && waitpid(disturber, NULL, 0) != disturber)
		return problem("waitpid");
	return done && victim_wait(&victim, false, WAIT_LIMIT_MS);
}

static bool is_empty(void *unused)
{
	(void)unused;
	return cgroup_memory(race_groups[0]) < REST_BYTES && cgroup_memory(race_groups[1]) < REST_BYTES;
}

/* Once the victim and all processes it has made are gone. */
static bool check_remains(void)
{
	support_end_victims();
	errno = EIO;
	if (atomic_load(race_damage))
		return problem("living processes found %lu words damaged", atomic_load(race_damage));
	if (wait_for(is_empty, NULL, WAIT_LIMIT_MS))
		return true;
	errno = EIO;
	return problem("%lld and %lld bytes of the victims are left", (long long)cgroup_memory(race_groups[0]),
		       (long long)cgroup_memory(race_groups[1]));
}

static long number_in(const char *path, const char *name)
{
	static char text[16384];
	const char *found;

	if (read_file(path, text, sizeof(text)) <= 0)
		return -1;
	found = strstr(text, name);
	return found ? strtol(found + strlen(name), NULL, 10) : -1;
}

static bool run_rounds(const struct race *race, int (*attack)(int pidfd), struct race_results *results)
{
	for (; results->rounds < ROUNDS; results->rounds++) {
		if (!run_round(race, attack, results) || !check_remains()) {
			errno = ECANCELED;
			return problem("in round %u", results->rounds);
		}
	}
	return true;
}

bool race_run(const struct race *race, int (*attack)(int pidfd), struct race_results *results)
{
	long taint = number_in("/proc/sys/kernel/tainted", "");
	bool done;

	memset(results, 0, sizeof(*results));
	if (!cgroup_create(race_groups[0], sizeof(race_groups[0])) || !cgroup_create(race_groups[1], sizeof(race_groups[1])))
		return false;
	race_damage = mmap(NULL, sizeof(*race_damage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (race_damage == MAP_FAILED)
		return problem("mmap");
	/* What victims leave behind is ours to wait for. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	done = run_rounds(race, attack, results);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	munmap(race_damage, sizeof(*race_damage));

	/* A warning and a report of KASAN taint the kernel; lockdep switches itself off. */
	errno = EFAULT;
	if (number_in("/proc/sys/kernel/tainted", "") != taint)
		return problem("the kernel is tainted");
	if (number_in("/proc/lockdep_stats", "debug_locks:") == 0)
		return problem("lockdep has reported");
	return done;
}
