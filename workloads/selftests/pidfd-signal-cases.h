/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What holds for every flag of pidfd_send_signal() that makes more of a SIGKILL
 * to a process: which flags, scopes, descriptors and signals it goes with. A program that includes this, once and after ktap.h, defines
 * `signal_forms` and names the functions case_...() in its table.
 */
#ifndef REAPLAB_PIDFD_SIGNAL_CASES_H
#define REAPLAB_PIDFD_SIGNAL_CASES_H

#include <fcntl.h>

#include "pidfd-signal.h"
#include "support.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD	O_EXCL	/* since Linux 6.9; an older <linux/pidfd.h> lacks it */
#endif

/* How long we look before we believe that a signal does not come. */
#define NO_SIGNAL_MS	100

struct signal_forms {
	unsigned int forms[2];
	/* Forms that may find a victim gone which ran until then, and give EBUSY. */
	unsigned int may_miss;
};

static const struct signal_forms signal_forms;

/* No signal was sent to it. */
static inline bool survives(const struct victim *victim)
{
	return victim_stays(victim, NO_SIGNAL_MS);
}

static const struct victim_shape signalled = { 0 };

static inline void case_unknown_flags_are_refused(void)
{
	unsigned int known = signal_forms.forms[0] | signal_forms.forms[1] | SCOPE_THREAD |
			     SCOPE_THREAD_GROUP | SCOPE_PROCESS_GROUP;
	struct victim victim;
	unsigned int bit;
	size_t i;

	REQUIRE(victim_start(&victim, &signalled));
	for (bit = 0; bit < 32; bit++) {
		if (1U << bit & known)
			continue;
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, 1U << bit), EINVAL);
		for (i = 0; i < 2; i++)
			REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL,
						  1U << bit | signal_forms.forms[i]), EINVAL);
	}
	REQUIRE(survives(&victim));
}

static inline void case_the_forms_exclude_each_other(void)
{
	const unsigned int both = signal_forms.forms[0] | signal_forms.forms[1];
	struct victim victim;

	REQUIRE(victim_start(&victim, &signalled));
	REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both), EINVAL);
	REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, both | SCOPE_THREAD_GROUP), EINVAL);
	REQUIRE(survives(&victim));
}

static inline void case_other_scopes_are_refused(void)
{
	struct victim victim;
	size_t i;

	REQUIRE(victim_start(&victim, &signalled));
	for (i = 0; i < 2; i++) {
		unsigned int form = signal_forms.forms[i];

		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, form | SCOPE_THREAD), EINVAL);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL, form | SCOPE_PROCESS_GROUP),
			      EINVAL);
		REQUIRE_ERROR(send_signal(victim.pidfd, SIGKILL,
					  form | SCOPE_THREAD | SCOPE_THREAD_GROUP), EINVAL);
	}
	REQUIRE(survives(&victim));
}

static inline void case_a_thread_pidfd_needs_the_process_scope(void)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		unsigned int form = signal_forms.forms[i];
		struct victim victim;
		int thread;

		REQUIRE(victim_start(&victim, &signalled));
		thread = (int)syscall(SYS_pidfd_open, victim.pid, PIDFD_THREAD);
		REQUIRE(thread >= 0);
		REQUIRE_ERROR(send_signal(thread, SIGKILL, form), EINVAL);
		REQUIRE(survives(&victim));
		REQUIRE(!send_signal(thread, SIGKILL, form | SCOPE_THREAD_GROUP) ||
			((form & signal_forms.may_miss) && errno == EBUSY));
		REQUIRE(dies_of_sigkill(&victim));
		close(thread);
	}
}

static inline void case_other_signals_are_refused(void)
{
	static const int signals[] = { 0, SIGTERM, SIGSTOP, SIGABRT, 64, 65, -1 };
	struct victim victim;
	size_t i;
	size_t j;

	REQUIRE(victim_start(&victim, &signalled));
	for (i = 0; i < 2; i++)
		for (j = 0; j < sizeof(signals) / sizeof(signals[0]); j++) {
			unsigned int form = signal_forms.forms[i];

			REQUIRE_ERROR(send_signal(victim.pidfd, signals[j], form), EINVAL);
			REQUIRE_ERROR(send_signal(victim.pidfd, signals[j],
						  form | SCOPE_THREAD_GROUP), EINVAL);
		}
	REQUIRE(survives(&victim));
}

#endif /* REAPLAB_PIDFD_SIGNAL_CASES_H */
