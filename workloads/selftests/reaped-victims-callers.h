/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who may call what kills and reaps at once, and on whom: what holds for every
 * such call. A program that includes this, once and after ktap.h, defines
 * `killing` and names the functions case_...() in its table.
 */
#ifndef REAPLAB_REAPED_VICTIMS_CALLERS_H
#define REAPLAB_REAPED_VICTIMS_CALLERS_H

#include "reaped-victims.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Any user but root. */
#define OTHER_USER	1000

static const struct victim_shape sleeper = { 0 };
static const struct victim_shape holder = { .bytes = VICTIM_BYTES };

/* True if the call did what it should. */
static inline bool kills(int pidfd, unsigned int form)
{
	return !killing.kill(pidfd, form) || ((form & killing.may_miss) && errno == EBUSY);
}

static inline bool become_other_user(void)
{
	return setresgid(OTHER_USER, OTHER_USER, OTHER_USER) == 0 &&
	       setresuid(OTHER_USER, OTHER_USER, OTHER_USER) == 0;
}

struct call {
	int pidfd;
	unsigned int form;
};

static inline int call_as_other_user(void *argument)
{
	const struct call *call = argument;

	if (!become_other_user())
		return 255;
	return killing.kill(call->pidfd, call->form) ? errno : 0;
}

/* Made by a user without any capability; the errno or 0. */
static inline int call_of_other_user(int pidfd, unsigned int form)
{
	struct call call = { pidfd, form };

	return run_in_child(call_as_other_user, &call, WAIT_LIMIT_MS);
}

/* A user's process kills its own child: no capability is involved. */
static inline int kill_own_child(void *argument)
{
	unsigned int form = *(const unsigned int *)argument;
	siginfo_t info = { .si_pid = 0 };
	pid_t child;
	int pidfd;

	if (!become_other_user())
		return 255;
	child = fork();
	if (!child)
		for (;;)
			pause();
	pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	if (!kills(pidfd, form))
		return errno;
	if (waitid(P_PID, (id_t)child, &info, WEXITED) || info.si_status != SIGKILL)
		return 254;
	return 0;
}

static inline void case_no_capability_is_needed(void)
{
	size_t i;

	for (i = 0; i < killing.form_count; i++) {
		unsigned int form = killing.forms[i];
		int result = run_in_child(kill_own_child, &form, WAIT_LIMIT_MS);

		REQUIRE_MSG(result == 0, "%s", ktap_error_name(result));
	}
}

/* Where SIGKILL is ignored nobody dies, and nothing may be reaped. */
static inline void case_init_is_not_reaped(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, 1, 0);
	size_t i;

	REQUIRE(pidfd >= 0);
	for (i = 0; i < killing.form_count; i++)
		REQUIRE_ERROR(killing.kill(pidfd, killing.forms[i]), EBUSY);
	REQUIRE(kill(1, 0) == 0);
	close(pidfd);
}

#endif /* REAPLAB_REAPED_VICTIMS_CALLERS_H */
