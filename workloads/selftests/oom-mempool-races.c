// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that set pages aside and give them up while memory is short, and die
 * in the middle of it. Afterwards all of their pages are free again.
 */
#include "ktap.h"
#include "oom-mempool.h"
#include "support-scarce.h"
#include "support-storm.h"

#include <sys/mman.h>

#define SECONDS		15
#define LEAVE_BYTES	(24 * MIB)

/* Small, so that all threads together leave room for one another. */
#define SIZES		65

/*
 * What else may be missing in the end: pages on the lists of CPUs, slabs. If
 * pages were lost, then some 30 at each of a thousand deaths.
 */
#define OTHER_PAGES	((long)(12 * MIB / PAGE_BYTES))

static void set_any(uint64_t random)
{
	/* ENOMEM, EAGAIN and EINTR are to be expected. */
	mempool_set(random % SIZES, (random >> 8) % 2 ? MEMPOOL_NORECLAIM : 0);
	mempool_get(MEMPOOL_LEFT);
}

struct expected {
	long free;
};

static bool is_free(void *argument)
{
	const struct expected *expected = argument;
	struct zone_state zone;

	return zone_read(&zone) && zone.free + zone.cached >= expected->free;
}

static void storm(void)
{
	struct storm storm = { .seconds = SECONDS, .step = set_any };
	struct expected expected;
	struct victim ballast;
	struct zone_state zone;
	int killed;

	REQUIRE(vm_set("oom_dump_tasks", "0") && scarce_tune() &&
		ballast_start(&ballast, LEAVE_BYTES) && zone_read(&zone));
	expected.free = zone.free + zone.cached - OTHER_PAGES;
	killed = storm_run(&storm);
	REQUIRE(killed > 0);
	ktap_note("%d processes killed and gone in %d s", killed, SECONDS);
	REQUIRE_MSG(wait_for(is_free, &expected, WAIT_LIMIT_MS), "less than %ld pages are free",
		    expected.free);
}

static void cleanup(void)
{
	support_cleanup();
	if (!vm_restore())
		ktap_note("not all of /proc/sys/vm could be put back");
}

static const struct ktap_case cases[] = {
	{ "whoever dies under pressure with pages set aside leaves none behind", storm },
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
