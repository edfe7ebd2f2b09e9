// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm.simple_lmk where memory really is short: nothing can be reclaimed, and the
 * test wants more than is free. Beside it are processes that may be killed. Who
 * kills them tells /proc/vmstat, where the OOM killer alone counts.
 */
#include "ktap.h"
#include "simple-lmk.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "support-scarce.h"

/*
 * The ballast leaves 4 MiB above the low watermark, which is 8 MiB above min as
 * tuned here: one sacrifice is not enough for what the test wants, two are.
 */
#define LEAVE_BYTES	(4 * MIB)
#define WANTED_BYTES	(32 * MIB)

/*
 * More than one sacrifice holds, so two at a time: none is killed after them before
 * the timeout, and if one had not been enough the OOM killer would have been next.
 */
#define MINFREE_TWO	"24"

/* As many as scarce_sacrifices() makes. */
#define SPARES		4

/* Children that were killed, and are waited for here. */
static int count_killed(void)
{
	int killed = 0;
	int status;

	while (waitpid(-1, &status, WNOHANG) > 0)
		killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	return killed;
}

/* Faults in what is not there. *oom_kills is what the OOM killer did meanwhile. */
static bool want_more(int *killed, long *oom_kills)
{
	char *memory = map_anonymous(WANTED_BYTES);
	int64_t start = now_ns();
	long before = scarce_oom_kills();
	int error;

	if (!memory)
		return false;
	error = populate(memory, WANTED_BYTES);
	*oom_kills = scarce_oom_kills() - before;
	/* The last may be on its way still. */
	sleep_ms(100);
	*killed = count_killed();
	munmap(memory, WANTED_BYTES);
	ktap_note("%lld ms, killed %d, of them by the OOM killer %ld",
		  (long long)(now_ns() - start) / 1000000, *killed, *oom_kills);
	return error == 0;
}

static void kills_instead_of_the_oom_killer(const char *mode)
{
	long oom_kills = 0;
	int killed = 0;

	if (scarce_impossible())
		SKIP("%s", scarce_impossible());
	REQUIRE(lmk_begin(mode, "1000", MINFREE_TWO));
	/* Emulated, a victim needs more than 50 ms. */
	REQUIRE(lmk_write("_timeout_ms", "5000") == 0);
	REQUIRE(scarce_begin(LEAVE_BYTES));
	REQUIRE(want_more(&killed, &oom_kills));
	REQUIRE_MSG(killed >= 1 && oom_kills == 0, "killed %d, by the OOM killer %ld", killed,
		    oom_kills);
}

static void kill_for_an_allocation(void)
{
	kills_instead_of_the_oom_killer(LMK_KILL);
}

static void reap_for_an_allocation(void)
{
	kills_instead_of_the_oom_killer(LMK_REAP);
}

static void off_is_the_oom_killer(void)
{
	long oom_kills = 0;
	int killed = 0;

	if (scarce_impossible())
		SKIP("%s", scarce_impossible());
	REQUIRE(scarce_begin(LEAVE_BYTES));
	REQUIRE(want_more(&killed, &oom_kills));
	REQUIRE(killed >= 1 && oom_kills >= 1);
}

/* When there is nobody for it the OOM killer decides, which looks at everybody. */
static void nobody_leaves_it_to_the_oom_killer(void)
{
	for (size_t i = 0; i < LMK_MODES; i++) {
		struct victim_shape shape = { .bytes = SACRIFICE_BYTES };
		struct victim ballast;
		struct victim spare;
		long oom_kills = 0;
		int killed = 0;

		if (scarce_impossible())
			SKIP("%s", scarce_impossible());
		REQUIRE(lmk_begin(lmk_modes[i], "1000", "1"));
		REQUIRE(scarce_tune());
		REQUIRE(set_adj(getpid(), "900"));
		for (int spares = 0; spares < SPARES; spares++)
			REQUIRE(victim_start(&spare, &shape));
		REQUIRE(set_adj(getpid(), "-1000"));
		REQUIRE(ballast_start(&ballast, LEAVE_BYTES));
		REQUIRE(want_more(&killed, &oom_kills));
		REQUIRE(oom_kills >= 1);
		lmk_cleanup();
	}
}

static void cleanup(void)
{
	if (lmk_write("_timeout_ms", "50"))
		ktap_note("vm.simple_lmk_timeout_ms could not be put back");
	lmk_cleanup();
	set_adj(getpid(), "0");
}

static const struct ktap_case cases[] = {
	{ "off, the OOM killer kills for an allocation", off_is_the_oom_killer },
	{ "with 1 the allocation kills, and the OOM killer need not", kill_for_an_allocation },
	{ "with 2 the thread kills, and the OOM killer need not", reap_for_an_allocation },
	{ "with nobody to kill the OOM killer acts as ever", nobody_leaves_it_to_the_oom_killer },
};

int main(void)
{
	LMK_MAIN(cases, cleanup);
}
