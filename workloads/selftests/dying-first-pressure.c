// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm.dying_first under real pressure: processes that together want more memory
 * than there is keep the guest swapping to zram, and victims that fault pages
 * in on their way out are killed beside them. Values take turns, so that the
 * pressure is the same for all.
 *
 * Direct reclaim by the dying threads is counted. Times from the kill to the
 * victim's end are printed, not judged: they depend on the host.
 */
#include "dying-first.h"
#include "ktap.h"
#include "support-pressure.h"
#include "support-will.h"

#include <sys/mman.h>
#include <sys/wait.h>

/* Victims per turn of a value, turns per value, and the pages a victim faults in. */
#define VICTIMS		8
#define TURNS		6
#define WILL_PAGES	1024

static const int values[] = { FIRST_NONE, FIRST_DYING };

#define VALUES	(sizeof(values) / sizeof(values[0]))

struct result {
	int reclaims;
	int victims;
	int64_t total_ns;
	int64_t longest_ns;
};

static int victim_body(void *argument)
{
	atomic_bool *ready = argument;

	if (!will_make(0, WILL_PAGES))
		return 1;
	atomic_store(ready, true);
	for (;;)
		sleep_ms(1000);
	return 0;
}

static bool is_set(void *argument)
{
	return atomic_load((atomic_bool *)argument);
}

/* Starts a victim, kills it, and measures until it is gone. Recording is on meanwhile only. */
static bool kill_one(struct result *result)
{
	static atomic_bool *ready;
	int64_t start;
	int64_t took;
	int status;
	pid_t pid;

	if (!ready)
		ready = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			     -1, 0);
	atomic_store(ready, false);
	pid = fork();
	if (pid < 0)
		return support_problem(__FILE__, __LINE__, "fork");
	if (!pid)
		_exit(victim_body(ready));
	if (!wait_for(is_set, ready, WAIT_LIMIT_MS)) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		errno = ETIMEDOUT;
		return support_problem(__FILE__, __LINE__, "a victim is not ready");
	}
	trace_record(true);
	start = now_ns();
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	took = now_ns() - start;
	trace_record(false);
	/* What the victim has faulted in is the test's file. */
	will_free();
	result->victims++;
	result->total_ns += took;
	if (took > result->longest_ns)
		result->longest_ns = took;
	return true;
}

static void fewer_reclaims(void)
{
	struct result results[VALUES] = { { .victims = 0 } };

	if (pressure_impossible())
		SKIP("%s", pressure_impossible());
	REQUIRE(trace_event("vmscan/mm_vmscan_direct_reclaim_begin", "comm == \"" WILL_COMM "\""));
	REQUIRE(trace_record(false));
	REQUIRE(will_prepare(WILL_PAGES));
	REQUIRE(pressure_begin());
	for (int turn = 0; turn < TURNS; turn++) {
		for (size_t i = 0; i < VALUES; i++) {
			int before = trace_count("direct_reclaim_begin:", NULL);

			REQUIRE_ERROR(dying_first_set(values[i]), 0);
			for (int victim = 0; victim < VICTIMS; victim++)
				REQUIRE(kill_one(&results[i]));
			results[i].reclaims += trace_count("direct_reclaim_begin:", NULL) - before;
		}
	}
	for (size_t i = 0; i < VALUES; i++)
		ktap_note("value %d: %d victims, %d direct reclaims, mean %lld us, longest %lld us",
			  values[i], results[i].victims, results[i].reclaims,
			  (long long)(results[i].total_ns / 1000 / results[i].victims),
			  (long long)(results[i].longest_ns / 1000));
	if (results[0].reclaims < 10)
		SKIP("no pressure: with 0 dying threads reclaimed %d times", results[0].reclaims);
	REQUIRE(results[1].reclaims < results[0].reclaims);
}

static void cleanup(void)
{
	pressure_end();
	will_cleanup();
	dying_first_undo();
}

static const struct ktap_case cases[] = {
	{ "1: dying threads enter direct reclaim more rarely than with 0", fewer_reclaims },
};

int main(void)
{
	return dying_first_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
