// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the agent's method that waits for its victim's end in every way there
 * is, and reads from the trial's line when it was told by which.
 */
#include "ktap.h"
#include "support.h"

#include <libgen.h>
#include <limits.h>
#include <stdlib.h>

static const char *const measures[] = {
	"notice_pidfd", "notice_exithand", "notice_cgroup",
	"notice_connector", "notice_bpf", "notice_waitid",
};

#define MEASURES (sizeof(measures) / sizeof(measures[0]))
#define LIMIT_NS 10000000000L
#define FROZEN_LIMIT_NS 300000000L

static char line[1 << 20];

/* Leaves the answer to a trial of watch_exit in line. */
static bool run_trial(const char *words, long limit_ns)
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
		 "exec %s/../agent trial method=watch_exit bytes=33554432 limit_ns=%ld %s",
		 dirname(self), limit_ns, words);
	agent = popen(command, "r");
	if (!agent)
		return support_problem(__FILE__, __LINE__, "popen %s", command);
	got = fread(line, 1, sizeof(line) - 1, agent);
	line[got] = '\0';
	if (pclose(agent) == 0 && strstr(line, "\"setup\":\"ok\"") && strstr(line, "\"kill_errno\":\"0\""))
		return true;
	ktap_note("%s: %s", command, line);
	return false;
}

/* When the way told, in nanoseconds since the kill, or -1. */
static long noticed(const char *measure)
{
	char text[64];
	const char *at;

	snprintf(text, sizeof(text), "\"%s\":{\"value\":", measure);
	at = strstr(line, text);
	return at ? strtol(at + strlen(text), NULL, 10) : -1;
}

static bool all_told(const char *except)
{
	size_t i;

	for (i = 0; i < MEASURES; i++) {
		long when = noticed(measures[i]);

		if (except && !strcmp(measures[i], except) ? when < 0 : when > 0 && when < LIMIT_NS)
			continue;
		ktap_note("%s %ld: %s", measures[i], when, line);
		return false;
	}
	return true;
}

static void every_way_tells(void)
{
	size_t i;

	REQUIRE(run_trial("threads=1", LIMIT_NS) && all_told(NULL));
	for (i = 0; i < MEASURES; i++)
		ktap_note("%s %ld us", measures[i], noticed(measures[i]) / 1000);
}

/* Those that count threads must not tell of the first one. */
static void every_thread_is_waited_for(void)
{
	REQUIRE(run_trial("threads=8", LIMIT_NS) && all_told(NULL));
	REQUIRE_MSG(noticed("notice_bpf") > noticed("notice_pidfd") / 2, "%ld and %ld",
		    noticed("notice_bpf"), noticed("notice_pidfd"));
	REQUIRE_MSG(noticed("notice_connector") > noticed("notice_pidfd") / 2, "%ld and %ld",
		    noticed("notice_connector"), noticed("notice_pidfd"));
}

static void a_cgroup_with_somebody_else_tells_nothing(void)
{
	REQUIRE(run_trial("threads=1 spinner=1", LIMIT_NS) && all_told("notice_cgroup"));
}

static void nobody_tells_of_a_frozen_victim(void)
{
	size_t i;

	REQUIRE(run_trial("threads=1 state=frozen-v1", FROZEN_LIMIT_NS));
	for (i = 0; i < MEASURES; i++)
		REQUIRE_MSG(noticed(measures[i]) < 0, "%s: %s", measures[i], line);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "a killer is told of the end by every way", every_way_tells },
		{ "of that of all threads, not of the first", every_thread_is_waited_for },
		{ "a cgroup with somebody else in it tells nothing", a_cgroup_with_somebody_else_tells_nothing },
		{ "of a frozen victim nothing is told", nobody_tells_of_a_frozen_victim },
	};

	if (!path_exists("/proc/self/exithand")) {
		puts("KTAP version 1\n1..0 # SKIP there is no /proc/PID/exithand");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
