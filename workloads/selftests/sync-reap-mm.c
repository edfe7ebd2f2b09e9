// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the arguments of pidfd_send_signal() with PIDFD_SIGNAL_SYNC_REAP_MM and
 * PIDFD_SIGNAL_SYNC_REAP_MM_FIXED: every errno, the order of the checks, who may
 * call, and that the signal arrives, or does not where the call fails before
 * it. What becomes of the memory is the matter of sync-reap-mm-work.c.
 */
#include "ktap.h"
#include "pidfd-signal-cases.h"
#include "reaped-victims-callers.h"
#include "sync-reap-mm.h"

#include <fcntl.h>

static const struct killing_call killing = {
	.kill = kill_and_reap, .forms = both_forms, .form_count = FORMS, .may_miss = SYNC_REAP,
};

static const struct signal_forms signal_forms = {
	.forms = { SYNC_REAP, SYNC_REAP_FIXED }, .may_miss = SYNC_REAP,
};

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

static void a_stranger_needs_the_right_to_signal(void)
{
	struct victim victim;
	size_t i;

	REQUIRE(start_in_cgroup(&victim, holder));
	for (i = 0; i < FORMS; i++)
		REQUIRE(call_of_other_user(victim.pidfd, both_forms[i]) == EPERM);
	REQUIRE(stays(&victim));
	REQUIRE(keeps_memory());
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
	{ "unknown flags are refused", case_unknown_flags_are_refused },
	{ "the two forms exclude each other", case_the_forms_exclude_each_other },
	{ "other scopes are refused", case_other_scopes_are_refused },
	{ "a thread pidfd needs the process scope", case_a_thread_pidfd_needs_the_process_scope },
	{ "other signals are refused", case_other_signals_are_refused },
	{ "the siginfo is looked at as ever", siginfo_is_looked_at_as_ever },
	{ "a stranger needs the right to signal", a_stranger_needs_the_right_to_signal },
	{ "no capability is needed", case_no_capability_is_needed },
	{ "the descriptor must be a pidfd of a task", the_descriptor_must_be_a_pidfd_of_a_task },
	{ "a directory of /proc will do", a_proc_directory_will_do },
	{ "kernel threads are not reaped", kernel_threads_are_not_reaped },
	{ "init is not reaped", case_init_is_not_reaped },
	{ "faults are found in order", faults_are_found_in_order },
};

int main(void)
{
	if (!kernel_has_sync_reap()) {
		puts(SYNC_REAP_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
