// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_madvise() with MADV_DONTNEED and PMADV_FLAG_RANGE: victims that do
 * something meanwhile, and who tears their address space down.
 */
#include "ktap.h"
#include "madvise-dontneed.h"
#include "reaping-races.h"

/* Where a case keeps test and victim apart. */
#define CALLER_CPU	0
#define VICTIM_CPU	1

#define VICTIM_BYTES	(32 * MIB)

static const struct racing_call racing = { .reap = discard, .refuses = EINVAL };

static long release(int pidfd)
{
	return syscall(SYS_process_mrelease, pidfd, 0);
}

/*
 * Kills running victims, calls at once, and counts how often the teardown ran
 * in the calling task: exit_mmap runs where the last of mm_users is dropped.
 */
static int teardowns_by_caller(long (*call)(int pidfd), int rounds)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	char filter[64];
	int torn_down = 0;
	int round;

	snprintf(filter, sizeof(filter), "common_pid == %d", getpid());
	for (round = 0; round < rounds; round++) {
		struct victim victim;

		if (!pin(0, CALLER_CPU) || !victim_start(&victim, &shape) ||
		    !pin(victim.pid, VICTIM_CPU) || !trace_event("mmap/exit_mmap", filter) ||
		    !victim_kill(&victim))
			return -1;
		call(victim.pidfd);
		torn_down += trace_count("exit_mmap:", NULL) > 0;
		if (!victim_wait(&victim, true, WAIT_LIMIT_MS))
			return -1;
		support_cleanup();
	}
	return torn_down;
}

static void teardown_by_caller(void)
{
	const int rounds = 30;
	int advised;
	int released;

	if (sysconf(_SC_NPROCESSORS_ONLN) <= VICTIM_CPU)
		SKIP("needs two CPUs: the victim exits beside the caller");
	advised = teardowns_by_caller(discard, rounds);
	released = teardowns_by_caller(release, rounds);
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
