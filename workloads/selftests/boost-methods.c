// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the agent's methods that raise the victim, each in a trial of its own,
 * and reads from the trial's line what they did: whom they raised, what their
 * calls returned, what became of the victim.
 */
#include "ktap.h"
#include "support.h"

#include <libgen.h>
#include <limits.h>
#include <stdlib.h>

/* Enough that a thread or two may be gone before they are looked at, and some not. */
#define THREADS		8

/* Raised threads that a method must have found: none, all, or however many were left after the kill. */
enum raised { NONE, ALL, SOME };

struct expectation {
	const char *method;
	enum raised raised;
	bool reaps;
};

static const struct expectation methods[] = {
	{ "boost_kill", ALL, false },
	{ "boost_kill_mrelease", ALL, true },
	{ "boost_cgroup_kill", NONE, false },
	{ "boost_affinity_kill", ALL, false },
	{ "boost_policy_kill", ALL, false },
	{ "boost_nice_kill", ALL, false },
	{ "kill_boost", SOME, false },
	{ "kill_boost_mrelease", SOME, true },
	{ "lmkd_13", SOME, true },
	{ "lmkd_later", SOME, true },
};

#define METHODS (sizeof(methods) / sizeof(methods[0]))

static char line[1 << 20];

/* Leaves the answer to a trial of the method in line. */
static bool run_trial(const char *method, const char *words)
{
	char self[PATH_MAX];
	char command[PATH_MAX + 512];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	size_t got;
	FILE *agent;

	if (length < 0)
		return support_problem(__FILE__, __LINE__, "readlink /proc/self/exe");
	self[length] = '\0';
	snprintf(command, sizeof(command),
		 "exec %s/../agent trial method=%s bytes=33554432 threads=%d %s",
		 dirname(self), method, THREADS, words);
	agent = popen(command, "r");
	if (!agent)
		return support_problem(__FILE__, __LINE__, "popen %s", command);
	got = fread(line, 1, sizeof(line) - 1, agent);
	line[got] = '\0';
	if (pclose(agent) == 0 && strstr(line, "\"type\":\"trial\""))
		return true;
	ktap_note("%s: %s", command, line);
	return false;
}

static bool says(const char *text)
{
	if (strstr(line, text))
		return true;
	ktap_note("no '%s' in %s", text, line);
	return false;
}

/* The number behind a text of the line, or -1. */
static long number_behind(const char *text)
{
	const char *at = strstr(line, text);

	return at ? strtol(at + strlen(text), NULL, 10) : -1;
}

static void starved_victims_leave(void)
{
	size_t i;

	for (i = 0; i < METHODS; i++) {
		const struct expectation *expected = &methods[i];
		long raised;

		REQUIRE_MSG(run_trial(expected->method, "policy=idle spinner=1 limit_ns=10000000000"), "%s", expected->method);
		REQUIRE_MSG(says("\"setup\":\"ok\"") && says("\"kill_errno\":\"0\""), "%s", expected->method);
		REQUIRE_MSG(number_behind("\"boost\":{\"value\":") > 0, "%s", expected->method);
		raised = number_behind("\"boost_threads\":{\"value\":");
		REQUIRE_MSG(raised >= 0 && raised <= THREADS, "%s: %ld", expected->method, raised);
		REQUIRE_MSG(expected->raised == SOME || raised == (expected->raised == ALL ? THREADS : 0),
			    "%s: %ld", expected->method, raised);
		if (expected->reaps)
			REQUIRE_MSG(strstr(line, "\"reap_errno\":\"0\"") || says("\"reap_errno\":\"ESRCH\""),
				    "%s", expected->method);
		else
			REQUIRE_MSG(says("\"reap_errno\":null"), "%s", expected->method);
	}
}

/* As in the window the order is kill, boost, reap, a victim that cannot move shows all its threads. */
static void frozen_victims_are_raised_whole(void)
{
	size_t i;

	for (i = 0; i < METHODS; i++) {
		const struct expectation *expected = &methods[i];
		long raised;

		REQUIRE_MSG(run_trial(expected->method, "state=frozen-v1 limit_ns=300000000"), "%s",
			    expected->method);
		REQUIRE_MSG(says("\"setup\":\"ok\"") && says("\"exit_ns\":null"), "%s", expected->method);
		raised = number_behind("\"boost_threads\":{\"value\":");
		REQUIRE_MSG(raised == (expected->raised == NONE ? 0 : THREADS), "%s: %ld", expected->method,
			    raised);
		if (expected->reaps)
			REQUIRE_MSG(says("\"reap_errno\":\"0\""), "%s", expected->method);
	}
}

static void the_victims_cgroup_is_left_empty_of_it(void)
{
	char text[64];

	REQUIRE(run_trial("boost_cgroup_kill", "limit_ns=10000000000"));
	REQUIRE(says("\"error\":null"));
	REQUIRE(read_file("/sys/fs/cgroup/reaplab/boosted/cpu.weight", text, sizeof(text)) > 0);
	REQUIRE_MSG(strtol(text, NULL, 10) == 10000, "%s", text);
	REQUIRE(read_file("/sys/fs/cgroup/reaplab/boosted/cgroup.procs", text, sizeof(text)) == 0);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "each method raises and kills a starved victim", starved_victims_leave },
		{ "each method raises every thread of a frozen victim", frozen_victims_are_raised_whole },
		{ "the favoured cgroup is empty again", the_victims_cgroup_is_left_empty_of_it },
	};

	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
