// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whom vm.simple_lmk kills: by oom_score_adj, then by size, as many as make up
 * vm.simple_lmk_minfree_mb, and who is spared whatever his oom_score_adj. For
 * both values, with the kill asked for through vm.simple_lmk_kill.
 *
 * A process has a megabyte or two beside the memory it asks for: its program,
 * and what it inherits. The sizes lie further apart. The test, and the shell
 * that runs it, have an oom_score_adj of 0.
 */
#include "ktap.h"
#include "simple-lmk.h"

#include <stdlib.h>
#include <sys/wait.h>

#include "support-reaping.h"

#define CANDIDATES_MAX	6

struct candidate {
	size_t bytes;
	const char *adj;
	bool dies;
};

/* Kills once by a mode; the outcome is to be as the candidates say. */
static bool kills_as_said(const char *mode, const char *adj_min, const char *minfree_mb,
			  const struct candidate *candidates, size_t count)
{
	struct victim victims[CANDIDATES_MAX];

	for (size_t i = 0; i < count; i++) {
		struct victim_shape shape = { .bytes = candidates[i].bytes };

		if (!victim_start(&victims[i], &shape) ||
		    !set_adj(victims[i].pid, candidates[i].adj))
			return false;
	}
	if (!lmk_begin(mode, adj_min, minfree_mb))
		return false;
	if (lmk_kill())
		return support_problem(__FILE__, __LINE__, "nobody was killed");
	for (size_t i = 0; i < count; i++)
		if (candidates[i].dies && !victim_wait(&victims[i], true, WAIT_LIMIT_MS))
			return false;
	for (size_t i = 0; i < count; i++) {
		if (!candidates[i].dies && !stays(&victims[i])) {
			printf("# number %zu was killed\n", i);
			return false;
		}
	}
	return true;
}

#define REQUIRE_KILLS(adj_min, minfree_mb, ...)							\
	do {											\
		static const struct candidate said[] = { __VA_ARGS__ };				\
												\
		for (size_t mode = 0; mode < LMK_MODES; mode++) {				\
			REQUIRE(kills_as_said(lmk_modes[mode], adj_min, minfree_mb, said,	\
					      sizeof(said) / sizeof(said[0])));			\
			lmk_cleanup();								\
		}										\
	} while (0)

static void by_score(void)
{
	REQUIRE_KILLS("1", "1", { 32 * MIB, "500", false }, { 8 * MIB, "501", true },
		      { 32 * MIB, "1", false });
}

static void by_size(void)
{
	REQUIRE_KILLS("1", "1", { 8 * MIB, "900", false }, { 24 * MIB, "900", true },
		      { 16 * MIB, "900", false });
}

static void score_before_size(void)
{
	/* The two largest of 900 make it up; the one of 899 would have done so alone. */
	REQUIRE_KILLS("1", "32", { 8 * MIB, "900", true }, { 32 * MIB, "899", false },
		      { 24 * MIB, "900", true }, { 4 * MIB, "900", false });
}

static void several_small_ones(void)
{
	/* Three are more than 24 MiB, and two with all they have beside are less. */
	REQUIRE_KILLS("1", "24", { 8 * MIB, "100", false }, { 8 * MIB, "103", true },
		      { 8 * MIB, "101", true }, { 8 * MIB, "102", true },
		      { 8 * MIB, "99", false });
}

static void all_if_need_be(void)
{
	REQUIRE_KILLS("1", MINFREE_ALL, { 8 * MIB, "1000", true }, { 16 * MIB, "906", true },
		      { 4 * MIB, "907", true }, { 8 * MIB, "1", true }, { 8 * MIB, "0", false });
}

/* By default 0 counts; everybody else who has it is smaller. */
static void zero_is_eligible(void)
{
	REQUIRE_KILLS("0", "1", { 24 * MIB, "0", true }, { 32 * MIB, "-1", false },
		      { 32 * MIB, "-1000", false });
}

static void the_least_score(void)
{
	REQUIRE_KILLS("500", MINFREE_ALL, { 8 * MIB, "500", true }, { 8 * MIB, "499", false },
		      { 8 * MIB, "-1000", false });
}

static void nobody(void)
{
	struct victim_shape shape = { .bytes = 8 * MIB };
	struct victim candidate;

	REQUIRE(victim_start(&candidate, &shape));
	REQUIRE(set_adj(candidate.pid, "999"));
	REQUIRE(lmk_begin(LMK_KILL, "1000", MINFREE_ALL));
	REQUIRE_ERROR(lmk_kill(), ESRCH);
	/* The thread does not tell. */
	REQUIRE(lmk_begin(LMK_REAP, "1000", MINFREE_ALL));
	REQUIRE_ERROR(lmk_kill(), 0);
	REQUIRE(stays(&candidate));
}

static void writer(void)
{
	REQUIRE(lmk_begin(LMK_KILL, "1000", MINFREE_ALL));
	REQUIRE(set_adj(getpid(), "1000"));
	REQUIRE_ERROR(lmk_kill(), ESRCH);
	REQUIRE(set_adj(getpid(), "0"));
}

/* Process 1 is init, 2 is kthreadd. If either could be killed, the guest would tell. */
static const pid_t untouchable[] = { 1, 2 };

#define UNTOUCHABLE	(sizeof(untouchable) / sizeof(untouchable[0]))

static char scores[UNTOUCHABLE][16];

static bool take_scores(void)
{
	for (size_t i = 0; i < UNTOUCHABLE; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", untouchable[i]);
		if (read_file(path, scores[i], sizeof(scores[i])) <= 0 ||
		    !set_adj(untouchable[i], "1000"))
			return false;
	}
	return true;
}

static void give_scores_back(void)
{
	for (size_t i = 0; i < UNTOUCHABLE; i++)
		if (scores[i][0] && !set_adj(untouchable[i], scores[i]))
			ktap_note("process %d keeps 1000", untouchable[i]);
	scores[0][0] = scores[1][0] = '\0';
}

static void init_and_kernel_threads(void)
{
	struct victim_shape shape = { .bytes = 8 * MIB };
	struct victim candidate;

	for (size_t i = 0; i < LMK_MODES; i++) {
		REQUIRE(take_scores());
		REQUIRE(victim_start(&candidate, &shape));
		REQUIRE(set_adj(candidate.pid, "1000"));
		REQUIRE(lmk_begin(lmk_modes[i], "1000", MINFREE_ALL));
		REQUIRE_ERROR(lmk_kill(), 0);
		REQUIRE(victim_wait(&candidate, true, WAIT_LIMIT_MS));
		sleep_ms(SETTLE_MS);
		for (size_t at = 0; at < UNTOUCHABLE; at++)
			REQUIRE(kill(untouchable[at], 0) == 0);
		give_scores_back();
		lmk_cleanup();
	}
}

/* It can't exit, being frozen; that it is dying is enough. */
static void who_is_dying(void)
{
	struct victim_shape shape = { .bytes = 32 * MIB };
	struct victim dying;
	struct victim candidate;

	for (size_t i = 0; i < LMK_MODES; i++) {
		REQUIRE(victim_start(&dying, &shape));
		REQUIRE(set_adj(dying.pid, "1000"));
		REQUIRE(freezer_v1(dying.pid, true));
		REQUIRE(victim_kill(&dying));
		REQUIRE(victim_start(&candidate, &shape));
		REQUIRE(set_adj(candidate.pid, "999"));
		REQUIRE(lmk_begin(lmk_modes[i], "1", "1"));
		REQUIRE_ERROR(lmk_kill(), 0);
		REQUIRE(victim_wait(&candidate, true, WAIT_LIMIT_MS));
		REQUIRE(stays(&dying));
		lmk_cleanup();
	}
}

static void leaderless(void)
{
	struct victim_shape shape = { .bytes = 8 * MIB, .threads = 2, .leader_exits = true };
	struct victim candidate;

	for (size_t i = 0; i < LMK_MODES; i++) {
		REQUIRE(victim_start(&candidate, &shape));
		REQUIRE(set_adj(candidate.pid, "1000"));
		REQUIRE(lmk_begin(lmk_modes[i], "1000", "1"));
		REQUIRE_ERROR(lmk_kill(), 0);
		REQUIRE(victim_wait(&candidate, true, WAIT_LIMIT_MS));
		lmk_cleanup();
	}
}

static void cleanup(void)
{
	give_scores_back();
	set_adj(getpid(), "0");
	lmk_cleanup();
}

static const struct ktap_case cases[] = {
	{ "the highest oom_score_adj is killed, whatever its size", by_score },
	{ "of one oom_score_adj the largest is killed", by_size },
	{ "oom_score_adj comes before size", score_before_size },
	{ "several small ones are killed until they make up the amount", several_small_ones },
	{ "all are killed if they don't make it up", all_if_need_be },
	{ "an oom_score_adj of 0 is eligible, a negative one is not", zero_is_eligible },
	{ "nobody below vm.simple_lmk_adj_min is killed", the_least_score },
	{ "ESRCH if there is nobody", nobody },
	{ "the writer is spared", writer },
	{ "init and kernel threads are spared", init_and_kernel_threads },
	{ "who is dying is not killed again", who_is_dying },
	{ "a process whose leader has exited is killed", leaderless },
};

int main(void)
{
	LMK_MAIN(cases, cleanup);
}
