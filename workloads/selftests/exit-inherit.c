// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arguments of PIDFD_EXIT_INHERIT: every errno, the order of the checks,
 * the timeout, signals. What is lent is the matter of exit-inherit-lending.c.
 */
#include "ktap.h"
#include "exit-inherit.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/mman.h>

#ifndef PIDFD_THREAD
#define PIDFD_THREAD	O_EXCL	/* since Linux 6.9; an older <linux/pidfd.h> lacks it */
#endif

/* How long a dump is held up: enough to look at it on a loaded host. */
#define CORE_READER_MS	3000

#define CORE_PATTERN	"/proc/sys/kernel/core_pattern"

static const struct victim_shape sleeper = { 0 };

/* A victim that was killed and cannot exit until it is thawed. */
static bool start_condemned(struct victim *victim)
{
	return victim_start(victim, &sleeper) && freezer_v1(victim->pid, true) && victim_kill(victim);
}

static int call(int descriptor, void *arguments)
{
	return ioctl(descriptor, PIDFD_EXIT_INHERIT, arguments);
}

static void other_descriptors_are_refused(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int directory = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	REQUIRE(null >= 0 && directory >= 0);
	REQUIRE_ERROR(exit_inherit(-1, 0), EBADF);
	REQUIRE_ERROR(exit_inherit(null, 0), ENOTTY);
	REQUIRE_ERROR(exit_inherit(directory, 0), ENOTTY);
	close(null);
	close(directory);
}

static void bad_pointers_are_refused(void)
{
	struct victim victim;
	char *page;

	REQUIRE(start_condemned(&victim));
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	REQUIRE(page != MAP_FAILED && !munmap(page, 4096));
	REQUIRE_ERROR(call(victim.pidfd, NULL), EFAULT);
	REQUIRE_ERROR(call(victim.pidfd, (void *)1), EFAULT);
	REQUIRE_ERROR(call(victim.pidfd, (void *)-1L), EFAULT);
	REQUIRE_ERROR(call(victim.pidfd, page), EFAULT);
}

static void flags_are_refused(void)
{
	struct victim victim;
	unsigned int bit;

	REQUIRE(start_condemned(&victim));
	for (bit = 0; bit < 64; bit++) {
		struct pidfd_exit_inherit arguments = { .flags = UINT64_C(1) << bit };

		REQUIRE_ERROR(call(victim.pidfd, &arguments), EINVAL);
	}
	REQUIRE_ERROR(exit_inherit(victim.pidfd, 0), ETIMEDOUT);
}

/* Without the capability; returns the number of the call that went wrong. */
static int call_unprivileged(void *argument)
{
	const struct victim *victim = argument;
	const struct rlimit limit = { .rlim_cur = 50, .rlim_max = 50 };
	const struct sched_param parameter = { .sched_priority = 10 };
	struct pidfd_exit_inherit wrong = { .flags = 1 };

	/* With a real-time priority of its own, within its limit. */
	if (setrlimit(RLIMIT_RTPRIO, &limit) || !drop_capability(CAP_SYS_NICE) ||
	    sched_setscheduler(0, SCHED_FIFO, &parameter))
		return 1;
	if (!exit_inherit(victim->pidfd, 0) || errno != EPERM)
		return 2;
	if (!call(victim->pidfd, NULL) || errno != EPERM)
		return 3;
	if (!call(victim->pidfd, &wrong) || errno != EPERM)
		return 4;
	/* Nor with nothing to lend. */
	if (sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){ 0 }))
		return 5;
	return exit_inherit(victim->pidfd, 0) && errno == EPERM ? 0 : 6;
}

static void the_capability_is_needed(void)
{
	struct victim victim;
	int result;

	REQUIRE(start_condemned(&victim));
	result = run_in_child(call_unprivileged, &victim, WAIT_LIMIT_MS);
	REQUIRE_MSG(result == 0, "step %d", result);
	REQUIRE(gets_priority(victim.pid, PRIORITY_NICE_0));
}

static void a_thread_pidfd_is_refused(void)
{
	struct victim victim;
	int thread;

	REQUIRE(start_condemned(&victim));
	thread = (int)syscall(SYS_pidfd_open, victim.pid, PIDFD_THREAD);
	REQUIRE(thread >= 0);
	REQUIRE_ERROR(exit_inherit(thread, 0), EINVAL);
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE_ERROR(exit_inherit(thread, 0), EINVAL);
	close(thread);
}

static bool refuses_to_wait_for(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	bool refused = pidfd >= 0 && exit_inherit(pidfd, FOR_EVER) < 0 && errno == EINVAL;

	if (pidfd >= 0)
		close(pidfd);
	return refused;
}

static void the_living_are_refused(void)
{
	struct victim_shape headless = { .threads = 2, .leader_exits = true };
	struct victim victim;

	REQUIRE(victim_start(&victim, &sleeper));
	REQUIRE(refuses_to_wait_for(victim.pid));
	/* A leader that has exited is a zombie, its process is not. */
	REQUIRE(victim_start(&victim, &headless));
	REQUIRE(refuses_to_wait_for(victim.pid));
	/* A signal that will not kill makes no difference. */
	REQUIRE(!kill(victim.pid, SIGSTOP));
	REQUIRE(refuses_to_wait_for(victim.pid));
	/* The test itself, init, and a kernel thread. */
	REQUIRE(refuses_to_wait_for(getpid()));
	REQUIRE(refuses_to_wait_for(1));
	REQUIRE(refuses_to_wait_for(2));
}

static void the_dead_need_no_waiting(void)
{
	struct victim victim;

	REQUIRE(victim_start(&victim, &sleeper));
	REQUIRE(victim_kill(&victim));
	REQUIRE_ERROR(exit_inherit(victim.pidfd, FOR_EVER), 0);
	/* Now it is a zombie: waited for without a wait. */
	REQUIRE(victim_wait(&victim, false, 0));
	REQUIRE_ERROR(exit_inherit(victim.pidfd, 0), 0);
	REQUIRE(victim_wait(&victim, true, 0));
	REQUIRE_ERROR(exit_inherit(victim.pidfd, 0), 0);
}

static void the_timeout_is_kept(void)
{
	struct victim victim;
	int64_t start;
	int64_t took;

	REQUIRE(start_condemned(&victim));
	REQUIRE_ERROR(exit_inherit(victim.pidfd, 0), ETIMEDOUT);
	start = now_ns();
	REQUIRE_ERROR(exit_inherit(victim.pidfd, 50 * NS_PER_MS), ETIMEDOUT);
	took = now_ns() - start;
	REQUIRE_MSG(took >= 50 * NS_PER_MS && took < WAIT_LIMIT_MS * NS_PER_MS, "%ld ns", (long)took);
}

static void long_waits_end_with_the_victim(void)
{
	static const int64_t timeouts[] = { FOR_EVER, INT64_MIN, INT64_MAX, 3600 * NS_PER_S };
	size_t i;

	for (i = 0; i < sizeof(timeouts) / sizeof(timeouts[0]); i++) {
		struct waiter waiter = { .policy = SCHED_FIFO, .priority = 20 };
		struct pollfd gone = { .events = POLLIN };
		struct victim process;
		struct victim victim;

		REQUIRE(start_condemned(&victim));
		waiter.pidfd = victim.pidfd;
		waiter.timeout_ns = timeouts[i];
		REQUIRE(waiter_start(&process, &waiter));
		gone.fd = process.pidfd;
		REQUIRE(poll(&gone, 1, SETTLE_MS) == 0);
		REQUIRE(freezer_v1(victim.pid, false));
		REQUIRE(waiter_result(&process) == 0);
		/* That is, when its parent could already have been told. */
		REQUIRE(victim_wait(&victim, true, 0));
	}
}

static void a_signal_ends_the_wait(void)
{
	struct waiter waiter = { .policy = SCHED_FIFO, .priority = 20, .timeout_ns = FOR_EVER };
	struct victim process;
	struct victim victim;

	REQUIRE(start_condemned(&victim));
	waiter.pidfd = victim.pidfd;
	REQUIRE(waiter_start(&process, &waiter));
	REQUIRE(!kill(process.pid, SIGUSR1));
	REQUIRE(waiter_result(&process) == EINTR);
	/* One that kills the waiter, as well. */
	REQUIRE(waiter_start(&process, &waiter));
	REQUIRE(victim_kill(&process));
	REQUIRE(victim_wait(&process, true, WAIT_LIMIT_MS));
	REQUIRE(gets_priority(victim.pid, PRIORITY_NICE_0));
}

static void dump_core(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->stop))
		sleep_ms(1);
	abort();
}

static bool dumps_core(void *argument)
{
	const struct victim *victim = argument;
	char path[64];
	char text[4096];

	snprintf(path, sizeof(path), "/proc/%d/status", victim->pid);
	return read_file(path, text, sizeof(text)) > 0 && strstr(text, "CoreDumping:\t1");
}

static void dump_beside(const struct victim *victim)
{
	atomic_store(&victim->page->stop, true);
	REQUIRE(wait_for(dumps_core, (void *)victim, WAIT_LIMIT_MS));
	REQUIRE_ERROR(exit_inherit(victim->pidfd, 0), EINVAL);
	/* The reader of the core has gone: the dump ends, and so does the process. */
	REQUIRE(victim_wait(victim, false, WAIT_LIMIT_MS));
	REQUIRE_ERROR(exit_inherit(victim->pidfd, 0), 0);
}

static void a_core_dump_is_refused(void)
{
	const struct victim_shape shape = { .bytes = 8 * MIB, .body = dump_core };
	struct victim victim;
	char before[256];
	char pattern[256];
	char self[128];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	REQUIRE(length > 0);
	self[length] = '\0';
	snprintf(pattern, sizeof(pattern), "|%s sleep", self);
	if (read_file(CORE_PATTERN, before, sizeof(before)) <= 0)
		SKIP("needs " CORE_PATTERN);
	REQUIRE(victim_start(&victim, &shape));
	/* Reads nothing: the dump lasts until it goes. */
	REQUIRE(write_file(CORE_PATTERN, pattern));
	dump_beside(&victim);
	REQUIRE(write_file(CORE_PATTERN, before));
}

int main(int argc, char **argv)
{
	static const struct ktap_case cases[] = {
		{ "other descriptors are refused", other_descriptors_are_refused },
		{ "bad pointers are refused", bad_pointers_are_refused },
		{ "flags are refused", flags_are_refused },
		{ "CAP_SYS_NICE is needed, and looked for first", the_capability_is_needed },
		{ "a pidfd of a thread is refused", a_thread_pidfd_is_refused },
		{ "who lives is refused, kernel threads and the caller too", the_living_are_refused },
		{ "the dead need no waiting", the_dead_need_no_waiting },
		{ "the timeout is kept", the_timeout_is_kept },
		{ "long waits end with the victim", long_waits_end_with_the_victim },
		{ "a signal ends the wait", a_signal_ends_the_wait },
		{ "a core dump is refused", a_core_dump_is_refused },
	};

	/* The program that a core is written to. */
	if (argc == 2 && !strcmp(argv[1], "sleep")) {
		sleep_ms(CORE_READER_MS);
		return 0;
	}
	if (exit_inherit_probe()) {
		puts("KTAP version 1\n1..0 # SKIP pidfds have no PIDFD_EXIT_INHERIT");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
