// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread with pages set aside under real pressure, doing what a userspace OOM
 * killer does to memory: it faults pages in and reads files that the kernel
 * allocates buffers for. With and without take turns, so that the pressure is
 * the same for both. Between two cycles it refills, as a killer does between
 * two kills.
 *
 * Direct reclaim is counted for this very thread, in its cycles. Times are
 * printed, not judged: they depend on the host.
 */
#include "ktap.h"
#include "oom-mempool.h"
#include "support-pressure.h"

#include <sys/mman.h>

/* One turn, and turns of each: long enough for hundreds of cycles under emulation. */
#define TURN_MS		700
#define TURNS		5

/* A cycle takes about what the killer's walk over a few cgroups takes. */
#define CYCLE_BYTES	(64 * PAGE_BYTES)

/* Nothing, less than a cycle needs, and more. */
static const int sizes[] = { 0, 16, 256 };

#define SIZES	(sizeof(sizes) / sizeof(sizes[0]))

struct result {
	int reclaims;
	int cycles;
	int failures;
	int refused;		/* refills that could not be had */
	int used;		/* pages of the reserve */
	int missed;
	int64_t total_ns;
	int64_t longest_ns;
};

/* Faults pages in and reads a file for which the kernel allocates a buffer. */
static bool cycle(void)
{
	char text[256];
	char *memory = mmap(NULL, CYCLE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool done;

	if (memory == MAP_FAILED)
		return false;
	madvise(memory, CYCLE_BYTES, MADV_NOHUGEPAGE);
	done = !populate(memory, CYCLE_BYTES) &&
	       read_file("/proc/self/status", text, sizeof(text)) > 0;
	munmap(memory, CYCLE_BYTES);
	return done;
}

static void turn(int size, struct result *result)
{
	int64_t end = now_ns() + TURN_MS * 1000000LL;
	int64_t start;
	int64_t took;
	int left;

	while (now_ns() < end) {
		/* What reclaim it takes to refill is the price, and not counted here. */
		if (mempool_set((unsigned long)size, 0))
			result->refused++;
		left = mempool_get(MEMPOOL_LEFT);
		trace_record(true);
		start = now_ns();
		if (!cycle())
			result->failures++;
		took = now_ns() - start;
		trace_record(false);
		result->used += left - mempool_get(MEMPOOL_LEFT);
		result->missed += mempool_get(MEMPOOL_MISSED);
		result->cycles++;
		result->total_ns += took;
		if (took > result->longest_ns)
			result->longest_ns = took;
		/* Pages just freed would serve the next cycle from this CPU's list. */
		sleep_ms(2);
	}
	mempool_set(0, 0);
}

static void fewer_reclaims(void)
{
	struct result results[SIZES] = { { .cycles = 0 } };

	if (pressure_impossible())
		SKIP("%s", pressure_impossible());
	REQUIRE(trace_direct_reclaim(thread_id()) && trace_record(false));
	REQUIRE(pressure_begin());
	for (int round = 0; round < TURNS; round++) {
		for (size_t i = 0; i < SIZES; i++) {
			int before = trace_count("direct_reclaim_begin:", NULL);

			turn(sizes[i], &results[i]);
			results[i].reclaims += trace_count("direct_reclaim_begin:", NULL) - before;
		}
	}
	for (size_t i = 0; i < SIZES; i++)
		ktap_note("%d pages: %d cycles, %d direct reclaims, %d pages used, %d missed, %d refills refused, mean %lld us, longest %lld us",
			  sizes[i], results[i].cycles, results[i].reclaims, results[i].used,
			  results[i].missed, results[i].refused,
			  (long long)(results[i].total_ns / 1000 / (results[i].cycles + 1)),
			  (long long)(results[i].longest_ns / 1000));

	for (size_t i = 0; i < SIZES; i++)
		REQUIRE(results[i].failures == 0);
	if (results[0].reclaims < 10)
		SKIP("no pressure: without it there were %d direct reclaims", results[0].reclaims);
	REQUIRE(results[SIZES - 1].used > 0);
	/* Per cycle, since one that waits less does more cycles in a turn. */
	REQUIRE((long)results[SIZES - 1].reclaims * results[0].cycles <
		(long)results[0].reclaims * results[SIZES - 1].cycles);
}

static void cleanup(void)
{
	mempool_set(0, 0);
	pressure_end();
}

static const struct ktap_case cases[] = {
	{ "a thread with pages set aside enters direct reclaim more rarely", fewer_reclaims },
};

int main(void)
{
	if (!mempool_exists()) {
		printf("KTAP version 1\n1..0 # SKIP this kernel has no PR_SET_MEMPOOL\n");
		return KTAP_SKIP;
	}
	if (mlockall(MCL_CURRENT) || !write_file("/proc/self/oom_score_adj", "-1000"))
		ktap_note("running unprotected: %s", ktap_error_name(errno));
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
