// SPDX-License-Identifier: GPL-2.0-only
/*
 * try_reap_dying_process(): its arguments, and whom it takes and refuses.
 *
 * How much it takes at a time is the subject of try-reap-work.c, what can come
 * in between that of try-reap-races.c.
 */
#include <fcntl.h>

#include "ktap.h"
#include "reaping-cases.h"
#include "reaping-exits.h"
#include "try-reap.h"

static const struct reaping_call reaping = { .reap = try_reap_all, .refuses = EPERM };

/* ---- arguments -------------------------------------------------------- */

static void flags_come_first(void)
{
	struct victim_shape shape = { 0 };
	struct victim victim;
	unsigned int bit;

	REQUIRE(victim_start(&victim, &shape));
	for (bit = 0; bit < 32; bit++)
		REQUIRE_ERROR(try_reap(victim.pidfd, 1U << bit, MIB), EINVAL);
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE_ERROR(try_reap(victim.pidfd, 0, MIB), ESRCH);
	for (bit = 0; bit < 32; bit++)
		REQUIRE_ERROR(try_reap(victim.pidfd, 1U << bit, MIB), EINVAL);
}

/* 0 means that nothing is left, so nobody may ask for nothing. */
static void no_bytes(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim victim;
	int64_t held;

	REQUIRE(start_in_cgroup(&victim, shape, &held));
	REQUIRE_ERROR(try_reap(victim.pidfd, 0, 0), EINVAL);
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE_ERROR(try_reap(victim.pidfd, 0, 0), EINVAL);
	REQUIRE(lost_bytes(held, 0));
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE_ERROR(try_reap(victim.pidfd, 0, 0), EINVAL);
}

static void not_a_pidfd(void)
{
	int directory = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int ends[2];

	REQUIRE_ERROR(try_reap(-1, 0, MIB), EINVAL);
	REQUIRE(pipe(ends) == 0);
	REQUIRE_ERROR(try_reap(ends[0], 0, MIB), EINVAL);
	close(ends[0]);
	close(ends[1]);
	REQUIRE_ERROR(try_reap(ends[0], 0, MIB), EINVAL);
	/* pidfd_send_signal() takes one of these; the reaping calls don't. */
	REQUIRE(directory >= 0);
	REQUIRE_ERROR(try_reap(directory, 0, MIB), EINVAL);
	close(directory);
}

/* ---- threads, privilege ----------------------------------------------- */

/* It is the process that is named, and any of its threads has the memory. */
static void leader_gone(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = 2, .leader_exits = true };
	struct victim victim;
	int64_t held;

	REQUIRE(start_in_cgroup(&victim, shape, &held));
	REQUIRE_ERROR(try_reap_all(victim.pidfd), EPERM);
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE_MSG(try_reap_all(victim.pidfd) >= (long)VICTIM_BYTES, "%s",
		    ktap_error_name(errno));
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
}

/* Any process that holds the pidfd may call, with no capability at all. */
static int reap_without_privilege(void *argument)
{
	const struct victim *victim = argument;

	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		return 1;
	return try_reap_all(victim->pidfd) >= (long)VICTIM_BYTES ? 0 : 2;
}

static void unprivileged(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE(run_in_child(reap_without_privilege, &victim, WAIT_LIMIT_MS) == 0);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "flags other than 0 give EINVAL, whatever else is right or wrong",
		  flags_come_first },
		{ "max_bytes 0 gives EINVAL, whatever else is right or wrong", no_bytes },
		{ "a descriptor that is not a pidfd gives EINVAL", not_a_pidfd },
		REAPING_CASES,
		REAPING_EXITS,
		{ "a leader that left its threads behind makes no difference", leader_gone },
		{ "a caller needs no privilege beyond the pidfd", unprivileged },
	};

	if (!kernel_has_try_reap()) {
		puts(TRY_REAP_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
