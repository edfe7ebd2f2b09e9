// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reaper that begins at the last VMA: in which direction
 * process_mrelease() and the oom reaper walk, that nothing is left out on the
 * way, and victims that exit, exec, fork or change their mappings meanwhile.
 *
 * That process_mrelease() takes the victims and has the errnos it always had
 * is the subject of stock.c. There is no interface to ask whether the kernel
 * walks this way, so on another one these tests fail.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>

#include "ktap.h"
#include "process-reap.h"
#include "support.h"
#include "support-races.h"

/*
 * Between the program and its heap below and the kernel's choice for mappings
 * far above: memory that is counted apart, and anonymous memory behind it.
 */
#define LOW_ADDRESS	((void *)(4UL << 30))
#define LOW_BYTES	(4 * MIB)
#define HIGH_ADDRESS	((void *)(8UL << 30))
#define HIGH_BYTES	(16 * MIB)

/* The heap and what else of a victim lies below LOW_ADDRESS; about 100 KiB. */
#define BELOW_BYTES	((long)MIB)

/* All of them together are several times MEMORY_SLACK: to miss a few is seen. */
#define MANY_MAPPINGS	2000
#define MAPPING_BYTES	((size_t)16384)
#define PAGE_BYTES	4096

static bool is_mapped(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->rounds) != 0;
}

/* ---- the direction ---------------------------------------------------- */

static bool map_at(void *address, size_t bytes, int protection, int flags, int fd)
{
	volatile char *memory = mmap(address, bytes, protection, flags | MAP_FIXED_NOREPLACE, fd, 0);
	size_t at;

	if (memory != address)
		return support_problem(__FILE__, __LINE__, "mmap at %p", address);
	for (at = 0; at < bytes; at += PAGE_BYTES) {
		if (protection & PROT_WRITE)
			memory[at] = 1;
		else
			(void)memory[at];
	}
	return true;
}

/* Private memory of two kinds: shmem pages below, anonymous pages above. */
static void map_low_and_high(struct victim_page *page, char *memory, size_t bytes)
{
	int fd = memfd_create("low", MFD_CLOEXEC);

	(void)memory;
	(void)bytes;
	if (fd < 0 || ftruncate(fd, LOW_BYTES) ||
	    !map_at(LOW_ADDRESS, LOW_BYTES, PROT_READ, MAP_PRIVATE, fd) ||
	    !map_at(HIGH_ADDRESS, HIGH_BYTES, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1))
		_exit(1);
	atomic_store(&page->rounds, 1);
}

static const struct victim_shape low_and_high = { .body = map_low_and_high };

/* The number behind a word, within one line. */
static long number_in(const char *line, const char *word)
{
	const char *at = strstr(line, word);

	return at ? strtol(at + strlen(word), NULL, 10) : -1;
}

/*
 * How much anonymous memory the victim still had when the first shmem page was
 * taken by the task named in the trace, in bytes; -1 if none was taken.
 */
static long anonymous_at_first_shmem(const char *task)
{
	char *rest = strdup(trace_lines());
	char *lines = rest;
	long anonymous = LONG_MAX;
	long found = -1;
	char *line;

	while (found < 0 && (line = strsep(&rest, "\n"))) {
		if (!strstr(line, task) || !strstr(line, "rss_stat:"))
			continue;
		if (strstr(line, "MM_ANONPAGES"))
			anonymous = number_in(line, "size=");
		else if (strstr(line, "MM_SHMEMPAGES"))
			found = anonymous;
	}
	free(lines);
	return found;
}

static void mrelease_walks_downwards(void)
{
	struct victim victim;
	char task[32];
	long left;

	REQUIRE(victim_start(&victim, &low_and_high));
	REQUIRE(wait_for(is_mapped, victim.page, WAIT_LIMIT_MS));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	REQUIRE(trace_event("kmem/rss_stat", "curr == 0"));
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
	REQUIRE(trace_record(false));
	trace_task(task, sizeof(task), getpid());
	left = anonymous_at_first_shmem(task);
	ktap_note("%ld bytes of anonymous memory left at the first shmem page", left);
	REQUIRE(left >= 0 && left < BELOW_BYTES);
}

static bool is_finished(void *unused)
{
	(void)unused;
	return trace_count("finish_task_reaping:", NULL) > 0;
}

/* The tracer holds the victim in its exit, so that nobody but the reaper takes its memory. */
static void oom_reaper_walks_downwards(void)
{
	struct victim_shape shape = low_and_high;
	struct victim victim;
	char cgroup[128];
	char file[160];
	long left;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(wait_for(is_mapped, victim.page, WAIT_LIMIT_MS));
	REQUIRE(ptrace(PTRACE_SEIZE, victim.pid, NULL, (void *)PTRACE_O_TRACEEXIT) == 0);
	REQUIRE(trace_event("kmem/rss_stat", "curr == 0"));
	REQUIRE(trace_event("oom/finish_task_reaping", NULL));
	/* Returns when the memory is gone, so after the reaper's two seconds. */
	snprintf(file, sizeof(file), "%s/memory.max", cgroup);
	REQUIRE(write_file(file, "8M"));
	REQUIRE(wait_for(is_finished, NULL, WAIT_LIMIT_MS));
	REQUIRE(trace_record(false));
	REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
	left = anonymous_at_first_shmem("oom_reaper-");
	ktap_note("%ld bytes of anonymous memory left at the first shmem page", left);
	REQUIRE(left >= 0 && left < BELOW_BYTES);
}

/* ---- nothing is left out ---------------------------------------------- */

/* As many mappings as protections that differ from one to the next make of it. */
static void split_memory(struct victim_page *page, char *memory, size_t bytes)
{
	size_t at;

	for (at = 0; at < bytes; at += 2 * MAPPING_BYTES)
		if (mprotect(memory + at, MAPPING_BYTES, PROT_READ))
			_exit(1);
	atomic_store(&page->rounds, 1);
}

static void every_mapping_is_taken(void)
{
	struct victim_shape shape = {
		.bytes = MANY_MAPPINGS * MAPPING_BYTES, .body = split_memory,
	};
	struct victim victim;
	char cgroup[128];
	int64_t held;
	int64_t left;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(wait_for(is_mapped, victim.page, WAIT_LIMIT_MS));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(victim_kill(&victim));
	held = cgroup_memory(cgroup);
	REQUIRE_ERROR(mrelease(victim.pidfd, 0), 0);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left < held - (int64_t)shape.bytes + MEMORY_SLACK, "%ld of %ld bytes",
		    (long)left, (long)held);
}

/* ---- victims that do something else meanwhile ------------------------- */

static int kill_and_release(int pidfd)
{
	if (syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0))
		return errno;
	/* EINVAL while a process that lives uses the memory. */
	return mrelease(pidfd, 0) ? errno : 0;
}

/* Whoever comes has it reaped, or is too late. */
static void race_of(const struct race *race)
{
	struct race_results results;
	int error;

	REQUIRE(race_run(race, kill_and_release, &results));
	ktap_note("of %u first calls %u were in time", results.rounds, results.first[0]);
	for (error = 1; error < RACE_ERRNOS; error++)
		REQUIRE_MSG(error == ESRCH || !results.answers[error], "%s",
			    ktap_error_name(error));
}

static void races_with_exit(void)
{
	race_of(&race_exit);
}

static void races_with_fork(void)
{
	race_of(&race_fork);
}

static void races_with_clone(void)
{
	race_of(&race_clone);
}

static void races_with_vfork(void)
{
	race_of(&race_vfork);
}

static void races_with_exec(void)
{
	race_of(&race_exec);
}

static void races_with_mappings(void)
{
	race_of(&race_mappings);
}

static void races_with_a_tracer(void)
{
	race_of(&race_ptrace);
}

static void races_with_moves(void)
{
	race_of(&race_cgroup);
}

static void races_with_a_freezer(void)
{
	race_of(&race_freezer);
}

int main(int count, char **arguments)
{
	static const struct ktap_case cases[] = {
		{ "process_mrelease takes the last mapping first", mrelease_walks_downwards },
		{ "the oom reaper takes the last mapping first", oom_reaper_walks_downwards },
		{ "every one of two thousand mappings is taken", every_mapping_is_taken },
		{ "races with exit", races_with_exit },
		{ "races with fork", races_with_fork },
		{ "races with processes that share the memory", races_with_clone },
		{ "races with vfork", races_with_vfork },
		{ "races with exec", races_with_exec },
		{ "races with changing mappings", races_with_mappings },
		{ "races with a tracer", races_with_a_tracer },
		{ "races with moves between cgroups", races_with_moves },
		{ "races with a freezer", races_with_a_freezer },
	};

	race_main(count, arguments);
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
