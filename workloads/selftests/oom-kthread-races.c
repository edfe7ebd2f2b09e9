// SPDX-License-Identifier: GPL-2.0-only
/*
 * The OOM kthread at work while its victims exit, exec, fork, map, are traced,
 * moved or frozen, while it is switched on and off, and while its policy comes
 * and goes.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ktap.h"
#include "oom-kthread.h"
#include "oom-kthread-policy.h"
#include "support-races.h"

/* Half of the thread's pause: it chooses most victims, and what becomes of the others is a plain kill. */
#define PATIENCE_MS	50

/* A kill takes up to 120 ms, in which there is time for some switches, or to attach and detach a policy or two. */
#define ROUNDS	60

static long kills(void)
{
	static char text[16384];
	const char *line;

	if (read_file("/proc/vmstat", text, sizeof(text)) <= 0)
		return -1;
	line = strstr(text, "\noom_kill ");
	return line ? strtol(line + strlen("\noom_kill "), NULL, 10) : -1;
}

/* Puts it before the thread, and kills it after a while if the thread did not come. */
static int offer(int pidfd)
{
	struct pollfd gone = { .fd = pidfd, .events = POLLIN };
	pid_t pid = race_pid(pidfd);
	char path[64];
	int fd;

	/* It may exit at any moment, so there is no complaint about that. */
	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", pid);
	fd = pid > 0 ? open(path, O_WRONLY | O_CLOEXEC) : -1;
	if (fd >= 0 && write(fd, "1000", 4) == 4)
		poll(&gone, 1, PATIENCE_MS);
	if (fd >= 0)
		close(fd);
	return syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) ? errno : 0;
}

static void race_of(const struct race *race, long least)
{
	struct race_results results;
	long before = kills();

	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(race_run(race, offer, &results));
	REQUIRE(results.first[0] == results.rounds);
	ktap_note("%ld of %u victims were chosen", kills() - before, results.rounds);
	REQUIRE(kills() - before >= least);
}

static void races_with_exit(void)
{
	/* It may be gone whenever the thread looks. */
	race_of(&race_exit, 0);
}

static void races_with_fork(void)
{
	race_of(&race_fork, 1);
}

static void races_with_clone(void)
{
	race_of(&race_clone, 1);
}

static void races_with_vfork(void)
{
	race_of(&race_vfork, 1);
}

static void races_with_exec(void)
{
	race_of(&race_exec, 1);
}

static void races_with_mappings(void)
{
	race_of(&race_mappings, 1);
}

static void races_with_a_tracer(void)
{
	race_of(&race_ptrace, 1);
}

static void races_with_moves(void)
{
	race_of(&race_cgroup, 1);
}

static void races_with_a_freezer(void)
{
	race_of(&race_freezer, 1);
}

static void switch_again(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	do {
		if (!threshold_set(ALWAYS_KIB) || !threshold_set(0))
			return;
	} while (!atomic_load(&page->stop));
	atomic_store(&page->result, 1);
}

static void attach_again(struct victim_page *page, char *memory, size_t bytes)
{
	struct policy policy;

	(void)memory;
	(void)bytes;
	do {
		if (!policy_same(&policy, 1))
			return;
		policy_detach(&policy);
	} while (!atomic_load(&page->stop));
	atomic_store(&page->result, 1);
}

static bool has_ended(void *argument)
{
	const struct victim *disturber = argument;

	return atomic_load(&disturber->page->result) == 1;
}

/* Candidates die one after the other beside a process that disturbs. */
static void dies_beside(void (*body)(struct victim_page *page, char *memory, size_t bytes),
			unsigned int rounds)
{
	const struct victim_shape shape = { .body = body };
	unsigned int round;

	for (round = 0; round < rounds; round++) {
		struct victim disturber;
		struct victim candidate;

		REQUIRE(victim_start(&disturber, &shape));
		REQUIRE(threshold_set(ALWAYS_KIB));
		REQUIRE(candidate_start(&candidate, MIB, 1000));
		REQUIRE(is_killed(&candidate));
		atomic_store(&disturber.page->stop, true);
		REQUIRE(wait_for(has_ended, &disturber, WAIT_LIMIT_MS));
		support_end_victims();
	}
}

static void races_with_its_switch(void)
{
	dies_beside(switch_again, ROUNDS);
}

static void races_with_its_policy(void)
{
	dies_beside(attach_again, ROUNDS);
}

int main(int count, char **arguments)
{
	static const struct ktap_case cases[] = {
		{ "races with exit", races_with_exit },
		{ "races with fork", races_with_fork },
		{ "races with processes that share the memory", races_with_clone },
		{ "races with vfork", races_with_vfork },
		{ "races with exec", races_with_exec },
		{ "races with changing mappings", races_with_mappings },
		{ "races with a tracer", races_with_a_tracer },
		{ "races with moves between cgroups", races_with_moves },
		{ "races with a freezer", races_with_a_freezer },
		{ "races with its switch", races_with_its_switch },
		{ "races with its policy", races_with_its_policy },
	};

	race_main(count, arguments);
	if (!kernel_has_kthread()) {
		puts(NO_KTHREAD);
		return KTAP_SKIP;
	}
	if (!exempt_ourselves())
		return KTAP_FAIL;
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), kthread_cleanup);
}
