/* SPDX-License-Identifier: GPL-2.0-only */
/* What the selftests of PIDFD_EXIT_INHERIT share: a process that waits, and a look at priorities. */
#ifndef REAPLAB_SELFTEST_EXIT_INHERIT_H
#define REAPLAB_SELFTEST_EXIT_INHERIT_H

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "exit_inherit.h"
#include "support.h"

#define FOR_EVER	((int64_t)-1)

/* How long we look before we believe that something does not happen. */
#define SETTLE_MS	100

/* The priority field of /proc/PID/stat: nice 0, and what is below for SCHED_FIFO and SCHED_RR. */
#define PRIORITY_NICE_0	20
#define PRIORITY_RT(n)	(-1 - (n))
#define PRIORITY_DEADLINE	(-101)

/* A process that waits, as a victim of its own: page->result is the errno it got. */
struct waiter {
	int pidfd;			/* whom it waits for */
	int policy;
	int priority;
	int nice;
	int64_t timeout_ns;
};

static struct waiter next_waiter;

static inline void ignore_signal(int number)
{
	(void)number;
}

static inline void wait_and_lend(struct victim_page *page, char *memory, size_t bytes)
{
	const struct sched_param parameter = { .sched_priority = next_waiter.priority };
	/* What may be restarted, is. */
	const struct sigaction action = { .sa_handler = ignore_signal, .sa_flags = SA_RESTART };

	(void)memory;
	(void)bytes;
	sigaction(SIGUSR1, &action, NULL);
	setpriority(PRIO_PROCESS, 0, next_waiter.nice);
	if (sched_setscheduler(0, next_waiter.policy, &parameter))
		_exit(1);
	atomic_store(&page->go, true);
	atomic_store(&page->result, exit_inherit(next_waiter.pidfd, next_waiter.timeout_ns) ? errno : 0);
	_exit(0);
}

static inline bool is_about_to_wait(void *argument)
{
	return atomic_load(&((const struct victim *)argument)->page->go);
}

/* Starts a waiter and waits until it sleeps in the call, or is through with it. */
static inline bool waiter_start(struct victim *process, const struct waiter *waiter)
{
	static const struct victim_shape shape = { .body = wait_and_lend };

	next_waiter = *waiter;
	return victim_start(process, &shape) && wait_for(is_about_to_wait, process, WAIT_LIMIT_MS) &&
	       wait_for_state(process->pid, "SZ", WAIT_LIMIT_MS);
}

/* The errno of a waiter, once it has ended; -1 if it does not. */
static inline long waiter_result(const struct victim *process)
{
	return victim_wait(process, true, WAIT_LIMIT_MS) ? atomic_load(&process->page->result) : -1;
}

/* The priority of a thread as /proc/PID/task/TID/stat has it; 1000 where there is none. */
static inline long priority_of(pid_t pid, pid_t thread)
{
	char path[64];
	char text[512];
	char *field;
	int number;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, thread);
	if (read_file(path, text, sizeof(text)) <= 0)
		return 1000;
	/* The name, in parentheses, may hold anything; field 3 follows it and 18 is what we want. */
	field = strrchr(text, ')');
	for (number = 3; field && number <= 18; number++)
		field = strchr(field + 1, ' ');
	return field ? strtol(field, NULL, 10) : 1000;
}

struct wanted_priority {
	pid_t pid;
	long priority;
};

static inline bool has_priority(void *argument)
{
	const struct wanted_priority *wanted = argument;

	return priority_of(wanted->pid, wanted->pid) == wanted->priority;
}

/* Waits for the leader of a process to get a priority, and says which it has if it does not. */
static inline bool gets_priority(pid_t pid, long priority)
{
	struct wanted_priority wanted = { .pid = pid, .priority = priority };

	if (wait_for(has_priority, &wanted, 2000))
		return true;
	printf("# process %d has priority %ld, not %ld\n", pid, priority_of(pid, pid), priority);
	return false;
}

/* True if the leader has the priority and keeps it for a while. */
static inline bool keeps_priority(pid_t pid, long priority)
{
	sleep_ms(SETTLE_MS);
	return gets_priority(pid, priority);
}

#endif /* REAPLAB_SELFTEST_EXIT_INHERIT_H */
