// SPDX-License-Identifier: GPL-2.0-only
/*
 * How deep each mode of approach pf-memalloc reaches into the memory reserves,
 * and what follows when it can get no deeper. Nothing in the guest can be
 * reclaimed here (no swap, all memory locked), so the level of free memory at
 * which a thread gives up taking pages is the bottom of what it may use.
 *
 * The thread takes memory in small steps until it fails, or until memory comes
 * back because the OOM killer killed a sacrifice: one of a few processes of
 * 16 MiB, which are all that it may choose.
 */
#include "ktap.h"
#include "pf-memalloc.h"
#include "support-memory.h"

#include <sched.h>
#include <sys/mman.h>

/* Reserves this large make the differences between levels much larger than what blurs them. */
#define MIN_FREE_KBYTES	"32768"

/*
 * What blurs them: pages on the lists of CPUs, which are taken from the zone
 * by dozens and which other CPUs keep (4 * 63 per CPU with the fraction set
 * below), and allocations of others meanwhile.
 */
#define BLUR_PAGES	((long)(3 * MIB / PAGE_BYTES))
#define PCP_FRACTION	"100000"

/*
 * One is enough most times. But exit_mmap() declares a victim's memory freed
 * (MMF_OOM_SKIP) while up to 38 MiB are still in its mmu_gather; an allocation
 * that fails in between looks for the next victim, and the kernel panics if
 * there is none.
 */
#define SACRIFICES	4
#define SACRIFICE_BYTES	(16 * MIB)
#define STEP_BYTES	(16 * PAGE_BYTES)
#define LEAVE_BYTES	(8 * MIB)

/* More than the reserves of all zones and what the ballast leaves. */
#define REGION_BYTES	(96 * MIB)

/* Half the sacrifice: more than anybody else would give back meanwhile. */
#define RELIEF_PAGES	((long)(SACRIFICE_BYTES / PAGE_BYTES / 2))

struct taking {
	long min;		/* the zone's min watermark, in pages */
	long start;		/* free pages at the beginning */
	long lowest;		/* fewest pages free or on the lists of CPUs that were seen */
	int error;		/* of the step that failed, 0 if none did */
	bool relieved;		/* memory came back */
	int reclaims;		/* direct reclaims while more than `quiet` pages were free */
};

/* How the OOM killer sees this process, and the children it starts from now on. */
static bool set_oom_score(const char *score)
{
	return write_file("/proc/self/oom_score_adj", score);
}

static bool start_sacrifices(void)
{
	struct victim_shape shape = { .bytes = SACRIFICE_BYTES };
	struct victim sacrifice;
	bool started = set_oom_score("1000");

	for (int i = 0; started && i < SACRIFICES; i++)
		started = victim_start(&sacrifice, &shape);
	return set_oom_score("-1000") && started;
}

static bool tune(void)
{
	return vm_set("watermark_boost_factor", "0") &&
	       vm_set("percpu_pagelist_high_fraction", PCP_FRACTION) &&
	       vm_set("overcommit_memory", "1") && vm_set("min_free_kbytes", MIN_FREE_KBYTES);
}

static bool swap_is_on(void)
{
	char text[1024];

	/* The first line is the heading. */
	return read_file("/proc/swaps", text, sizeof(text)) > 0 && strchr(text, '/');
}

/*
 * Takes memory in the mode given, by a thread that recorded direct reclaims
 * until no more than `quiet` pages were free. Between the two memalloc_set()
 * calls nothing but the steps may allocate.
 */
static bool take(unsigned long mode, long quiet, struct taking *taking)
{
	char *region = map_anonymous(REGION_BYTES);
	struct zone_state zone;
	bool recording = true;
	size_t at;

	if (!region || !zone_read(&zone))
		return false;
	*taking = (struct taking){ .min = zone.min, .start = zone.free,
				   .lowest = zone.free + zone.cached };
	if (memalloc_set(mode))
		return support_problem(__FILE__, __LINE__, "PR_SET_MEMALLOC");
	for (at = 0; at < REGION_BYTES && !taking->error && !taking->relieved; at += STEP_BYTES) {
		taking->error = populate(region + at, STEP_BYTES);
		zone_read(&zone);
		if (zone.free + zone.cached < taking->lowest)
			taking->lowest = zone.free + zone.cached;
		if (recording && zone.free <= quiet) {
			trace_record(false);
			recording = false;
		}
		taking->relieved = zone.free > taking->lowest + RELIEF_PAGES;
	}
	munmap(region, REGION_BYTES);
	memalloc_set(MEMALLOC_OFF);
	taking->reclaims = trace_count("direct_reclaim_begin:", NULL);
	ktap_note("mode %lu: %ld pages free at first, min %ld, lowest %ld, %s, %d early reclaims",
		  mode, taking->start, taking->min, taking->lowest,
		  taking->error ? ktap_error_name(taking->error) :
		  taking->relieved ? "relieved by the OOM killer" : "region full",
		  taking->reclaims);
	return true;
}

/* Sets the scene and takes; quiet_share is the share of the min watermark, in per cent. */
static bool scene(unsigned long mode, long quiet_share, struct taking *taking)
{
	struct victim ballast;
	struct zone_state zone;

	return tune() && trace_direct_reclaim(thread_id()) && start_sacrifices() &&
	       ballast_start(&ballast, LEAVE_BYTES) && zone_read(&zone) &&
	       take(mode, zone.min * quiet_share / 100 + BLUR_PAGES, taking);
}

/* What every case needs; leaves the case as skipped where it is not there. */
#define REQUIRE_MACHINE()							\
	do {									\
		if (swap_is_on())						\
			SKIP("swap is on, so memory could be reclaimed");	\
		if (!zone_is_alone())						\
			SKIP("memory is spread over several zones");		\
	} while (0)

static void off_stops_at_min(void)
{
	struct taking taking;

	REQUIRE_MACHINE();
	REQUIRE(scene(MEMALLOC_OFF, 100, &taking));
	REQUIRE(taking.relieved && !taking.error);
	REQUIRE(taking.lowest >= taking.min - BLUR_PAGES);
	REQUIRE(taking.lowest <= taking.min + BLUR_PAGES);
	REQUIRE(taking.reclaims == 0);
}

static void oom_stops_at_half(void)
{
	struct taking taking;

	REQUIRE_MACHINE();
	REQUIRE(scene(MEMALLOC_BOUNDED, 50, &taking));
	/* Never below the half an OOM victim has to leave, and down to it. */
	REQUIRE(taking.lowest >= taking.min / 2 - BLUR_PAGES);
	REQUIRE(taking.lowest <= taking.min / 2 + BLUR_PAGES);
	/* Reclaim begins when the reserves are used up, not before. */
	REQUIRE(taking.reclaims == 0);
	/* And then it gets its memory as a normal thread would, by the OOM killer at last. */
	REQUIRE(taking.relieved && !taking.error);
}

static void full_takes_all(void)
{
	struct taking taking;

	REQUIRE_MACHINE();
	/* Recording is never stopped: not one direct reclaim, even with nothing left. */
	REQUIRE(scene(MEMALLOC_UNBOUNDED, -1000, &taking));
	REQUIRE(taking.reclaims == 0);
	/* What is left stands on the lists of CPUs. */
	REQUIRE(taking.lowest <= taking.min / 4);
	/* The cost of it: failure where others wait. */
	REQUIRE(taking.error == ENOMEM && !taking.relieved);
	ktap_note("known cost of mode 1: the reserves were emptied, then ENOMEM");
}

/* gfp_to_alloc_flags() gives half of the reserves to every realtime thread. */
static void fifo_has_as_much(void)
{
	struct sched_param first = { .sched_priority = 1 };
	struct sched_param other = { .sched_priority = 0 };
	struct taking taking;
	bool done;

	REQUIRE_MACHINE();
	REQUIRE_ERROR(sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first), 0);
	done = scene(MEMALLOC_OFF, 50, &taking);
	REQUIRE_ERROR(sched_setscheduler(0, SCHED_OTHER, &other), 0);
	REQUIRE(done);
	REQUIRE(taking.relieved && !taking.error && taking.reclaims == 0);
	REQUIRE(taking.lowest >= taking.min / 2 - BLUR_PAGES);
	REQUIRE(taking.lowest <= taking.min / 2 + BLUR_PAGES);
	ktap_note("known limit of mode 2: SCHED_FIFO alone has the same reserves");
}

static void cleanup(void)
{
	memalloc_set(MEMALLOC_OFF);
	support_cleanup();
	if (!vm_restore())
		ktap_note("not all of /proc/sys/vm could be put back");
}

static const struct ktap_case cases[] = {
	{ "mode 0 leaves the min watermark", off_stops_at_min },
	{ "mode 2 leaves half of it, reclaims only then, and does not fail", oom_stops_at_half },
	{ "mode 0 with SCHED_FIFO leaves half of it, too", fifo_has_as_much },
	{ "mode 1 leaves nothing, never reclaims, and fails", full_takes_all },
};

int main(void)
{
	if (!memalloc_exists()) {
		printf("KTAP version 1\n1..0 # SKIP this kernel has no PR_SET_MEMALLOC\n");
		return KTAP_SKIP;
	}
	/* A page fault of its own in mode 1 with nothing left would be repeated for ever. */
	if (mlockall(MCL_CURRENT) || !set_oom_score("-1000"))
		ktap_note("running unprotected: %s", ktap_error_name(errno));
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
