// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that die in the middle of anything while memory is short and
 * vm.dying_first changes under them.
 */
#include "dying-first.h"
#include "ktap.h"
#include "support-scarce.h"
#include "support-storm.h"

#include <sys/mman.h>

#define SECONDS		8
#define LEAVE_BYTES	(24 * MIB)

static void set_any(uint64_t random)
{
	dying_first_set((int)(random % 3));
}

static void storm_under(int value, void (*round)(uint64_t random))
{
	struct storm storm = { .seconds = SECONDS, .round = round };
	struct victim ballast;
	long killed_before;
	int killed;

	REQUIRE(vm_set("oom_dump_tasks", "0") && scarce_tune() &&
		ballast_start(&ballast, LEAVE_BYTES));
	killed_before = scarce_oom_kills();
	REQUIRE_ERROR(dying_first_set(value), 0);
	killed = storm_run(&storm);
	REQUIRE(killed > 0);
	ktap_note("%d killed and gone in %d s, %ld by the OOM killer", killed, SECONDS,
		  scarce_oom_kills() - killed_before);
}

static void off(void)
{
	storm_under(FIRST_NONE, NULL);
}

static void dying(void)
{
	storm_under(FIRST_DYING, NULL);
}

static void kthreads_too(void)
{
	storm_under(FIRST_KTHREADS_TOO, NULL);
}

static void changing(void)
{
	storm_under(FIRST_NONE, set_any);
}

static void cleanup(void)
{
	support_cleanup();
	dying_first_undo();
}

static const struct ktap_case cases[] = {
	{ "0: whoever is killed under pressure dies", off },
	{ "1: whoever is killed under pressure dies", dying },
	{ "2: whoever is killed under pressure dies", kthreads_too },
	{ "values that change meanwhile do no harm", changing },
};

int main(void)
{
	return dying_first_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
