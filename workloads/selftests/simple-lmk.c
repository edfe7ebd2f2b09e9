// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysctls vm.simple_lmk*: their values and errors, who may set them, and
 * that nothing is killed while vm.simple_lmk is 0. Who is killed, and what
 * becomes of them, is the business of the other simple-lmk programs.
 */
#include "ktap.h"
#include "simple-lmk.h"

#include <linux/capability.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "support-reaping.h"

#define NOBODY		65534

struct range {
	const char *name;	/* behind "simple_lmk" */
	const char *initial;
	const char *good[3];
	const char *bad[2];	/* just beyond the range */
};

static const struct range ranges[] = {
	{ "", "0", { "1", "2", "0" }, { "-1", "3" } },
	{ "_adj_min", "0", { "1", "1000", "0" }, { "-1", "1001" } },
	{ "_minfree_mb", "64", { "1", "1000000", "64" }, { "0", "-1" } },
	{ "_timeout_ms", "50", { "1", "60000", "50" }, { "0", "60001" } },
};

#define RANGES	(sizeof(ranges) / sizeof(ranges[0]))

static bool has_value(const char *name, const char *value)
{
	char path[64];
	char text[32];

	snprintf(path, sizeof(path), SIMPLE_LMK "%s", name);
	if (read_file(path, text, sizeof(text)) <= 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	if (!strcmp(text, value))
		return true;
	ktap_note("%s is %s, not %s", path, text, value);
	return false;
}

static void initial_values(void)
{
	for (size_t i = 0; i < RANGES; i++)
		REQUIRE(has_value(ranges[i].name, ranges[i].initial));
}

static void good_values(void)
{
	for (size_t i = 0; i < RANGES; i++) {
		for (size_t at = 0; at < 3; at++) {
			REQUIRE_ERROR(lmk_write(ranges[i].name, ranges[i].good[at]), 0);
			REQUIRE(has_value(ranges[i].name, ranges[i].good[at]));
		}
	}
}

static void bad_values(void)
{
	/* The last is 1 to whoever looks at 32 bits only. */
	static const char *const never[] = { "x", "1x", "4294967297" };

	for (size_t i = 0; i < RANGES; i++) {
		for (size_t at = 0; at < 2; at++)
			REQUIRE_ERROR(lmk_write(ranges[i].name, ranges[i].bad[at]), EINVAL);
		for (size_t at = 0; at < sizeof(never) / sizeof(never[0]); at++)
			REQUIRE_ERROR(lmk_write(ranges[i].name, never[at]), EINVAL);
		REQUIRE(has_value(ranges[i].name, ranges[i].initial));
	}
}

static void kill_takes_1(void)
{
	static const char *const bad[] = { "0", "2", "-1", "x", "1x", "4294967297" };

	REQUIRE(lmk_begin(LMK_KILL, "1000", "1"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		REQUIRE_ERROR(lmk_write("_kill", bad[i]), EINVAL);
	REQUIRE_ERROR(lmk_kill(), ESRCH);
	/* The value comes first. */
	REQUIRE_ERROR(lmk_write("", LMK_OFF), 0);
	REQUIRE_ERROR(lmk_write("_kill", "2"), EINVAL);
	REQUIRE_ERROR(lmk_kill(), EOPNOTSUPP);
}

static void kill_is_not_read(void)
{
	struct stat status;

	REQUIRE(stat(SIMPLE_LMK "_kill", &status) == 0);
	REQUIRE_MSG((status.st_mode & 07777) == 0200, "%o", status.st_mode);
	REQUIRE(open(SIMPLE_LMK "_kill", O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES);
}

/* Returns the step that failed, 0 if none: runs in a child that gives root up. */
static int as_nobody(void *unused)
{
	(void)unused;
	if (setuid(NOBODY))
		return 1;
	for (size_t i = 0; i < RANGES; i++) {
		if (!lmk_write(ranges[i].name, ranges[i].initial) || errno != EACCES)
			return 2;
		if (!has_value(ranges[i].name, ranges[i].initial))
			return 3;
	}
	return !lmk_kill() || errno != EACCES ? 4 : 0;
}

static void only_root_sets(void)
{
	int step = run_in_child(as_nobody, NULL, WAIT_LIMIT_MS);

	REQUIRE_MSG(step == 0, "step %d of as_nobody()", step);
}

/* As for the other files there, it is the file's owner and mode that count. */
static int without_capabilities(void *unused)
{
	(void)unused;
	if (!drop_capability(CAP_SYS_ADMIN) || !drop_capability(CAP_SYS_RESOURCE) ||
	    !drop_capability(CAP_KILL) || !drop_capability(CAP_DAC_OVERRIDE))
		return 1;
	if (lmk_write("_adj_min", "1000") || lmk_write("", LMK_KILL))
		return 2;
	return !lmk_kill() || errno != ESRCH ? 3 : 0;
}

static void owner_needs_no_capability(void)
{
	int step;

	/* For the values to be put back. */
	REQUIRE(lmk_begin(LMK_OFF, "0", "64"));
	step = run_in_child(without_capabilities, NULL, WAIT_LIMIT_MS);
	REQUIRE_MSG(step == 0, "step %d of without_capabilities()", step);
}

static void off_kills_nobody(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim candidate;

	REQUIRE(lmk_begin(LMK_OFF, "1", MINFREE_ALL));
	REQUIRE(victim_start(&candidate, &shape));
	REQUIRE(set_adj(candidate.pid, "1000"));
	REQUIRE_ERROR(lmk_kill(), EOPNOTSUPP);
	REQUIRE(stays(&candidate));
}

/* With memory enough, being on means nothing, however long. */
static void on_waits_for_a_reason(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim candidate;
	char *memory;

	for (size_t i = 0; i < LMK_MODES; i++) {
		REQUIRE(lmk_begin(lmk_modes[i], "1", MINFREE_ALL));
		REQUIRE(victim_start(&candidate, &shape));
		REQUIRE(set_adj(candidate.pid, "1000"));
		memory = map_anonymous(VICTIM_BYTES);
		REQUIRE(memory && populate(memory, VICTIM_BYTES) == 0);
		REQUIRE(stays(&candidate));
		lmk_cleanup();
	}
}

/* Reaching a group's limit is not the machine running low: the OOM killer acts, in the group. */
static void limits_of_groups(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim bystander;
	struct victim allocator;

	for (size_t i = 0; i < LMK_MODES; i++) {
		REQUIRE(lmk_begin(lmk_modes[i], "1", MINFREE_ALL));
		REQUIRE(victim_start(&bystander, &shape));
		REQUIRE(set_adj(bystander.pid, "1000"));
		REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
		REQUIRE(limit_cgroup(VICTIM_BYTES));
		REQUIRE(start_allocating(&allocator, 2 * VICTIM_BYTES));
		REQUIRE(ends(&allocator, CLD_KILLED, SIGKILL));
		REQUIRE_MSG(oom_kills() == 1, "%d", oom_kills());
		REQUIRE(stays(&bystander));
		lmk_cleanup();
	}
}

static const struct ktap_case cases[] = {
	{ "off, 64 MiB, 50 ms and any oom_score_adj from 0 after boot", initial_values },
	{ "values inside of the ranges are kept", good_values },
	{ "EINVAL for anything else, which changes nothing", bad_values },
	{ "vm.simple_lmk_kill takes 1 only; EOPNOTSUPP when off", kill_takes_1 },
	{ "vm.simple_lmk_kill can't be read", kill_is_not_read },
	{ "EACCES for all but root, who may read the others", only_root_sets },
	{ "root needs no capability", owner_needs_no_capability },
	{ "off, nobody is killed", off_kills_nobody },
	{ "on, nobody is killed while there is memory", on_waits_for_a_reason },
	{ "on, the limit of a cgroup is left to the OOM killer", limits_of_groups },
};

int main(void)
{
	LMK_MAIN(cases, lmk_cleanup);
}
