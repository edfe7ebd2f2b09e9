// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysctl vm.dying_first: its values and errors, who may set it, and that
 * killing goes on as ever under each value while there is memory enough. What
 * the values do when there is not is the business of the other dying-first
 * programs.
 */
#include "dying-first.h"
#include "ktap.h"
#include "support.h"

#include <linux/capability.h>

#define NOBODY		65534

static const int values[] = { FIRST_NONE, FIRST_DYING, FIRST_KTHREADS_TOO };

#define VALUES	(sizeof(values) / sizeof(values[0]))

static void off_by_default(void)
{
	REQUIRE_MSG(dying_first_get() == FIRST_NONE, "%d after boot", dying_first_get());
}

static void get_after_set(void)
{
	for (size_t from = 0; from < VALUES; from++) {
		for (size_t to = 0; to < VALUES; to++) {
			REQUIRE_ERROR(dying_first_set(values[from]), 0);
			REQUIRE_ERROR(dying_first_set(values[to]), 0);
			REQUIRE(dying_first_get() == values[to]);
		}
	}
}

static int write_text(const char *text)
{
	int fd = open(DYING_FIRST, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return -1;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		error = errno;
	close(fd);
	errno = error;
	return error ? -1 : 0;
}

static void bad_values(void)
{
	/* The last two are 1 to whoever looks at 32 bits only. */
	static const char *const bad[] = { "-1", "3", "1x", "x", "4294967297", "-4294967295" };

	for (size_t at = 0; at < VALUES; at++) {
		REQUIRE_ERROR(dying_first_set(values[at]), 0);
		for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
			REQUIRE_ERROR(write_text(bad[i]), EINVAL);
			REQUIRE_MSG(dying_first_get() == values[at], "'%s' changed %d to %d",
				    bad[i], values[at], dying_first_get());
		}
	}
}

/* Returns the step that failed, 0 if none: runs in a child that gives root up. */
static int as_nobody(void *unused)
{
	(void)unused;
	if (setuid(NOBODY))
		return 1;
	if (open(DYING_FIRST, O_WRONLY | O_CLOEXEC) >= 0 || errno != EACCES)
		return 2;
	return dying_first_get() == FIRST_DYING ? 0 : 3;
}

static void only_root_sets(void)
{
	int step;

	REQUIRE_ERROR(dying_first_set(FIRST_DYING), 0);
	step = run_in_child(as_nobody, NULL, WAIT_LIMIT_MS);
	REQUIRE_MSG(step == 0, "step %d of as_nobody()", step);
}

/* As for the other files there, it is the file's owner and mode that count. */
static int without_capabilities(void *unused)
{
	(void)unused;
	if (!drop_capability(CAP_SYS_ADMIN) || !drop_capability(CAP_SYS_RESOURCE) ||
	    !drop_capability(CAP_DAC_OVERRIDE))
		return 1;
	if (write_text("2"))
		return 2;
	return dying_first_get() == FIRST_KTHREADS_TOO ? 0 : 3;
}

static void owner_needs_no_capability(void)
{
	int step = run_in_child(without_capabilities, NULL, WAIT_LIMIT_MS);

	REQUIRE_MSG(step == 0, "step %d of without_capabilities()", step);
}

/* Victims of several shapes die, and who shares a victim's memory keeps it. */
static void killing_goes_on(void)
{
	struct victim_shape single = { .bytes = 8 * MIB };
	struct victim_shape threads = { .bytes = 8 * MIB, .threads = 50 };
	struct victim_shape leaderless = { .bytes = 8 * MIB, .threads = 2, .leader_exits = true };
	struct victim_shape shared = { .bytes = 8 * MIB, .neighbour = true };
	const struct victim_shape *shapes[] = { &single, &threads, &leaderless };
	struct victim victim;

	for (size_t i = 0; i < VALUES; i++) {
		REQUIRE_ERROR(dying_first_set(values[i]), 0);
		for (size_t at = 0; at < sizeof(shapes) / sizeof(shapes[0]); at++) {
			REQUIRE(victim_start(&victim, shapes[at]));
			REQUIRE(victim_kill(&victim));
			REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		}
		REQUIRE(victim_start(&victim, &shared));
		REQUIRE(neighbour_checks(&victim, 1, WAIT_LIMIT_MS));
		REQUIRE(victim_kill(&victim));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
	}
}

static void cleanup(void)
{
	if (dying_first_set(FIRST_NONE))
		ktap_note("vm.dying_first could not be put back");
	support_cleanup();
}

static const struct ktap_case cases[] = {
	{ "0 after boot", off_by_default },
	{ "0, 1 and 2 are kept", get_after_set },
	{ "EINVAL for anything else, which changes nothing", bad_values },
	{ "EACCES for all but root, who may read", only_root_sets },
	{ "root needs no capability", owner_needs_no_capability },
	{ "victims of all shapes die, and their neighbours live, under each value",
	  killing_goes_on },
};

int main(void)
{
	if (!dying_first_exists()) {
		printf("KTAP version 1\n1..0 # SKIP this kernel has no vm.dying_first\n");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
