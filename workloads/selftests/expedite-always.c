// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysctls vm.expedite_always and vm.expedite_always_min_kb: their values
 * and who may set them, that each value does what it says, and that the moment
 * of the signal counts. Which processes are taken is the matter of
 * expedite-always-reaping.c.
 */
#include "ktap.h"
#include "expedite-always.h"
#include "vm-sysctls.h"

/* ---- values ----------------------------------------------------------- */

static void off_by_default(void)
{
	REQUIRE(reads(EXPEDITE_ALWAYS, "0"));
	REQUIRE(reads(EXPEDITE_MIN_KB, "1024"));
}

static void values_are_checked(void)
{
	static const char *const bad[] = { "3", "-1", "2147483648", "x", "" };
	size_t i;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "0"));
	REQUIRE(vm_set(EXPEDITE_MIN_KB, "0"));
	REQUIRE(set_error(EXPEDITE_ALWAYS, "1") == 0 && reads(EXPEDITE_ALWAYS, "1"));
	REQUIRE(set_error(EXPEDITE_ALWAYS, "2") == 0 && reads(EXPEDITE_ALWAYS, "2"));
	/* An empty write is no error of any sysctl, and no change. */
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int error = set_error(EXPEDITE_ALWAYS, bad[i]);

		REQUIRE_MSG(error == (bad[i][0] ? EINVAL : 0), "'%s': %s", bad[i],
			    ktap_error_name(error));
		REQUIRE(reads(EXPEDITE_ALWAYS, "2"));
	}
	REQUIRE(set_error(EXPEDITE_MIN_KB, "4294967295") == 0);
	REQUIRE(reads(EXPEDITE_MIN_KB, "4294967295"));
	REQUIRE(set_error(EXPEDITE_MIN_KB, "4294967296") == EINVAL);
	REQUIRE(set_error(EXPEDITE_MIN_KB, "-1") == EINVAL);
	REQUIRE(reads(EXPEDITE_MIN_KB, "4294967295"));
}

static void root_sets_them(void)
{
	char *names[] = { EXPEDITE_ALWAYS, EXPEDITE_MIN_KB, NULL };
	int number = run_in_child(set_as_another_user, names, WAIT_LIMIT_MS);

	REQUIRE_MSG(number == 0, "%d", number);
}

/* ---- what they do ----------------------------------------------------- */

static void never(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, 3));
	REQUIRE(victim_kill(&victim));
	REQUIRE(stays(&victim));
	REQUIRE(keeps(VICTIM_BYTES));
	REQUIRE(nobody_is_reaped());
}

/* Everything but the time, which is kept for the caller. */
static void strip_frozen(unsigned int threads, int64_t *time_ms)
{
	struct victim victim;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_frozen(&victim, threads));
	REQUIRE(victim_kill(&victim));
	*time_ms = strip_time_ms();
	REQUIRE(*time_ms >= 0);
	REQUIRE(reaped_times(1));
	REQUIRE(trace_count("finish_task_reaping:", "oom_expedite/") == 1);
	/* Neither marked nor thawed: it is no victim of the OOM killer. */
	REQUIRE(trace_count("mark_victim:", NULL) == 0);
	REQUIRE(stays(&victim));
}

static void always(void)
{
	static const unsigned int threads[] = { 0, 3 };
	size_t i;

	for (i = 0; i < 2; i++) {
		int64_t time_ms = AT_ONCE_MS;
		int tries;

		for (tries = 0; tries < AT_ONCE_TRIES && time_ms >= AT_ONCE_MS && !ktap.failed;
		     tries++) {
			strip_frozen(threads[i], &time_ms);
			expedite_cleanup();
		}
		REQUIRE(time_ms >= 0 && time_ms < AT_ONCE_MS);
	}
}

static void small_ones_are_spared(void)
{
	struct victim victim;
	char kb[32];

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	snprintf(kb, sizeof(kb), "%zu", 2 * VICTIM_BYTES / 1024);
	REQUIRE(vm_set(EXPEDITE_MIN_KB, kb));
	REQUIRE(start_frozen(&victim, 0));
	REQUIRE(victim_kill(&victim));
	REQUIRE(keeps(VICTIM_BYTES));
	/* It has been queued, since only there its size is known. */
	REQUIRE(trace_count("wake_reaper:", NULL) == 1);
	REQUIRE(trace_count("start_task_reaping:", NULL) == 0);
	expedite_cleanup();

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	snprintf(kb, sizeof(kb), "%zu", VICTIM_BYTES / 2 / 1024);
	REQUIRE(vm_set(EXPEDITE_MIN_KB, kb));
	REQUIRE(start_frozen(&victim, 0));
	REQUIRE(victim_kill(&victim));
	REQUIRE(is_stripped_soon());
}

static void zero_spares_nobody(void)
{
	const struct victim_shape small = { .bytes = MIB / 4 };
	struct victim victim;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_in_cgroup(&victim, small));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE(keeps(MIB / 4));
	REQUIRE(trace_count("start_task_reaping:", NULL) == 0);
	expedite_cleanup();

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(vm_set(EXPEDITE_MIN_KB, "0"));
	REQUIRE(start_in_cgroup(&victim, small));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE(reaped_times(1));
}

/*
 * Puts the watermarks so far above what is free, or below, that nothing else
 * decides: high is above low by 30 % of the zone, and low is put half of that
 * below the free pages, so that nobody reclaims.
 */
static bool raise_watermarks(void)
{
	struct zone_state zone;
	char kb[32];
	long gap;
	long min;

	if (!vm_set("watermark_scale_factor", "3000") || !zone_read(&zone))
		return false;
	/* With the scale, low and high are this far above min. */
	gap = zone.low - zone.min;
	min = zone.free - gap - gap / 2;
	if (min <= 0) {
		ktap_note("%ld pages free, %ld between the watermarks", zone.free, gap);
		return false;
	}
	snprintf(kb, sizeof(kb), "%ld", min * (long)(PAGE_BYTES / 1024));
	return vm_set("min_free_kbytes", kb);
}

static void watermark(void)
{
	struct victim victim;

	if (!zone_is_alone())
		SKIP("the watermarks of one zone must be those of all memory");
	REQUIRE(vm_set(EXPEDITE_ALWAYS, "2"));
	REQUIRE(start_frozen(&victim, 3));
	REQUIRE(victim_kill(&victim));
	REQUIRE(nobody_is_reaped());
	REQUIRE(keeps(VICTIM_BYTES));
	expedite_cleanup();

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "2"));
	REQUIRE(start_frozen(&victim, 3));
	REQUIRE(raise_watermarks());
	REQUIRE(victim_kill(&victim));
	REQUIRE(is_stripped_soon());
	REQUIRE(reaped_times(1));
}

static void the_moment_of_the_signal_counts(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, 3));
	REQUIRE(victim_kill(&victim));
	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	/* It is dying already; another signal does not make it die again. */
	REQUIRE(victim_kill(&victim));
	REQUIRE(nobody_is_reaped());
	REQUIRE(keeps(VICTIM_BYTES));
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "off by default", off_by_default },
		{ "values are checked", values_are_checked },
		{ "only root sets them, whatever capabilities another user has", root_sets_them },
		{ "0: a frozen process keeps its memory when it is killed", never },
		{ "1: it loses it at once, and stays frozen and unmarked", always },
		{ "2: only while a zone is below its high watermark", watermark },
		{ "small processes are spared", small_ones_are_spared },
		{ "a threshold of 0 spares nobody", zero_spares_nobody },
		{ "the sysctl counts when the signal is sent", the_moment_of_the_signal_counts },
	};

	if (!kernel_has_expedite_always()) {
		puts(NO_EXPEDITE);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), expedite_cleanup);
}
