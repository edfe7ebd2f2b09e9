// SPDX-License-Identifier: GPL-2.0-only
/*
 * The modes of approach pf-memalloc under real pressure: processes that
 * together want more memory than there is keep the guest swapping to zram,
 * while this thread does what a userspace OOM killer does to memory: it faults
 * pages in and reads files that the kernel allocates buffers for. Modes take
 * turns, so that the pressure is the same for all.
 *
 * Direct reclaim is counted for this very thread. Times are printed, not
 * judged: they depend on the host.
 */
#include "ktap.h"
#include "pf-memalloc.h"
#include "support-pressure.h"

#include <sys/mman.h>

/* One turn of a mode, and turns per mode: long enough for hundreds of cycles under emulation. */
#define TURN_MS		700
#define TURNS		4

/* A cycle takes about what the killer's walk over a few cgroups takes. */
#define CYCLE_BYTES	(64 * PAGE_BYTES)

static const unsigned long modes[] = { MEMALLOC_OFF, MEMALLOC_UNBOUNDED, MEMALLOC_BOUNDED };

#define MODES	(sizeof(modes) / sizeof(modes[0]))

struct result {
	int reclaims;
	int cycles;
	int failures;
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

static void turn(unsigned long mode, struct result *result)
{
	int64_t end = now_ns() + TURN_MS * 1000000LL;
	int64_t start;
	int64_t took;

	while ((start = now_ns()) < end) {
		memalloc_set(mode);
		if (!cycle())
			result->failures++;
		took = now_ns() - start;
		memalloc_set(MEMALLOC_OFF);
		result->cycles++;
		result->total_ns += took;
		if (took > result->longest_ns)
			result->longest_ns = took;
		/* Pages just freed would serve the next cycle from this CPU's list. */
		sleep_ms(2);
	}
}

static void fewer_reclaims(void)
{
	struct result results[MODES] = { { .cycles = 0 } };

	if (pressure_impossible())
		SKIP("%s", pressure_impossible());
	REQUIRE(trace_direct_reclaim(thread_id()));
	REQUIRE(trace_record(false));
	REQUIRE(pressure_begin());
	for (int round = 0; round < TURNS; round++) {
		for (size_t i = 0; i < MODES; i++) {
			int before = trace_count("direct_reclaim_begin:", NULL);

			trace_record(true);
			turn(modes[i], &results[i]);
			trace_record(false);
			results[i].reclaims += trace_count("direct_reclaim_begin:", NULL) - before;
		}
	}
	for (size_t i = 0; i < MODES; i++)
		ktap_note("mode %lu: %d cycles, %d direct reclaims, %d failures, mean %lld us, longest %lld us",
			  modes[i], results[i].cycles, results[i].reclaims, results[i].failures,
			  (long long)(results[i].total_ns / 1000 / (results[i].cycles + 1)),
			  (long long)(results[i].longest_ns / 1000));

	if (results[MEMALLOC_OFF].reclaims < 10)
		SKIP("no pressure: mode 0 entered direct reclaim %d times",
		     results[MEMALLOC_OFF].reclaims);
	REQUIRE(results[MEMALLOC_UNBOUNDED].reclaims == 0);
	/* Per cycle, since a mode that waits less does more cycles in a turn. */
	REQUIRE((long)results[MEMALLOC_BOUNDED].reclaims * results[MEMALLOC_OFF].cycles <
		(long)results[MEMALLOC_OFF].reclaims * results[MEMALLOC_BOUNDED].cycles);
	REQUIRE(results[MEMALLOC_BOUNDED].failures == 0);
	REQUIRE(results[MEMALLOC_OFF].failures == 0);
}

static void cleanup(void)
{
	memalloc_set(MEMALLOC_OFF);
	pressure_end();
}

static const struct ktap_case cases[] = {
	{ "mode 1 never enters direct reclaim, mode 2 more rarely than mode 0", fewer_reclaims },
};

int main(void)
{
	if (!memalloc_exists()) {
		printf("KTAP version 1\n1..0 # SKIP this kernel has no PR_SET_MEMALLOC\n");
		return KTAP_SKIP;
	}
	if (mlockall(MCL_CURRENT) || !write_file("/proc/self/oom_score_adj", "-1000"))
		ktap_note("running unprotected: %s", ktap_error_name(errno));
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
