// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_madvise() with MADV_DONTNEED and PMADV_FLAG_RANGE: victims that do
 * something meanwhile, and who tears their address space down.
 */
#include "ktap.h"
#include "madvise-dontneed.h"
#include "reaping-races.h"
#include "support-cpus.h"

#define VICTIM_BYTES	(32 * MIB)

static const struct racing_call racing = { .reap = discard, .refuses = EINVAL };

/* A call that comes too late for the victim is no mistake. */
static bool kill_then_discard(const struct victim *victim)
{
	if (!victim_kill(victim))
		return false;
	discard(victim->pidfd);
	return true;
}

static bool kill_then_release(const struct victim *victim)
{
	if (!victim_kill(victim))
		return false;
	syscall(SYS_process_mrelease, victim->pidfd, 0);
	return true;
}

static void teardown_by_caller(void)
{
	const int rounds = 30;
	int advised;
	int released;

	if (!has_two_cpus())
		SKIP("needs two CPUs: the victim exits beside the caller");
	advised = teardowns_by_caller(kill_then_discard, VICTIM_BYTES, rounds);
	released = teardowns_by_caller(kill_then_release, VICTIM_BYTES, rounds);
	ktap_note("teardown by the caller of process_madvise %d, of process_mrelease %d, of %d",
		  advised, released, rounds);
	REQUIRE(advised > 0);
	/* It pins mm_count, so that it never holds the last user. */
	REQUIRE(released == 0);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "the teardown falls to a caller that drops the last user", teardown_by_caller },
		REAPING_RACES,
	};

	if (!kernel_has_range()) {
		puts(RANGE_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
