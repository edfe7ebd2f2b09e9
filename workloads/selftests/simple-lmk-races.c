// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm.simple_lmk_kill against a victim that does something else at that moment,
 * from several callers. They make the victim eligible and ask; the kernel finds
 * it by itself. Who shares memory with the victim is eligible with it.
 */
#include "ktap.h"
#include "simple-lmk.h"
#include "support-races.h"

#include <pthread.h>

/* The name of this program as a victim of race_thread_exec. */
#define THREAD_EXEC_WORD "lmk-thread-exec"

/* A realtime thread that has been woken begins long before. */
#define THREAD_WAKES_MS	100

/* Without a diagnostic: it may be gone by now. */
static void make_eligible(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, "1000", 4) != 4)
		errno = 0;
	close(fd);
}

static int attack(int pidfd)
{
	pid_t pid = race_pid(pidfd);

	if (!pid)
		return ESRCH;
	make_eligible(pid);
	return lmk_kill() ? errno : 0;
}

/* It was killed, had been, or somebody else is just doing so. */
static bool known_answers_only(const struct race_results *results)
{
	for (int error = 0; error < RACE_ERRNOS; error++) {
		if (results->answers[error] && error && error != ESRCH && error != EBUSY) {
			ktap_note("%u times %s", results->answers[error], ktap_error_name(error));
			return false;
		}
	}
	return true;
}

static void *call_exec(void *unused)
{
	char *const arguments[] = { THREAD_EXEC_WORD, NULL };
	char *const environment[] = { NULL };

	execve("/proc/self/exe", arguments, environment);
	_exit(1);
	return unused;
}

/* A thread becomes the leader by exec, and starts another one that does so. */
static void exec_from_thread(struct victim_page *page, char *memory, size_t bytes)
{
	pthread_t thread;

	(void)page;
	(void)memory;
	(void)bytes;
	if (pthread_create(&thread, NULL, call_exec, NULL))
		_exit(1);
	for (;;)
		pause();
}

static const struct race race_thread_exec = {
	.shape = { .bytes = 2 * MIB, .cgroup = race_groups[0], .body = exec_from_thread },
};

static bool finds_nobody(void *unused)
{
	(void)unused;
	return lmk_kill() && errno == ESRCH;
}

/*
 * The kernel knows that all victims are gone: the thread, asked once more, does not
 * wait for them. While it does, others who kill get EBUSY.
 */
static bool none_is_awaited(void)
{
	if (!vm_set("simple_lmk_timeout_ms", "60000") || !vm_set("simple_lmk", LMK_REAP))
		return false;
	if (lmk_kill())
		return support_problem(__FILE__, __LINE__, "the thread can't be asked");
	sleep_ms(THREAD_WAKES_MS);
	if (!vm_set("simple_lmk", LMK_KILL))
		return false;
	if (wait_for(finds_nobody, NULL, WAIT_LIMIT_MS))
		return true;
	return support_problem(__FILE__, __LINE__, "the thread waits for victims that are gone");
}

static void run(const struct race *race)
{
	struct race_results results;

	for (size_t i = 0; i < LMK_MODES; i++) {
		REQUIRE(lmk_begin(lmk_modes[i], "1000", MINFREE_ALL));
		REQUIRE(race_run(race, attack, &results));
		ktap_note("%s: %u rounds, first 0 %u, ESRCH %u, EBUSY %u; of all 0 %u, ESRCH %u, EBUSY %u",
			  lmk_modes[i], results.rounds, results.first[0], results.first[ESRCH],
			  results.first[EBUSY], results.answers[0], results.answers[ESRCH],
			  results.answers[EBUSY]);
		REQUIRE(known_answers_only(&results));
		/* Who exits may always be faster. */
		REQUIRE(results.answers[0] > 0 || race == &race_exit);
		REQUIRE(none_is_awaited());
		lmk_cleanup();
	}
}

#define RACE(name) static void against_##name(void) { run(&race_##name); }

RACE(exit)
RACE(fork)
RACE(clone)
RACE(vfork)
RACE(exec)
RACE(thread_exec)
RACE(mappings)
RACE(ptrace)
RACE(cgroup)
RACE(freezer)

static const struct ktap_case cases[] = {
	{ "a victim that exits", against_exit },
	{ "a victim that forks", against_fork },
	{ "a victim that makes processes which share its memory", against_clone },
	{ "a victim that calls vfork()", against_vfork },
	{ "a victim that calls exec", against_exec },
	{ "a victim whose leader is replaced by exec over and over", against_thread_exec },
	{ "a victim that maps and unmaps memory", against_mappings },
	{ "a victim that is traced", against_ptrace },
	{ "a victim that is moved between cgroups", against_cgroup },
	{ "a victim that is frozen and thawed", against_freezer },
};

int main(int count, char **arguments)
{
	race_main(count, arguments);
	if (count == 1 && !strcmp(arguments[0], THREAD_EXEC_WORD))
		exec_from_thread(NULL, NULL, 0);
	LMK_MAIN(cases, lmk_cleanup);
}
