// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests the arguments of pidfd_send_signal() with PIDFD_SIGNAL_EXPEDITE and
 * PIDFD_SIGNAL_EXPEDITE_QUEUE: every errno, the order of the checks, and that
 * the signal arrives, or does not where the call fails. What becomes of the
 * memory is the matter of ss-expedite-reaping.c.
 */
#include "ktap.h"
#include "ss-expedite.h"
#include "support.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#ifndef PIDFD_THREAD
#define PIDFD_THREAD	O_EXCL	/* since Linux 6.9; an older <linux/pidfd.h> lacks it */
#endif

/* Any user but root. */
#define OTHER_USER	1000

/* How long we look before we believe that a signal does not come. */
#define SETTLE_MS	100

static const unsigned int both_forms[] = { EXPEDITE, EXPEDITE_QUEUE };

#define FORMS	(sizeof(both_forms) / sizeof(both_forms[0]))

static const struct victim_shape sleeper = { 0 };

/* True if the victim is still there a while later, so no signal was sent. */
static bool survives(const struct victim *victim)
{
	struct pollfd gone = { .fd = victim->pidfd, .events = POLLIN };

	return poll(&gone, 1, SETTLE_MS) == 0;
}

/* True if the victim dies, and of SIGKILL. */
static bool dies_of_sigkill(const struct victim *victim)
{
	siginfo_t info = { .si_pid = 0 };

	return victim_wait(victim, false, WAIT_LIMIT_MS) &&
	       waitid(P_PID, (id_t)victim->pid, &info, WEXITED) == 0 &&
	       info.si_code == CLD_KILLED && info.si_status == SIGKILL;
}

static void unknown_flags_are_refused(void)
{
	struct victim victim;
	unsigned int bit;

	REQUIRE(victim_start(&victim, &sleeper));
	for (bit = 3; bit < 32; bit++) {
		if (bit == 8 || bit == 9)
			continue;
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, 1U << bit), EINVAL);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, 1U << bit | EXPEDITE), EINVAL);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, 1U << bit | EXPEDITE_QUEUE),
			      EINVAL);
	}
	REQUIRE(survives(&victim));
}

static void marking_and_not_marking_exclude_each_other(void)
{
	struct victim victim;

	REQUIRE(victim_start(&victim, &sleeper));
	REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, EXPEDITE | EXPEDITE_QUEUE), EINVAL);
	REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL,
				  EXPEDITE | EXPEDITE_QUEUE | SCOPE_THREAD_GROUP), EINVAL);
	REQUIRE(survives(&victim));
}

static void other_scopes_are_refused(void)
{
	struct victim victim;
	size_t i;

	REQUIRE(victim_start(&victim, &sleeper));
	for (i = 0; i < FORMS; i++) {
		unsigned int form = both_forms[i];

		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, form | SCOPE_THREAD), EINVAL);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, form | SCOPE_PROCESS_GROUP),
			      EINVAL);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL,
					  form | SCOPE_THREAD | SCOPE_THREAD_GROUP), EINVAL);
	}
	REQUIRE(survives(&victim));
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
		REQUIRE_ERROR(send_signal(thread, SIGKILL, both_forms[i]), EINVAL);
		REQUIRE(survives(&victim));
		REQUIRE_ERROR(send_signal(thread, SIGKILL, both_forms[i] | SCOPE_THREAD_GROUP), 0);
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
	REQUIRE(survives(&victim));
}

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
	{ "unknown flags are refused", unknown_flags_are_refused },
	{ "marking and not marking exclude each other",
	  marking_and_not_marking_exclude_each_other },
	{ "other scopes are refused", other_scopes_are_refused },
	{ "a thread pidfd needs the process scope", a_thread_pidfd_needs_the_process_scope },
	{ "other signals are refused", other_signals_are_refused },
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
		puts("KTAP version 1\n1..0 # SKIP pidfd_send_signal() has no PIDFD_SIGNAL_EXPEDITE");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
