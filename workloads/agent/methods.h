/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_METHODS_H
#define REAPLAB_METHODS_H

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clocks.h"
#include "failure.h"
#include "sysctls.h"

/*
 * A method is everything the killing side does differently, in one file under
 * methods/: define a struct method, register it with METHOD(), done. Nothing
 * else names it; the linker collects the registrations.
 *
 * A method either kills by itself (run) or lets the killer program decide and
 * kill (killer: the kind of killer the program is to be).
 */

#define NO_CALL (-1)

struct trial;

struct kill_context {
	int pidfd;
	int cgroup_kill_fd;	/* cgroup.kill of the victims' cgroup; -1 where there is none */
	pid_t pid;
	int cgroup_fd;		/* the directory of the victims' cgroup */
	int64_t limit_ns;	/* the trial's: no call need wait longer */
	_Atomic int64_t *t0;	/* told to the observer before the method's first call */
	const pid_t *all_pids;	/* of the whole set, for a method that takes it in one run */
	unsigned int all_count;
};

/* Times are CLOCK_MONOTONIC; errnos are 0 for success, NO_CALL where no such call was made. */
struct kill_result {
	int64_t kill_start, kill_end;
	int64_t reap_start, reap_end;
	int kill_errno;
	int reap_errno;
};

struct method {
	const char *name;
	/*
	 * 0 if the running kernel has it, else an errno. Asks with arguments
	 * that can do no harm (a bad descriptor).
	 */
	int (*probe)(void);
	/* Once for a trial, before the window: what the calls need opened and started. NULL = nothing. */
	int (*prepare)(struct failure *failure);
	/* On the killer thread, at t0. Nothing but the calls themselves. */
	void (*run)(const struct kill_context *context, struct kill_result *result);
	/*
	 * Where the kernel kills: when it did, asked right after the window. That is
	 * t0 then; 0 = it did not. NULL = t0 is when the method began.
	 */
	int64_t (*killed_at)(struct trial *trial);
	/* After the window, if prepare was called: wait for what goes on, put away, note measures. NULL = nothing. */
	void (*finish)(struct trial *trial);
	/* One run takes all victims of a set: it acts on their cgroup and not on one of them. */
	int whole_cgroup;
	/* The killer program's word for it; NULL = the agent kills. */
	const char *killer;
	/* Set before the window and put back after it; NULL = none. */
	const struct sysctl_setting *sysctls;
};

#define METHOD(variable) \
	static const struct method *const variable##_entry \
		__attribute__((used, retain, section("reaplab_methods"))) = &(variable)

extern const struct method *const __start_reaplab_methods[];
extern const struct method *const __stop_reaplab_methods[];

#define for_each_method(entry) \
	for ((entry) = __start_reaplab_methods; (entry) < __stop_reaplab_methods; (entry)++)

const struct method *find_method(const char *name);

/* t0 is when the method began to act; later calls do not move it. */
static inline void start_clock(const struct kill_context *context, int64_t now)
{
	if (!atomic_load_explicit(context->t0, memory_order_relaxed))
		atomic_store_explicit(context->t0, now, memory_order_relaxed);
}

/* The kill itself: t0 is taken here, unless the method has begun before, with nothing between it and the call. */
static inline void timed_kill(const struct kill_context *context, struct kill_result *result, unsigned long flags)
{
	long error;

	result->kill_start = now_ns();
	start_clock(context, result->kill_start);
	error = syscall(SYS_pidfd_send_signal, context->pidfd, SIGKILL, NULL, flags);
	result->kill_end = now_ns();
	result->kill_errno = error ? errno : 0;
}

/* The same by cgroup.kill. */
static inline void timed_cgroup_kill(const struct kill_context *context, struct kill_result *result, const char *value)
{
	ssize_t written;

	result->kill_start = now_ns();
	start_clock(context, result->kill_start);
	written = write(context->cgroup_kill_fd, value, 1);
	result->kill_end = now_ns();
	result->kill_errno = written < 0 ? errno : 0;
}

/* For a kill that reaps as well: the one call is both, and stands in both places. */
static inline void kill_was_reap(struct kill_result *result)
{
	result->reap_start = result->kill_start;
	result->reap_end = result->kill_end;
	result->reap_errno = result->kill_errno;
}

/* The same for a call `int call(int pidfd, unsigned int flags)` that kills and reaps. */
static inline void timed_kill_and_reap(const struct kill_context *context, struct kill_result *result, long number,
				       unsigned int flags)
{
	long error;

	result->kill_start = now_ns();
	start_clock(context, result->kill_start);
	error = syscall(number, context->pidfd, flags);
	result->kill_end = now_ns();
	result->kill_errno = error ? errno : 0;
	kill_was_reap(result);
}

/*
 * A reaping call `int call(int pidfd, unsigned int flags)`. It is made once: a
 * caller that gets EAGAIN or ESRCH has got its answer, and what becomes of the
 * memory then is what is measured.
 */
static inline void timed_reap(const struct kill_context *context, struct kill_result *result, long number)
{
	long error;

	result->reap_start = now_ns();
	error = syscall(number, context->pidfd, 0U);
	result->reap_end = now_ns();
	result->reap_errno = error ? errno : 0;
}

/* For probes: a call on a descriptor that is none says EBADF if the kernel has it. */
static inline int errno_unless_ebadf(long result)
{
	return result < 0 && errno != EBADF ? errno : 0;
}

#endif
