// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the arguments of pidfd_send_signal() with PIDFD_SIGNAL_EXPEDITE and
 * PIDFD_SIGNAL_EXPEDITE_QUEUE: every errno, the order of the checks, and that
 * the signal arrives, or does not where the call fails. What becomes of the
 * memory is the matter of ss-expedite-reaping.c.
 */
#include "ktap.h"
#include "pidfd-signal-cases.h"
#include "ss-expedite.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Any user but root. */
#define OTHER_USER	1000

static const struct signal_forms signal_forms = { .forms = { EXPEDITE, EXPEDITE_QUEUE } };

static const struct victim_shape sleeper = { 0 };

/* Run without CAP_SYS_NICE; returns the number of the call that went wrong. */
static int expedite_unprivileged(void *argument)
{
	const struct victim *victim = argument;
	size_t i;

	if (!drop_capability(CAP_SYS_NICE))
		return 1;
	for (i = 0; i < FORMS; i++) {
		if (send_signal(victim->pidfd, SIGKILL, both_forms[i]) == 0 || errno != EPERM)
			return 2;
		if (send_signal(victim->pidfd, SIGKILL, both_forms[i] | SCOPE_THREAD_GROUP) == 0 ||
		    errno != EPERM)
			return 3;
	}
	return 0;
}

static int kill_unprivileged(void *argument)
{
	const struct victim *victim = argument;

	if (!drop_capability(CAP_SYS_NICE))
		return 1;
	return send_signal(victim->pidfd, SIGKILL, SCOPE_THREAD_GROUP) ? 2 : 0;
}

static void the_capability_is_needed(void)
{
	struct victim victim;
	int result;

	REQUIRE(victim_start(&victim, &sleeper));
	result = run_in_child(expedite_unprivileged, &victim, WAIT_LIMIT_MS);
	REQUIRE_MSG(result == 0, "step %d", result);
	REQUIRE(survives(&victim));
	result = run_in_child(kill_unprivileged, &victim, WAIT_LIMIT_MS);
	REQUIRE_MSG(result == 0, "step %d", result);
	REQUIRE(dies_of_sigkill(&victim));
}

/* Another user's process that has CAP_SYS_NICE, but not CAP_KILL. */
static int expedite_as_stranger(void *argument)
{
	const struct victim *victim = argument;
	size_t i;

	if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) ||
	    setresuid(OTHER_USER, OTHER_USER, OTHER_USER) || !drop_capability(CAP_KILL))
		return 1;
	for (i = 0; i < FORMS; i++)
		if (send_signal(victim->pidfd, SIGKILL, both_forms[i]) == 0 || errno != EPERM)
			return 2;
	/* Reached only with the capability: it is checked before the descriptor. */
	return send_signal(-1, SIGKILL, EXPEDITE) < 0 && errno == EBADF ? 0 : 3;
}

static void the_right_to_signal_is_needed_too(void)
{
	struct victim victim;
	int result;

	REQUIRE(victim_start(&victim, &sleeper));
	REQUIRE(trace_event("oom/wake_reaper", NULL));
	result = run_in_child(expedite_as_stranger, &victim, WAIT_LIMIT_MS);
	REQUIRE_MSG(result == 0, "step %d", result);
	REQUIRE(survives(&victim));
	REQUIRE(trace_count("wake_reaper:", NULL) == 0);
}

static void the_descriptor_must_be_a_pidfd_of_a_task(void)
{
	struct victim victim;
	int not_a_pidfd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	size_t i;

	REQUIRE(not_a_pidfd >= 0);
	REQUIRE(victim_start(&victim, &sleeper));
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, false, WAIT_LIMIT_MS));
	for (i = 0; i < FORMS; i++) {
		REQUIRE_ERROR(send_signal(-1, SIGKILL, both_forms[i]), EBADF);
		REQUIRE_ERROR(send_signal(not_a_pidfd, SIGKILL, both_forms[i]), EBADF);
		/* A zombie takes signals, and has nothing to reap. */
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[i]), 0);
	}
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	for (i = 0; i < FORMS; i++)
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[i]), ESRCH);
	close(not_a_pidfd);
}

/*
 * Two faults at a time. Unknown flag, scope and signal give the same errno,
 * so only their order before capability and descriptor can be seen.
 */
struct faults {
	const char *name;
	unsigned int flags;		/* beside the form */
	int signal_number;
	bool capable;
	bool good_descriptor;
	int expected;
};

static const struct faults pairs[] = {
	{ "unknown flag, capability", 1U << 10, SIGKILL, false, true, EINVAL },
	{ "unknown flag, descriptor", 1U << 10, SIGKILL, true, false, EINVAL },
	{ "two scopes, capability", SCOPE_THREAD | SCOPE_THREAD_GROUP, SIGKILL, false, true, EINVAL },
	{ "scope, capability", SCOPE_THREAD, SIGKILL, false, true, EINVAL },
	{ "scope, descriptor", SCOPE_PROCESS_GROUP, SIGKILL, true, false, EINVAL },
	{ "both forms, capability", EXPEDITE | EXPEDITE_QUEUE, SIGKILL, false, true, EINVAL },
	{ "both forms, descriptor", EXPEDITE | EXPEDITE_QUEUE, SIGKILL, true, false, EINVAL },
	{ "signal, capability", 0, SIGTERM, false, true, EINVAL },
	{ "signal, descriptor", 0, SIGTERM, true, false, EINVAL },
	{ "capability, descriptor", 0, SIGKILL, false, false, EPERM },
	{ "capability", 0, SIGKILL, false, true, EPERM },
	{ "descriptor", 0, SIGKILL, true, false, EBADF },
};

struct faulty_call {
	const struct faults *faults;
	unsigned int form;
	int pidfd;
};

/* Returns the errno; none of the calls may succeed. */
static int make_faulty_call(void *argument)
{
	const struct faulty_call *call = argument;
	const struct faults *faults = call->faults;

	if (!faults->capable && !drop_capability(CAP_SYS_NICE))
		return 255;
	if (send_signal(faults->good_descriptor ? call->pidfd : -1, faults->signal_number,
			call->form | faults->flags) == 0)
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
			struct faulty_call call = { &pairs[i], both_forms[j], victim.pidfd };
			int error = run_in_child(make_faulty_call, &call, WAIT_LIMIT_MS);

			REQUIRE_MSG(error == pairs[i].expected, "%s: %s instead of %s",
				    pairs[i].name, ktap_error_name(error),
				    ktap_error_name(pairs[i].expected));
		}
	REQUIRE(survives(&victim));
}

static void the_signal_is_delivered(void)
{
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(victim_start(&victim, &sleeper));
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both_forms[i]), 0);
		REQUIRE(dies_of_sigkill(&victim));

		REQUIRE(victim_start(&victim, &sleeper));
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL,
					  both_forms[i] | SCOPE_THREAD_GROUP), 0);
		REQUIRE(dies_of_sigkill(&victim));
	}
}

/* The killer is its own victim: the reaper works beside its way out. */
static void kill_itself(struct victim_page *page, char *memory, size_t bytes)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);

	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->stop))
		sleep_ms(1);
	send_signal(self, SIGKILL, atomic_load(&page->rounds) ? EXPEDITE_QUEUE : EXPEDITE);
	_exit(1);
}

static void a_process_may_expedite_its_own_end(void)
{
	const struct victim_shape suicide = { .bytes = 8 * MIB, .threads = 3, .body = kill_itself };
	size_t i;

	for (i = 0; i < FORMS; i++) {
		struct victim victim;

		REQUIRE(victim_start(&victim, &suicide));
		atomic_store(&victim.page->rounds, both_forms[i] == EXPEDITE_QUEUE);
		atomic_store(&victim.page->stop, true);
		REQUIRE(dies_of_sigkill(&victim));
	}
}

static const struct ktap_case cases[] = {
	{ "unknown flags are refused", case_unknown_flags_are_refused },
	{ "marking and not marking exclude each other", case_the_forms_exclude_each_other },
	{ "other scopes are refused", case_other_scopes_are_refused },
	{ "a thread pidfd needs the process scope", case_a_thread_pidfd_needs_the_process_scope },
	{ "other signals are refused", case_other_signals_are_refused },
	{ "CAP_SYS_NICE is needed", the_capability_is_needed },
	{ "the right to signal is needed too", the_right_to_signal_is_needed_too },
	{ "the descriptor must be a pidfd of a task", the_descriptor_must_be_a_pidfd_of_a_task },
	{ "faults are found in order", faults_are_found_in_order },
	{ "the signal is delivered", the_signal_is_delivered },
	{ "a process may expedite its own end", a_process_may_expedite_its_own_end },
};

int main(void)
{
	if (!kernel_has_expedite()) {
		puts(EXPEDITE_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
