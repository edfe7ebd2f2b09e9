// SPDX-License-Identifier: GPL-2.0-only
/*
 * prctl(PR_SET_MEMPOOL) and PR_GET_MEMPOOL of approach oom-mempool: errors,
 * their order, sizes, and whose the reserve is. What it does to allocations is
 * the business of the other oom-mempool programs.
 */
#include "ktap.h"
#include "oom-mempool.h"
#include "support.h"

#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* The argument with which this program starts itself again. */
#define TELL	"tell"

#define CHILD_STACK	(64 * 1024)

#define SOME		100

static const int sizes[] = { 0, 1, SOME, MEMPOOL_MAX };

#define SIZES	(sizeof(sizes) / sizeof(sizes[0]))

/* ---- errors ----------------------------------------------------------- */

/* Returns the step that failed, 0 if none: runs in a child that gives up the capability. */
static int without_capability(void *unused)
{
	(void)unused;
	if (!drop_capability(CAP_SYS_RESOURCE))
		return 1;
	for (size_t i = 0; i < SIZES; i++)
		if (!mempool_set((unsigned long)sizes[i], 0) || errno != EPERM)
			return 2;
	for (unsigned long what = MEMPOOL_LEFT; what <= MEMPOOL_MISSED; what++)
		if (mempool_get(what) >= 0 || errno != EPERM)
			return 3;
	/* The capability comes first: arguments that are wrong as well change nothing. */
	if (!mempool_set(MEMPOOL_MAX + 1, 0) || errno != EPERM)
		return 4;
	if (!mempool_set(SOME, 2) || errno != EPERM)
		return 5;
	if (mempool_get(3) >= 0 || errno != EPERM)
		return 6;
	return 0;
}

static void needs_capability(void)
{
	int step = run_in_child(without_capability, NULL, WAIT_LIMIT_MS);

	REQUIRE_MSG(step == 0, "step %d of without_capability()", step);
}

static void set_arguments(void)
{
	/* The last one has a valid size in its lower half. */
	static const unsigned long large[] = { MEMPOOL_MAX + 1, 0x80000000UL, ~0UL, (1UL << 32) + 1 };
	static const unsigned long flags[] = { 2, 3, ~0UL, (1UL << 32) };

	REQUIRE_ERROR(mempool_set(SOME, 0), 0);
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++)
		REQUIRE_ERROR(mempool_set(large[i], 0), EINVAL);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		REQUIRE_ERROR(mempool_set(1, flags[i]), EINVAL);
	REQUIRE_ERROR(prctl(PR_SET_MEMPOOL, 1UL, 0UL, 1UL, 0UL), EINVAL);
	REQUIRE_ERROR(prctl(PR_SET_MEMPOOL, 1UL, 0UL, 0UL, 1UL), EINVAL);
	REQUIRE_ERROR(prctl(PR_SET_MEMPOOL, 0UL, 0UL, 0UL, 1UL << 32), EINVAL);
	REQUIRE(mempool_is(SOME, SOME));
}

static void get_arguments(void)
{
	REQUIRE_ERROR(mempool_get(3), EINVAL);
	REQUIRE_ERROR(mempool_get(~0UL), EINVAL);
	REQUIRE_ERROR(mempool_get(1UL << 32), EINVAL);
	for (unsigned long what = MEMPOOL_LEFT; what <= MEMPOOL_MISSED; what++) {
		REQUIRE_ERROR(prctl(PR_GET_MEMPOOL, what, 1UL, 0UL, 0UL), EINVAL);
		REQUIRE_ERROR(prctl(PR_GET_MEMPOOL, what, 0UL, 1UL, 0UL), EINVAL);
		REQUIRE_ERROR(prctl(PR_GET_MEMPOOL, what, 0UL, 0UL, 1UL), EINVAL);
	}
}

/* ---- sizes ------------------------------------------------------------ */

static void nothing_at_first(void)
{
	REQUIRE(mempool_is(0, 0));
	REQUIRE(mempool_get(MEMPOOL_MISSED) == 0);
	REQUIRE_ERROR(mempool_set(0, 0), 0);
	REQUIRE_ERROR(mempool_set(0, MEMPOOL_NORECLAIM), 0);
	REQUIRE(mempool_is(0, 0));
}

static void get_after_set(void)
{
	for (size_t from = 0; from < SIZES; from++) {
		for (size_t to = 0; to < SIZES; to++) {
			REQUIRE_ERROR(mempool_set((unsigned long)sizes[from], 0), 0);
			REQUIRE(mempool_is(sizes[from], sizes[from]));
			/* There is memory enough, so it makes no difference. */
			REQUIRE_ERROR(mempool_set((unsigned long)sizes[to], to % 2 ? MEMPOOL_NORECLAIM : 0),
				      0);
			REQUIRE_MSG(mempool_is(sizes[to], sizes[to]), "from %d to %d gave %d of %d",
				    sizes[from], sizes[to], mempool_get(MEMPOOL_LEFT),
				    mempool_get(MEMPOOL_SIZE));
		}
	}
}

/* ---- whose it is ------------------------------------------------------ */

/* One who set pages aside and then gave the capability up still has them, but can't ask. */
static int keeps_without_capability(void *unused)
{
	(void)unused;
	if (mempool_set(SOME, 0) || !drop_capability(CAP_SYS_RESOURCE))
		return 1;
	return mempool_set(0, 0) && errno == EPERM ? 0 : 2;
}

static void outlives_capability(void)
{
	int step = run_in_child(keeps_without_capability, NULL, WAIT_LIMIT_MS);

	REQUIRE_MSG(step == 0, "step %d of keeps_without_capability()", step);
}

struct other_thread {
	int set;		/* what the thread sets after its first look */
	bool none_at_first;
	bool as_set;
};

static void *look_and_set(void *argument)
{
	struct other_thread *other = argument;

	other->none_at_first = mempool_is(0, 0);
	other->as_set = !mempool_set((unsigned long)other->set, 0) && mempool_is(other->set, other->set);
	/* It exits with what it has. */
	return NULL;
}

static void per_thread(void)
{
	for (size_t mine = 0; mine < SIZES; mine++) {
		for (size_t its = 0; its < SIZES; its++) {
			struct other_thread other = { .set = sizes[its] };
			pthread_t thread;

			REQUIRE_ERROR(mempool_set((unsigned long)sizes[mine], 0), 0);
			REQUIRE(pthread_create(&thread, NULL, look_and_set, &other) == 0);
			REQUIRE(pthread_join(thread, NULL) == 0);
			REQUIRE(other.none_at_first);
			REQUIRE(other.as_set);
			REQUIRE(mempool_is(sizes[mine], sizes[mine]));
		}
	}
}

/* The exit code of a child: 0 if it has no reserve. */
static int tell(void *unused)
{
	(void)unused;
	return mempool_is(0, 0) && mempool_get(MEMPOOL_MISSED) == 0 ? 0 : 1;
}

static void not_over_fork(void)
{
	for (size_t i = 0; i < SIZES; i++) {
		REQUIRE_ERROR(mempool_set((unsigned long)sizes[i], 0), 0);
		REQUIRE(run_in_child(tell, NULL, WAIT_LIMIT_MS) == 0);
		REQUIRE(mempool_is(sizes[i], sizes[i]));
	}
}

/* A process that shares the memory, as vfork() makes it. */
static void not_over_clone_vm(void)
{
	char *stack = mmap(NULL, CHILD_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	REQUIRE(stack != MAP_FAILED);
	for (size_t i = 0; i < SIZES; i++) {
		int status = -1;
		pid_t pid;

		REQUIRE_ERROR(mempool_set((unsigned long)sizes[i], 0), 0);
		pid = clone(tell, stack + CHILD_STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
		REQUIRE(pid > 0);
		REQUIRE(waitpid(pid, &status, 0) == pid);
		REQUIRE(WIFEXITED(status) && !WEXITSTATUS(status));
		REQUIRE(mempool_is(sizes[i], sizes[i]));
	}
	munmap(stack, CHILD_STACK);
}

static int set_and_exec(void *argument)
{
	const int *size = argument;

	if (mempool_set((unsigned long)*size, 0) || !mempool_is(*size, *size))
		return 100;
	execl("/proc/self/exe", "oom-mempool", TELL, NULL);
	return 101;
}

static void not_over_exec(void)
{
	for (size_t i = 0; i < SIZES; i++) {
		int size = sizes[i];
		int told = run_in_child(set_and_exec, &size, WAIT_LIMIT_MS);

		REQUIRE_MSG(told == 0, "size %d: the program told %d", size, told);
	}
}

static void *exec_in_thread(void *argument)
{
	_exit(set_and_exec(argument));
}

/* The leader waits with a reserve while another thread, with its own, execs and takes its place. */
static int exec_beside_leader(void *argument)
{
	pthread_t thread;

	if (mempool_set(SOME, 0) || pthread_create(&thread, NULL, exec_in_thread, argument))
		return 102;
	pthread_join(thread, NULL);
	return 103;
}

static void not_over_exec_of_a_thread(void)
{
	for (size_t i = 0; i < SIZES; i++) {
		int size = sizes[i];
		int told = run_in_child(exec_beside_leader, &size, WAIT_LIMIT_MS);

		REQUIRE_MSG(told == 0, "size %d: the program told %d", size, told);
	}
}

static void kept_by_failed_exec(void)
{
	REQUIRE_ERROR(mempool_set(SOME, 0), 0);
	REQUIRE_ERROR(execl("/nowhere", "nowhere", NULL), ENOENT);
	/* A directory gets further, and is refused as well. */
	REQUIRE_ERROR(execl("/proc", "proc", NULL), EACCES);
	REQUIRE(mempool_is(SOME, SOME));
}

static void cleanup(void)
{
	mempool_set(0, 0);
	support_cleanup();
}

static const struct ktap_case cases[] = {
	{ "EPERM without CAP_SYS_RESOURCE, before anything else", needs_capability },
	{ "EINVAL for arguments of PR_SET_MEMPOOL, which change nothing", set_arguments },
	{ "EINVAL for arguments of PR_GET_MEMPOOL", get_arguments },
	{ "a thread begins without, and may give up what it does not have", nothing_at_first },
	{ "PR_GET_MEMPOOL tells what PR_SET_MEMPOOL set", get_after_set },
	{ "EPERM for one who gave the capability up later", outlives_capability },
	{ "the reserve is per thread, and not inherited by clone", per_thread },
	{ "it is not inherited by fork", not_over_fork },
	{ "it is not inherited by clone(CLONE_VM)", not_over_clone_vm },
	{ "it ends with exec", not_over_exec },
	{ "it ends with exec by a thread beside the leader", not_over_exec_of_a_thread },
	{ "it is kept by an exec that fails", kept_by_failed_exec },
};

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], TELL))
		return tell(NULL);
	if (!mempool_exists()) {
		printf("KTAP version 1\n1..0 # SKIP this kernel has no PR_SET_MEMPOOL\n");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
