// SPDX-License-Identifier: GPL-2.0-only
/*
 * prctl(PR_SET_MEMALLOC) and PR_GET_MEMALLOC of approach pf-memalloc: errors,
 * their order, and whose the mode is. What the modes do to allocations is the
 * business of the other pf-memalloc programs.
 */
#include "ktap.h"
#include "pf-memalloc.h"
#include "support.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* include/linux/sched.h; shown to user space as a bit of the "flags" field of stat. */
#define PF_MEMALLOC	0x00000800UL

/* The argument with which this program starts itself again. */
#define TELL_MODE	"tell-mode"

#define CHILD_STACK	(64 * 1024)

static const unsigned long modes[] = { MEMALLOC_OFF, MEMALLOC_UNBOUNDED, MEMALLOC_BOUNDED };

#define MODES	(sizeof(modes) / sizeof(modes[0]))

/* The flags of the calling thread as the kernel has them, 0 if they can't be read. */
static unsigned long thread_flags(void)
{
	char text[512];
	const char *rest;
	unsigned long flags = 0;

	if (read_file("/proc/thread-self/stat", text, sizeof(text)) <= 0)
		return 0;
	/* The name may hold anything; after it come state, 5 numbers, flags. */
	rest = strrchr(text, ')');
	if (!rest || sscanf(rest, ") %*c %*d %*d %*d %*d %*d %lu", &flags) != 1)
		return 0;
	return flags;
}

static bool has_pf_memalloc(void)
{
	return thread_flags() & PF_MEMALLOC;
}

/* ---- errors ----------------------------------------------------------- */

/* Returns the line that failed, 0 if none: runs in a child that gives up the capability. */
static int without_capability(void *unused)
{
	(void)unused;
	if (!drop_capability(CAP_SYS_RESOURCE))
		return 1;
	for (size_t i = 0; i < MODES; i++)
		if (!memalloc_set(modes[i]) || errno != EPERM)
			return 2;
	if (memalloc_get() >= 0 || errno != EPERM)
		return 3;
	/* The capability comes first: arguments that are wrong as well change nothing. */
	if (!prctl(PR_SET_MEMALLOC, 3UL, 0UL, 0UL, 0UL) || errno != EPERM)
		return 4;
	if (!prctl(PR_SET_MEMALLOC, 1UL, 1UL, 0UL, 0UL) || errno != EPERM)
		return 5;
	if (prctl(PR_GET_MEMALLOC, 1UL, 0UL, 0UL, 0UL) >= 0 || errno != EPERM)
		return 6;
	return has_pf_memalloc() ? 7 : 0;
}

static void needs_capability(void)
{
	int step = run_in_child(without_capability, NULL, WAIT_LIMIT_MS);

	REQUIRE_MSG(step == 0, "step %d of without_capability()", step);
}

/* One who set a mode and then gave the capability up keeps the mode. */
static int keeps_without_capability(void *unused)
{
	(void)unused;
	if (memalloc_set(MEMALLOC_UNBOUNDED) || !drop_capability(CAP_SYS_RESOURCE))
		return 1;
	if (!memalloc_set(MEMALLOC_OFF) || errno != EPERM)
		return 2;
	return has_pf_memalloc() ? 0 : 3;
}

static void mode_outlives_capability(void)
{
	int step = run_in_child(keeps_without_capability, NULL, WAIT_LIMIT_MS);

	REQUIRE_MSG(step == 0, "step %d of keeps_without_capability()", step);
}

static void unknown_mode(void)
{
	/* The last one has a valid mode in its lower half. */
	static const unsigned long unknown[] = { 3, 4, 0x80000001UL, ~0UL, (1UL << 32) + 1 };

	for (size_t at = 0; at < MODES; at++) {
		REQUIRE_ERROR(memalloc_set(modes[at]), 0);
		for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
			REQUIRE_ERROR(memalloc_set(unknown[i]), EINVAL);
			REQUIRE(memalloc_get() == (int)modes[at]);
		}
	}
}

static void set_unused_arguments(void)
{
	for (size_t i = 0; i < MODES; i++) {
		REQUIRE_ERROR(prctl(PR_SET_MEMALLOC, modes[i], 1UL, 0UL, 0UL), EINVAL);
		REQUIRE_ERROR(prctl(PR_SET_MEMALLOC, modes[i], 0UL, 1UL, 0UL), EINVAL);
		REQUIRE_ERROR(prctl(PR_SET_MEMALLOC, modes[i], 0UL, 0UL, 1UL), EINVAL);
		REQUIRE_ERROR(prctl(PR_SET_MEMALLOC, modes[i], 0UL, 0UL, 1UL << 32), EINVAL);
		REQUIRE(memalloc_get() == (int)MEMALLOC_OFF);
	}
}

static void get_unused_arguments(void)
{
	REQUIRE_ERROR(prctl(PR_GET_MEMALLOC, 1UL, 0UL, 0UL, 0UL), EINVAL);
	REQUIRE_ERROR(prctl(PR_GET_MEMALLOC, 0UL, 1UL, 0UL, 0UL), EINVAL);
	REQUIRE_ERROR(prctl(PR_GET_MEMALLOC, 0UL, 0UL, 1UL, 0UL), EINVAL);
	REQUIRE_ERROR(prctl(PR_GET_MEMALLOC, 0UL, 0UL, 0UL, 1UL), EINVAL);
}

/* ---- the mode --------------------------------------------------------- */

static void get_after_set(void)
{
	REQUIRE(memalloc_get() == (int)MEMALLOC_OFF);
	for (size_t from = 0; from < MODES; from++) {
		for (size_t to = 0; to < MODES; to++) {
			REQUIRE_ERROR(memalloc_set(modes[from]), 0);
			REQUIRE_ERROR(memalloc_set(modes[to]), 0);
			REQUIRE_MSG(memalloc_get() == (int)modes[to], "from %lu to %lu gave %d",
				    modes[from], modes[to], memalloc_get());
		}
	}
}

static void full_is_pf_memalloc(void)
{
	REQUIRE(thread_flags() != 0);
	for (size_t i = 0; i < MODES; i++) {
		REQUIRE_ERROR(memalloc_set(modes[i]), 0);
		REQUIRE(has_pf_memalloc() == (modes[i] == MEMALLOC_UNBOUNDED));
	}
}

/*
 * memory.reclaim runs the reclaim code in the writer's context between
 * memalloc_noreclaim_save() and _restore(), which use PF_MEMALLOC.
 */
static void mode_outlives_reclaim(void)
{
	struct victim_shape shape = { .bytes = 4 * MIB };
	struct victim victim;
	char cgroup[128];
	char file[160];

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	snprintf(file, sizeof(file), "%s/memory.reclaim", cgroup);
	for (size_t i = 0; i < MODES; i++) {
		int fd = open(file, O_WRONLY | O_CLOEXEC);

		REQUIRE_MSG(fd >= 0, "%s: %s", file, ktap_error_name(errno));
		REQUIRE_ERROR(memalloc_set(modes[i]), 0);
		/* Without swap there is nothing to reclaim, and EAGAIN says so after trying. */
		errno = 0;
		REQUIRE_MSG(write(fd, "1M", 2) == 2 || errno == EAGAIN, "mode %lu: %s", modes[i],
			    ktap_error_name(errno));
		close(fd);
		REQUIRE(memalloc_get() == (int)modes[i]);
		REQUIRE(has_pf_memalloc() == (modes[i] == MEMALLOC_UNBOUNDED));
	}
}

/* Timer and block softirqs run on top of this thread and mask PF_MEMALLOC meanwhile. */
static void mode_outlives_softirqs(void)
{
	for (size_t i = 0; i < MODES; i++) {
		int64_t end = now_ns() + 300 * 1000000LL;

		REQUIRE_ERROR(memalloc_set(modes[i]), 0);
		while (now_ns() < end)
			REQUIRE(memalloc_get() == (int)modes[i]);
	}
}

/* ---- whose it is ------------------------------------------------------ */

struct other_thread {
	unsigned long set;		/* what the thread sets after its first look */
	int first;			/* what it read when it began */
	bool pf_memalloc;		/* had that flag when it began */
	int second;			/* what it read after setting */
};

static void *look_and_set(void *argument)
{
	struct other_thread *other = argument;

	other->first = memalloc_get();
	other->pf_memalloc = has_pf_memalloc();
	other->second = memalloc_set(other->set) ? -1 : memalloc_get();
	return NULL;
}

/* clone(CLONE_THREAD) by a thread that has a mode, and a mode set in the new thread. */
static void per_thread(void)
{
	for (size_t mine = 0; mine < MODES; mine++) {
		for (size_t its = 0; its < MODES; its++) {
			struct other_thread other = { .set = modes[its], .first = -1 };
			pthread_t thread;

			REQUIRE_ERROR(memalloc_set(modes[mine]), 0);
			REQUIRE(pthread_create(&thread, NULL, look_and_set, &other) == 0);
			REQUIRE(pthread_join(thread, NULL) == 0);
			REQUIRE_MSG(other.first == (int)MEMALLOC_OFF && !other.pf_memalloc,
				    "creator in mode %lu, thread began in %d", modes[mine],
				    other.first);
			REQUIRE(other.second == (int)modes[its]);
			REQUIRE(memalloc_get() == (int)modes[mine]);
			REQUIRE(has_pf_memalloc() == (modes[mine] == MEMALLOC_UNBOUNDED));
		}
	}
}

/* The exit code of a child: its mode, 10 more if it has the flag. */
static int tell_mode(void *unused)
{
	(void)unused;
	return memalloc_get() + (has_pf_memalloc() ? 10 : 0);
}

static void not_over_fork(void)
{
	for (size_t i = 0; i < MODES; i++) {
		int told;

		REQUIRE_ERROR(memalloc_set(modes[i]), 0);
		told = run_in_child(tell_mode, NULL, WAIT_LIMIT_MS);
		REQUIRE_MSG(told == 0, "mode %lu: the child told %d", modes[i], told);
		REQUIRE(memalloc_get() == (int)modes[i]);
	}
}

/* A process that shares the memory, as vfork() makes it. */
static void not_over_clone_vm(void)
{
	char *stack = mmap(NULL, CHILD_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	REQUIRE(stack != MAP_FAILED);
	for (size_t i = 0; i < MODES; i++) {
		int status = -1;
		pid_t pid;

		REQUIRE_ERROR(memalloc_set(modes[i]), 0);
		pid = clone(tell_mode, stack + CHILD_STACK, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
		REQUIRE(pid > 0);
		REQUIRE(waitpid(pid, &status, 0) == pid);
		REQUIRE_MSG(WIFEXITED(status) && !WEXITSTATUS(status), "mode %lu: status %#x",
			    modes[i], (unsigned int)status);
		REQUIRE(memalloc_get() == (int)modes[i]);
	}
	munmap(stack, CHILD_STACK);
}

static int set_and_exec(void *argument)
{
	const unsigned long *mode = argument;

	if (memalloc_set(*mode) || memalloc_get() != (int)*mode)
		return 100;
	execl("/proc/self/exe", "pf-memalloc", TELL_MODE, NULL);
	return 101;
}

static void not_over_exec(void)
{
	for (size_t i = 0; i < MODES; i++) {
		unsigned long mode = modes[i];
		int told = run_in_child(set_and_exec, &mode, WAIT_LIMIT_MS);

		REQUIRE_MSG(told == 0, "mode %lu: the program told %d", mode, told);
	}
}

static void *exec_in_thread(void *argument)
{
	_exit(set_and_exec(argument));
}

/* The leader waits in one mode while another thread, in another, execs and takes its place. */
static int exec_beside_leader(void *argument)
{
	pthread_t thread;

	if (memalloc_set(MEMALLOC_UNBOUNDED) ||
	    pthread_create(&thread, NULL, exec_in_thread, argument))
		return 102;
	pthread_join(thread, NULL);
	return 103;
}

static void not_over_exec_of_a_thread(void)
{
	for (size_t i = 0; i < MODES; i++) {
		unsigned long mode = modes[i];
		int told = run_in_child(exec_beside_leader, &mode, WAIT_LIMIT_MS);

		REQUIRE_MSG(told == 0, "mode %lu: the program told %d", mode, told);
	}
}

static void kept_by_failed_exec(void)
{
	for (size_t i = 0; i < MODES; i++) {
		REQUIRE_ERROR(memalloc_set(modes[i]), 0);
		REQUIRE_ERROR(execl("/nowhere", "nowhere", NULL), ENOENT);
		/* A directory gets further, and is refused as well. */
		REQUIRE_ERROR(execl("/proc", "proc", NULL), EACCES);
		REQUIRE(memalloc_get() == (int)modes[i]);
	}
}

/* A mode is not left on for the next case, whatever this one did. */
static void cleanup(void)
{
	memalloc_set(MEMALLOC_OFF);
	support_cleanup();
}

static const struct ktap_case cases[] = {
	{ "EPERM without CAP_SYS_RESOURCE, before anything else", needs_capability },
	{ "a mode outlives the capability", mode_outlives_capability },
	{ "EINVAL for an unknown mode, which changes nothing", unknown_mode },
	{ "EINVAL for unused arguments of PR_SET_MEMALLOC", set_unused_arguments },
	{ "EINVAL for unused arguments of PR_GET_MEMALLOC", get_unused_arguments },
	{ "PR_GET_MEMALLOC tells what PR_SET_MEMALLOC set", get_after_set },
	{ "mode 1 is PF_MEMALLOC, the others are not", full_is_pf_memalloc },
	{ "reclaim in the thread's context puts the mode back", mode_outlives_reclaim },
	{ "softirqs on top of the thread put the mode back", mode_outlives_softirqs },
	{ "the mode is per thread, and not inherited by clone", per_thread },
	{ "the mode is not inherited by fork", not_over_fork },
	{ "the mode is not inherited by clone(CLONE_VM)", not_over_clone_vm },
	{ "the mode ends with exec", not_over_exec },
	{ "the mode ends with exec by a thread beside the leader", not_over_exec_of_a_thread },
	{ "the mode is kept by an exec that fails", kept_by_failed_exec },
};

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], TELL_MODE))
		return tell_mode(NULL);
	if (!memalloc_exists()) {
		printf("KTAP version 1\n1..0 # SKIP this kernel has no PR_SET_MEMALLOC\n");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
