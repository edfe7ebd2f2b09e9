// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the pages that a thread has set aside are good for: nothing can be
 * reclaimed here, and the thread takes memory until it has used them up, and
 * beyond. The level of free memory tells that they come from nobody else's
 * reserves.
 */
#include "ktap.h"
#include "oom-mempool.h"
#include "support-scarce.h"
#include "support-zram.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>

#define PAGES		512
#define LEAVE_BYTES	(8 * MIB)
#define STEP_PAGES	8
#define STEP_BYTES	(STEP_PAGES * PAGE_BYTES)

/* More than the reserves of all zones and what the ballast leaves. */
#define REGION_BYTES	(96 * MIB)

/* For take(): to the end and beyond; to the first page; to the last step. */
#define BEYOND		(-1)
#define FIRST_USE	(PAGES - 1)
#define LAST_STEP	STEP_PAGES

/* Half a sacrifice: more than anybody else would give back meanwhile. */
#define RELIEF_PAGES	((long)(SACRIFICE_BYTES / PAGE_BYTES / 2))

/* What was read into pages that were free before they were set aside. */
#define DIRT_BYTES	(128 * MIB)
#define DIRT		0x5a

struct taking {
	long min;
	long at_first_use;	/* pages free when the reserve was first used */
	long lowest;		/* fewest pages free or on the lists of CPUs while it was */
	int reclaims;		/* direct reclaims before it was used up */
	int left;		/* of the reserve */
	int missed;
	int error;
	bool relieved;		/* in the end by the OOM killer */
	size_t taken;		/* bytes of the region */
};

static char *region;

/*
 * Takes memory in small steps until no more than so many pages of the reserve
 * are left; with BEYOND, until somebody was killed for more. Records direct
 * reclaim as long as there are pages for one more step. Nothing else in here
 * may allocate.
 */
static bool take(int until, struct taking *taking)
{
	struct zone_state zone;
	bool recording = true;
	int left = PAGES;

	if (!zone_read(&zone))
		return false;
	*taking = (struct taking){ .min = zone.min, .lowest = zone.free + zone.cached };
	while (taking->taken < REGION_BYTES && left > until && !taking->error && !taking->relieved) {
		taking->error = populate(region + taking->taken, STEP_BYTES);
		taking->taken += STEP_BYTES;
		left = mempool_get(MEMPOOL_LEFT);
		zone_read(&zone);
		if (left < PAGES && !taking->at_first_use)
			taking->at_first_use = zone.free;
		if (zone.free + zone.cached < taking->lowest)
			taking->lowest = zone.free + zone.cached;
		/* A step may need a page table, too. */
		if (recording && left <= STEP_PAGES) {
			trace_record(false);
			recording = false;
		}
		taking->relieved = zone.free > taking->lowest + RELIEF_PAGES;
	}
	taking->left = left;
	taking->missed = mempool_get(MEMPOOL_MISSED);
	return taking->taken < REGION_BYTES;
}

/* Sets the scene; the reserve is filled while there is memory enough. */
static bool scene(void)
{
	region = map_anonymous(REGION_BYTES);
	return region && trace_direct_reclaim(thread_id()) && !mempool_set(PAGES, 0) &&
	       scarce_begin(LEAVE_BYTES);
}

static void tell(const struct taking *taking)
{
	ktap_note("min %ld, first use at %ld, lowest %ld, %d early reclaims, %d missed, %s",
		  taking->min, taking->at_first_use, taking->lowest, taking->reclaims, taking->missed,
		  taking->relieved ? "then relieved by the OOM killer" : "no OOM kill");
}

#define REQUIRE_MACHINE()							\
	do {									\
		if (scarce_impossible())					\
			SKIP("%s", scarce_impossible());			\
	} while (0)

static void before_reclaim(void)
{
	struct taking taking;

	REQUIRE_MACHINE();
	REQUIRE(scene());
	REQUIRE(take(BEYOND, &taking));
	munmap(region, REGION_BYTES);
	taking.reclaims = trace_count("direct_reclaim_begin:", NULL);
	tell(&taking);
	/* Used where a thread without would reclaim, and nowhere else. */
	REQUIRE(taking.at_first_use >= taking.min - BLUR_PAGES);
	REQUIRE(taking.at_first_use <= taking.min + BLUR_PAGES);
	REQUIRE(taking.reclaims == 0);
	/* Nobody else's reserves. */
	REQUIRE(taking.lowest >= taking.min - BLUR_PAGES);
	/* Used up, it is as without: reclaim, and the OOM killer at last. No failure. */
	REQUIRE(taking.missed > 0);
	REQUIRE(taking.relieved && !taking.error);
}

static void refills(void)
{
	struct taking taking;
	long kills;

	REQUIRE_MACHINE();
	REQUIRE(scene());
	kills = scarce_oom_kills();
	REQUIRE(take(LAST_STEP, &taking));
	REQUIRE(taking.missed == 0);
	/* Memory stands at the min watermark: there is none without reclaim, and none with it. */
	REQUIRE_ERROR(mempool_set(PAGES, MEMPOOL_NORECLAIM), EAGAIN);
	REQUIRE(mempool_get(MEMPOOL_LEFT) < PAGES && mempool_get(MEMPOOL_SIZE) == PAGES);
	REQUIRE_ERROR(mempool_set(PAGES, 0), ENOMEM);
	REQUIRE(mempool_get(MEMPOOL_LEFT) < PAGES && mempool_get(MEMPOOL_SIZE) == PAGES);
	REQUIRE_MSG(scarce_oom_kills() == kills, "filling it killed somebody");
	munmap(region, REGION_BYTES);
	/* What the thread has given back is above the watermark again. */
	REQUIRE_ERROR(mempool_set(PAGES, MEMPOOL_NORECLAIM), 0);
	REQUIRE(mempool_is(PAGES, PAGES));
}

static bool is_zero(const char *memory, size_t bytes)
{
	for (size_t at = 0; at < bytes; at++)
		if (memory[at])
			return false;
	return true;
}

/* Pages that were somebody's come zeroed; those before the first use are checked as well. */
static void zeroed(void)
{
	struct taking taking;
	char *dirt;

	REQUIRE_MACHINE();
	dirt = map_anonymous(DIRT_BYTES);
	REQUIRE(dirt && !populate(dirt, DIRT_BYTES));
	memset(dirt, DIRT, DIRT_BYTES);
	munmap(dirt, DIRT_BYTES);
	REQUIRE(scene());
	REQUIRE(take(LAST_STEP, &taking));
	REQUIRE(taking.missed == 0 && !taking.error);
	REQUIRE(is_zero(region, taking.taken));
	munmap(region, REGION_BYTES);
}

/* The kernel allocates on the thread's behalf: the pages of a pipe. */
static void for_the_kernel(void)
{
	static char out[PAGES / 2 * PAGE_BYTES];
	static char in[sizeof(out)];
	struct taking taking;
	int ends[2];
	int before;
	int after;

	REQUIRE_MACHINE();
	fill_incompressible(out, sizeof(out));
	memset(in, 0, sizeof(in));
	REQUIRE_ERROR(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	REQUIRE_ERROR(fcntl(ends[1], F_SETPIPE_SZ, sizeof(out)), 0);
	REQUIRE(scene());
	/* Down to where the reserve begins to be used. */
	REQUIRE(take(FIRST_USE, &taking));
	before = mempool_get(MEMPOOL_LEFT);
	REQUIRE(write(ends[1], out, sizeof(out)) == (ssize_t)sizeof(out));
	after = mempool_get(MEMPOOL_LEFT);
	trace_record(false);
	REQUIRE(read(ends[0], in, sizeof(in)) == (ssize_t)sizeof(in));
	close(ends[0]);
	close(ends[1]);
	munmap(region, REGION_BYTES);
	ktap_note("%zu pages written to a pipe took %d pages of the reserve",
		  sizeof(out) / PAGE_BYTES, before - after);
	REQUIRE(!memcmp(in, out, sizeof(out)));
	REQUIRE(before - after > PAGES / 4);
	REQUIRE(trace_count("direct_reclaim_begin:", NULL) == 0);
}

/* gfp_to_alloc_flags() gives half of the reserves to every realtime thread, and first. */
static void fifo_uses_half_first(void)
{
	struct sched_param first = { .sched_priority = 1 };
	struct sched_param other = { .sched_priority = 0 };
	struct taking taking;
	bool done;

	REQUIRE_MACHINE();
	REQUIRE(scene());
	REQUIRE_ERROR(sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first), 0);
	done = take(LAST_STEP, &taking);
	REQUIRE_ERROR(sched_setscheduler(0, SCHED_OTHER, &other), 0);
	munmap(region, REGION_BYTES);
	REQUIRE(done);
	taking.reclaims = trace_count("direct_reclaim_begin:", NULL);
	tell(&taking);
	REQUIRE(taking.at_first_use >= taking.min / 2 - BLUR_PAGES);
	REQUIRE(taking.at_first_use <= taking.min / 2 + BLUR_PAGES);
	REQUIRE(taking.reclaims == 0);
	ktap_note("known limit: a SCHED_FIFO thread uses its share of the common reserves first");
}

/* What else may be charged meanwhile: page tables, and 64 pages per CPU in advance. */
#define OTHER_BYTES	((int64_t)(768 * 1024))

/* A page that is used leaves the account of the reserve and goes to that of its user. */
static void charged_once(void)
{
	char group[128];
	char path[160];
	struct taking taking;
	int64_t expected;
	int64_t before;
	int64_t after;
	bool done;

	REQUIRE_MACHINE();
	region = map_anonymous(REGION_BYTES);
	REQUIRE(region && cgroup_create(group, sizeof(group)));
	REQUIRE(trace_direct_reclaim(thread_id()));
	/* The ballast is to stay outside. */
	REQUIRE(scarce_begin(LEAVE_BYTES + PAGES * PAGE_BYTES));
	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	REQUIRE(write_file(path, "0"));
	done = !mempool_set(PAGES, 0);
	before = cgroup_memory(group);
	done = done && take(LAST_STEP, &taking);
	after = cgroup_memory(group);
	munmap(region, REGION_BYTES);
	REQUIRE(done && taking.missed == 0);
	expected = (int64_t)taking.taken - (int64_t)(PAGES - taking.left) * (int64_t)PAGE_BYTES;
	ktap_note("charged %lld bytes more, expected %lld", (long long)(after - before),
		  (long long)expected);
	REQUIRE(after - before > expected - OTHER_BYTES);
	REQUIRE(after - before < expected + OTHER_BYTES);
}

static void cleanup(void)
{
	/* Where it was before, but for charged_once(). */
	write_file("/sys/fs/cgroup/cgroup.procs", "0");
	support_cleanup();
	mempool_set(0, 0);
	if (!vm_restore())
		ktap_note("not all of /proc/sys/vm could be put back");
}

static const struct ktap_case cases[] = {
	{ "used at the min watermark, before any reclaim, and the watermark is kept", before_reclaim },
	{ "refilled on demand: EAGAIN and ENOMEM while there is none, and nobody is killed", refills },
	{ "pages come zeroed to user space", zeroed },
	{ "the kernel's allocations for the thread use it, and nothing is lost", for_the_kernel },
	{ "a SCHED_FIFO thread uses it at half of the min watermark", fifo_uses_half_first },
	{ "a page is charged once, to who uses it", charged_once },
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
