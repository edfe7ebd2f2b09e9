// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the arguments of pidfd_send_signal() with PIDFD_SIGNAL_SYNC_REAP_MM and
 * PIDFD_SIGNAL_SYNC_REAP_MM_FIXED: every errno, the order of the checks, who may
 * call, and that the signal arrives, or does not where the call fails before
 * it. What becomes of the memory is the matter of sync-reap-mm-work.c.
 */
#include "ktap.h"
#include "reaped-victims.h"
#include "support.h"
#include "sync-reap-mm.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/wait.h>

#ifndef PIDFD_THREAD
#define PIDFD_THREAD	O_EXCL	/* since Linux 6.9; an older <linux/pidfd.h> lacks it */
#endif

/* Any user but root. */
#define OTHER_USER	1000

static const struct victim_shape sleeper = { 0 };
static const struct victim_shape holder = { .bytes = VICTIM_BYTES };

/*
 * True if the call did what it should. The victim may exit before the posted
 * form looks for its memory; that is EBUSY.
 */
static bool kills(int pidfd, unsigned int flags)
{
	return !kill_and_reap(pidfd, flags) || ((flags & SYNC_REAP) && errno == EBUSY);
}

static void unknown_flags_are_refused(void)
{
	struct victim victim;
	unsigned int bit;

	REQUIRE(victim_start(&victim, &sleeper));
	for (bit = 3; bit < 32; bit++) {
		if (bit == 10 || bit == 11)
			continue;
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, 1U << bit), EINVAL);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, 1U << bit | SYNC_REAP), EINVAL);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, 1U << bit | SYNC_REAP_FIXED),
			      EINVAL);
	}
	REQUIRE(stays(&victim));
}

static void the_two_forms_exclude_each_other(void)
{
	struct victim victim;

	REQUIRE(victim_start(&victim, &sleeper));
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP | SYNC_REAP_FIXED), EINVAL);
	REQUIRE_ERROR(kill_and_reap(victim.pidfd, SYNC_REAP | SYNC_REAP_FIXED | SCOPE_THREAD_GROUP),
		      EINVAL);
	REQUIRE(stays(&victim));
}

static void other_scopes_are_refused(void)
{
	struct victim victim;
	size_t i;

	REQUIRE(victim_start(&victim, &sleeper));
	for (i = 0; i < FORMS; i++) {
		unsigned int form = both_forms[i];

		REQUIRE_ERROR(kill_and_reap(victim.pidfd, form | SCOPE_THREAD), EINVAL);
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, form | SCOPE_PROCESS_GROUP), EINVAL);
		REQUIRE_ERROR(kill_and_reap(victim.pidfd,
					    form | SCOPE_THREAD | SCOPE_THREAD_GROUP), EINVAL);
	}
	REQUIRE(stays(&victim));
}

static void a_thread_pidfd_needs_the_process_scope(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;
		int thread;

		REQUIRE(victim_start(&victim, &sleeper));
		thread = (int)syscall(SYS_pidfd_open, victim.pid, PIDFD_THREAD);
		REQUIRE(thread >= 0);
		REQUIRE_ERROR(kill_and_reap(thread, both_forms[i]), EINVAL);
		REQUIRE(stays(&victim));
		REQUIRE(kills(thread, both_forms[i] | SCOPE_THREAD_GROUP));
		REQUIRE(dies_of_sigkill(&victim));
		close(thread);
	}
}

static void other_signals_are_refused(void)
{
	static const int signals[] = { 0, SIGTERM, SIGSTOP, SIGABRT, 64, 65, -1 };
	struct victim victim;
	size_t i;
	size_t j;

	REQUIRE(victim_start(&victim, &sleeper));
	for (i = 0; i < FORMS; i++)
		for (j = 0; j < sizeof(signals) / sizeof(signals[0]); j++) {
			REQUIRE_ERROR(send_signal(victim.pidfd, signals[j], both_forms[i]), EINVAL);
			REQUIRE_ERROR(send_signal(victim.pidfd, signals[j],
						  both_forms[i] | SCOPE_THREAD_GROUP), EINVAL);
		}
	REQUIRE(stays(&victim));
}

/* ---- siginfo ----------------------------------------------------------- */

static int kill_with_info(int pidfd, const void *info, unsigned int form)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, info, form);
}

/* What is wrong with it is found before anybody is killed. */
static void siginfo_is_looked_at_as_ever(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		siginfo_t other = { .si_signo = SIGTERM, .si_code = SI_QUEUE };
		siginfo_t kernels = { .si_signo = SIGKILL, .si_code = SI_KERNEL };
		siginfo_t good = { .si_signo = SIGKILL, .si_code = SI_QUEUE };
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, holder));
		REQUIRE_ERROR(kill_with_info(victim.pidfd, (void *)1, both_forms[i]), EFAULT);
		REQUIRE_ERROR(kill_with_info(victim.pidfd, &other, both_forms[i]), EINVAL);
		REQUIRE_ERROR(kill_with_info(victim.pidfd, &kernels, both_forms[i]), EPERM);
		REQUIRE(stays(&victim));
		REQUIRE(keeps_memory());
		/* Frozen, it can't exit before the posted form looks. */
		REQUIRE(freezer_v1(victim.pid, true));
		REQUIRE_ERROR(kill_with_info(victim.pidfd, &good, both_forms[i]), 0);
		REQUIRE(lost_memory());
		support_cleanup();
	}
}

/* ---- who may call ------------------------------------------------------ */

struct call {
	int pidfd;
	unsigned int form;
};

/* As a user without any capability; returns the errno. */
static int call_as_other_user(void *argument)
{
	const struct call *call = argument;

	if (setresgid(OTHER_USER, OTHER_USER, OTHER_USER) ||
	    setresuid(OTHER_USER, OTHER_USER, OTHER_USER))
		return 255;
	return kill_and_reap(call->pidfd, call->form) ? errno : 0;
}

static void a_stranger_needs_the_right_to_signal(void)
{
	struct victim victim;
	size_t i;

	REQUIRE(start_in_cgroup(&victim, holder));
	for (i = 0; i < FORMS; i++) {
		struct call call = { victim.pidfd, both_forms[i] };

		REQUIRE(run_in_child(call_as_other_user, &call, WAIT_LIMIT_MS) == EPERM);
	}
	REQUIRE(stays(&victim));
	REQUIRE(keeps_memory());
}

/* A user's process kills its own child: no capability is involved. */
static int kill_own_child(void *argument)
{
	struct call call = { .form = *(const unsigned int *)argument };
	siginfo_t info = { .si_pid = 0 };
	pid_t child;

	if (setresgid(OTHER_USER, OTHER_USER, OTHER_USER) ||
	    setresuid(OTHER_USER, OTHER_USER, OTHER_USER))
		return 255;
	child = fork();
	if (!child)
		for (;;)
			pause();
	call.pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	if (!kills(call.pidfd, call.form))
		return errno;
	if (waitid(P_PID, (id_t)child, &info, WEXITED) || info.si_status != SIGKILL)
		return 254;
	return 0;
}

static void no_capability_is_needed(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		unsigned int form = both_forms[i];
		int result = run_in_child(kill_own_child, &form, WAIT_LIMIT_MS);

		REQUIRE_MSG(result == 0, "%s", ktap_error_name(result));
	}
}

/* ---- descriptors and targets ------------------------------------------- */

static void the_descriptor_must_be_a_pidfd_of_a_task(void)
{
	int not_a_pidfd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct victim victim;
	size_t i;

	REQUIRE(not_a_pidfd >= 0);
	REQUIRE(victim_start(&victim, &sleeper));
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
	for (i = 0; i < FORMS; i++) {
		REQUIRE_ERROR(kill_and_reap(-1, both_forms[i]), EBADF);
		REQUIRE_ERROR(kill_and_reap(not_a_pidfd, both_forms[i]), EBADF);
		/* A zombie takes signals, and has nothing to reap. */
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i]), EBUSY);
	}
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	for (i = 0; i < FORMS; i++)
		REQUIRE_ERROR(kill_and_reap(victim.pidfd, both_forms[i]), ESRCH);
	close(not_a_pidfd);
}

/* pidfd_send_signal() takes a directory of /proc as well. */
static void a_proc_directory_will_do(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;
		char path[32];
		int directory;

		REQUIRE(victim_start(&victim, &sleeper));
		snprintf(path, sizeof(path), "/proc/%d", victim.pid);
		directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		REQUIRE(directory >= 0);
		REQUIRE(kills(directory, both_forms[i]));
		REQUIRE(dies_of_sigkill(&victim));
		close(directory);
	}
}

static void kernel_threads_are_not_reaped(void)
{
	/* Process 2 is kthreadd, the parent of all kernel threads; it ignores signals. */
	int pidfd = (int)syscall(SYS_pidfd_open, 2, 0);
	size_t i;

	REQUIRE(pidfd >= 0);
	for (i = 0; i < FORMS; i++)
		REQUIRE_ERROR(kill_and_reap(pidfd, both_forms[i]), EBUSY);
	close(pidfd);
}

/* Where SIGKILL is ignored nobody dies, and nothing may be reaped. */
static void init_is_not_reaped(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, 1, 0);
	size_t i;

	REQUIRE(pidfd >= 0);
	for (i = 0; i < FORMS; i++)
		REQUIRE_ERROR(kill_and_reap(pidfd, both_forms[i]), EBUSY);
	REQUIRE(kill(1, 0) == 0);
	close(pidfd);
}

/* ---- order ------------------------------------------------------------- */

/*
 * Two faults at a time. Unknown flag, form, scope and signal give the same
 * errno, so only their order before descriptor and permission can be seen.
 */
struct faults {
	const char *name;
	unsigned int flags;		/* beside the form */
	int signal_number;
	bool permitted;
	bool good_descriptor;
	int expected;
};

static const struct faults pairs[] = {
	{ "unknown flag, permission", 1U << 12, SIGKILL, false, true, EINVAL },
	{ "unknown flag, descriptor", 1U << 12, SIGKILL, true, false, EINVAL },
	{ "two scopes, descriptor", SCOPE_THREAD | SCOPE_THREAD_GROUP, SIGKILL, true, false, EINVAL },
	{ "both forms, permission", SYNC_REAP | SYNC_REAP_FIXED, SIGKILL, false, true, EINVAL },
	{ "both forms, descriptor", SYNC_REAP | SYNC_REAP_FIXED, SIGKILL, true, false, EINVAL },
	{ "scope, permission", SCOPE_THREAD, SIGKILL, false, true, EINVAL },
	{ "scope, descriptor", SCOPE_PROCESS_GROUP, SIGKILL, true, false, EINVAL },
	{ "signal, permission", 0, SIGTERM, false, true, EINVAL },
	{ "signal, descriptor", 0, SIGTERM, true, false, EINVAL },
	{ "descriptor, permission", 0, SIGKILL, false, false, EBADF },
	{ "descriptor", 0, SIGKILL, true, false, EBADF },
	{ "permission", 0, SIGKILL, false, true, EPERM },
};

struct faulty_call {
	const struct faults *faults;
	struct call call;
};

/* Returns the errno; none of the calls may succeed. */
static int make_faulty_call(void *argument)
{
	const struct faulty_call *faulty = argument;
	const struct faults *faults = faulty->faults;

	if (!faults->permitted && setresuid(OTHER_USER, OTHER_USER, OTHER_USER))
		return 255;
	if (send_signal(faults->good_descriptor ? faulty->call.pidfd : -1, faults->signal_number,
			faulty->call.form | faults->flags) == 0)
		return 0;
	return errno;
}

static void faults_are_found_in_order(void)
{
	struct victim victim;
	size_t i;
	size_t j;

	REQUIRE(victim_start(&victim, &sleeper));
	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		for (j = 0; j < FORMS; j++) {
			struct faulty_call faulty = { &pairs[i], { victim.pidfd, both_forms[j] } };
			int error = run_in_child(make_faulty_call, &faulty, WAIT_LIMIT_MS);

			REQUIRE_MSG(error == pairs[i].expected, "%s: %s instead of %s",
				    pairs[i].name, ktap_error_name(error),
				    ktap_error_name(pairs[i].expected));
		}
	REQUIRE(stays(&victim));
}

static const struct ktap_case cases[] = {
	{ "unknown flags are refused", unknown_flags_are_refused },
	{ "the two forms exclude each other", the_two_forms_exclude_each_other },
	{ "other scopes are refused", other_scopes_are_refused },
	{ "a thread pidfd needs the process scope", a_thread_pidfd_needs_the_process_scope },
	{ "other signals are refused", other_signals_are_refused },
	{ "the siginfo is looked at as ever", siginfo_is_looked_at_as_ever },
	{ "a stranger needs the right to signal", a_stranger_needs_the_right_to_signal },
	{ "no capability is needed", no_capability_is_needed },
	{ "the descriptor must be a pidfd of a task", the_descriptor_must_be_a_pidfd_of_a_task },
	{ "a directory of /proc will do", a_proc_directory_will_do },
	{ "kernel threads are not reaped", kernel_threads_are_not_reaped },
	{ "init is not reaped", init_is_not_reaped },
	{ "faults are found in order", faults_are_found_in_order },
};

int main(void)
{
	if (!kernel_has_sync_reap()) {
		puts("KTAP version 1\n1..0 # SKIP pidfd_send_signal() has no PIDFD_SIGNAL_SYNC_REAP_MM");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
