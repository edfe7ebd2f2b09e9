// SPDX-License-Identifier: GPL-2.0-only
/*
 * Brings a victim into its state and makes sure, before the window, that it is
 * there. Reading the victim's /proc files is allowed here and nowhere later.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clocks.h"
#include "counters.h"
#include "files.h"
#include "freezer.h"
#include "victim.h"

/*
 * States are reached within milliseconds; ten seconds is for a throttled victim
 * (a few periods of up to a second) on an emulated guest under load.
 */
#define STATE_LIMIT_NS (10 * NS_PER_S)

/* The spinner counts as running when it has had this much CPU: several ticks, so it was no accident. */
#define SPINNER_RUNNING_NS (20 * NS_PER_MS)

/* Throttled this often, the victim is in the rhythm of its quota and not in its first, unspent one. */
#define THROTTLED_PERIODS 3

typedef int (*condition)(const struct victim *victim);

static int wait_until(condition reached, const struct victim *victim)
{
	int64_t deadline = now_ns() + STATE_LIMIT_NS;

	while (!reached(victim)) {
		if (now_ns() > deadline)
			return -1;
		sleep_ns(NS_PER_MS);
	}
	return 0;
}

static int frozen_v1(const struct victim *victim)
{
	(void)victim;
	return freezer_v1_is_frozen();
}

static int frozen_v2(const struct victim *victim)
{
	return cgroup_value(&victim->cgroup, "cgroup.events", "frozen") == 1;
}

static int throttled(const struct victim *victim)
{
	return cgroup_value(&victim->cgroup, "cpu.stat", "nr_throttled") >= THROTTLED_PERIODS;
}

static int spinner_runs(const struct victim *victim)
{
	return process_cpu_ns(victim->spinner.pid) >= SPINNER_RUNNING_NS;
}

/* In D state, and there because of the frozen filesystem and not for a passing page of it. */
static int in_frozen_write(pid_t pid)
{
	char path[64];
	char text[512];
	const char *state;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (read_text(path, text, sizeof(text)) < 0)
		return 0;
	state = strrchr(text, ')');
	if (!state || strncmp(state, ") D", 3) != 0)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/wchan", pid);
	/* "0" from a kernel without symbols: then D has to do. */
	return read_text(path, text, sizeof(text)) >= 0 && (strstr(text, "percpu_rwsem_wait") || !strcmp(text, "0"));
}

int victim_wait_frozen_write(pid_t pid)
{
	int64_t deadline = now_ns() + STATE_LIMIT_NS;

	while (!in_frozen_write(pid)) {
		if (now_ns() > deadline)
			return -1;
		sleep_ns(NS_PER_MS);
	}
	return 0;
}

static int set_filesystem_frozen(int frozen, struct failure *failure)
{
	int fd = open(DISK, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = 0;

	if (fd < 0)
		return fail_errno(failure, "cannot open " DISK);
	if (ioctl(fd, frozen ? FIFREEZE : FITHAW, 0))
		result = fail_errno(failure, "cannot %s the filesystem of " DISK, frozen ? "freeze" : "thaw");
	close(fd);
	return result;
}

static int set_scheduling(const struct victim *victim, const struct trial_request *request, struct failure *failure)
{
	struct sched_param parameter = { .sched_priority = 0 };

	for (const pid_t *thread = victim->threads; *thread; thread++) {
		if (request->policy == POLICY_IDLE && sched_setscheduler(*thread, SCHED_IDLE, &parameter))
			return fail_errno(failure, "cannot make thread %d SCHED_IDLE", *thread);
		if (request->nice && setpriority(PRIO_PROCESS, (id_t)*thread, (int)request->nice))
			return fail_errno(failure, "cannot set the nice value of thread %d", *thread);
	}
	return 0;
}

static int start_spinner(struct victim *victim, const struct trial_request *request, struct failure *failure)
{
	char cpu[32];
	const char *const words[] = { cpu, NULL };
	const struct program_start start = {
		.path = "load/spinner",
		.words = words,
		/* Nice values act only inside a cgroup, so it must be the victim's own. */
		.cgroup_fd = victim->cgroup.directory_fd,
		.oom_score_adj = "-1000",
	};

	snprintf(cpu, sizeof(cpu), "cpu=%" PRId64, request->load_cpu);
	if (program_begin(&victim->spinner, &start, failure))
		return -1;
	return program_wait_ready(&victim->spinner, failure);
}

static int start_tracer(struct victim *victim, struct failure *failure)
{
	char pid[32];
	const char *const words[] = { pid, NULL };
	const struct program_start start = {
		.path = "load/tracer", .words = words, .cgroup_fd = -1, .oom_score_adj = "-1000",
	};

	snprintf(pid, sizeof(pid), "pid=%d", victim->hog.pid);
	if (program_begin(&victim->tracer, &start, failure))
		return -1;
	return program_wait_ready(&victim->tracer, failure);
}

/* "QUOTA/PERIOD"; the victim gets something to do, since one that sleeps is never throttled. */
static int throttle(const struct victim *victim, const struct trial_request *request, struct failure *failure)
{
	char value[sizeof(request->cpu_max)];
	char *slash;

	memcpy(value, request->cpu_max, sizeof(value));
	slash = strchr(value, '/');
	if (!slash)
		return fail(failure, "word 'cpu_max': '%s' is not QUOTA/PERIOD", request->cpu_max);
	*slash = ' ';
	if (program_command(&victim->hog, 's', failure))
		return -1;
	return cgroup_set(&victim->cgroup, "cpu.max", value, failure);
}

static int freeze(struct victim *victim, const struct trial_request *request, const char **unmet,
		  struct failure *failure)
{
	switch ((enum victim_state)request->state) {
	case STATE_RUNNING:
		return 0;
	case STATE_FROZEN_V1:
		victim->in_v1_freezer = 1;
		for (unsigned int i = 0; i < victim->count; i++) {
			if (freezer_v1_freeze(victim->pids[i], failure))
				return -1;
		}
		if (wait_until(frozen_v1, victim))
			*unmet = "the v1 freezer did not reach FROZEN";
		return 0;
	case STATE_FROZEN_V2:
		if (cgroup_set(&victim->cgroup, "cgroup.freeze", "1", failure))
			return -1;
		if (wait_until(frozen_v2, victim))
			*unmet = "cgroup.events did not reach frozen 1";
		return 0;
	case STATE_D_STATE:
		if (set_filesystem_frozen(1, failure))
			return -1;
		victim->filesystem_frozen = 1;
		if (program_command(&victim->hog, 'w', failure))
			return -1;
		if (victim_wait_frozen_write(victim->hog.pid))
			*unmet = "the victim did not reach D state in percpu_rwsem_wait";
		return 0;
	case STATE_EXIT_STOP:
		/* The stop itself comes with the kill. */
		return start_tracer(victim, failure);
	}
	return fail(failure, "unknown state %d", request->state);
}

int victim_apply_state(struct victim *victim, const struct trial_request *request, const char **unmet,
		       struct failure *failure)
{
	if (set_scheduling(victim, request, failure))
		return -1;
	if (request->cpu_max[0]) {
		if (throttle(victim, request, failure))
			return -1;
		if (wait_until(throttled, victim))
			*unmet = "the victim was not throttled";
	}
	if (request->spinner) {
		if (start_spinner(victim, request, failure))
			return -1;
		if (wait_until(spinner_runs, victim))
			*unmet = "the spinner got no CPU";
	}
	if (freeze(victim, request, unmet, failure))
		return -1;
	/* Last: it is to be in its read when the kill comes. */
	if (!request->reader)
		return 0;
	return reader_start(&victim->reader, victim->hog.pid, request->load_cpu, unmet, failure);
}

int victim_undo_state(struct victim *victim, struct failure *failure)
{
	int result = 0;

	if (victim->filesystem_frozen)
		result |= set_filesystem_frozen(0, failure);
	victim->filesystem_frozen = 0;
	if (victim->in_v1_freezer)
		result |= freezer_v1_thaw(failure);
	if (victim->cgroup.path[0]) {
		struct failure none = { "" };

		/* Whether or not they were set; a kernel may lack either. */
		cgroup_set(&victim->cgroup, "cgroup.freeze", "0", &none);
		cgroup_set(&victim->cgroup, "cpu.max", "max", &none);
	}
	return result;
}
