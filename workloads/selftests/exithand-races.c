// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/PID/exithand of a victim that does something else when it is killed,
 * opened by several at once: whoever has it open is told of the end. There is
 * no race with a tracer, which may keep its victim from ending until the attack
 * is over, and the attack waits for the end; see exithand.c for a tracer.
 */
#include "ktap.h"
#include "support-races.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/* True if the end is told in time, and a read agrees with poll(). */
static bool is_told(int fd)
{
	struct pollfd end = { .fd = fd, .events = POLLIN };
	char byte;

	return poll(&end, 1, WAIT_LIMIT_MS) == 1 && read(fd, &byte, 1) == 0;
}

/* Nobody waits for the victim before the attack is over: its number stays its own. */
static int watch_and_kill(int pidfd)
{
	pid_t pid = race_pid(pidfd);
	char path[64];
	bool told;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/exithand", pid);
	fd = pid ? open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
	if (fd < 0)
		return ESRCH;
	if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) && errno != ESRCH) {
		close(fd);
		return errno;
	}
	told = is_told(fd);
	close(fd);
	return told ? 0 : ETIMEDOUT;
}

static void watch(const struct race *race)
{
	struct race_results results;
	unsigned int answers = 0;

	REQUIRE(race_run(race, watch_and_kill, &results));
	for (int error = 0; error < RACE_ERRNOS; error++)
		answers += results.answers[error];
	ktap_note("%u of %u were told", results.answers[0], answers);
	REQUIRE(answers && results.answers[0] == answers);
}

#define WATCH(name) static void name##_is_watched(void) { watch(&race_##name); }

WATCH(exit)
WATCH(fork)
WATCH(clone)
WATCH(vfork)
WATCH(exec)
WATCH(cgroup)
WATCH(freezer)

static const struct ktap_case cases[] = {
	{ "of a victim that exits", exit_is_watched },
	{ "of a victim that forks", fork_is_watched },
	{ "of a victim that makes processes which share its memory", clone_is_watched },
	{ "of a victim that calls vfork()", vfork_is_watched },
	{ "of a victim that calls exec", exec_is_watched },
	{ "of a victim that is moved between cgroups", cgroup_is_watched },
	{ "of a victim that is frozen and thawed", freezer_is_watched },
};

int main(int count, char **arguments)
{
	race_main(count, arguments);
	if (!path_exists("/proc/self/exithand")) {
		puts("KTAP version 1\n1..0 # SKIP there is no /proc/PID/exithand");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
