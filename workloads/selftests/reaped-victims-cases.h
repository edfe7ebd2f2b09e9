/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a call that kills and reaps at once does to victims that can't exit, or
 * that make it themselves: cases that hold for every such call. A program that
 * includes this, once and after ktap.h, defines `killing` and names the
 * functions case_...() in its table.
 */
#ifndef REAPLAB_REAPED_VICTIMS_CASES_H
#define REAPLAB_REAPED_VICTIMS_CASES_H

#include "reaped-victims.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CORE_PATTERN	"/proc/sys/kernel/core_pattern"

/* The file that makes the mmu notifier of the debug flavour refuse for a range. */
#define REFUSE		"/sys/kernel/debug/reaplab/refuse"

static const struct victim_shape plain = { .bytes = VICTIM_BYTES };
static const struct victim_shape threaded = { .bytes = VICTIM_BYTES, .threads = 4 };
static const struct victim_shape headless = {
	.bytes = VICTIM_BYTES, .threads = 2, .leader_exits = true,
};

static inline void case_plain_kill(void)
{
	struct victim victim;

	REQUIRE(start_frozen(&victim, threaded));
	REQUIRE(victim_kill(&victim));
	REQUIRE(stays(&victim));
	REQUIRE(keeps_memory());
}

/* ---- victims that hang in the kernel ------------------------------------ */

/* The test proper, with DISK frozen. */
static inline void reap_in_d_state(const struct victim *victim, unsigned int form, int expected)
{
	atomic_store(&victim->page->go, true);
	REQUIRE(wait_for_state(victim->pid, "D", WAIT_LIMIT_MS));
	REQUIRE_ERROR(killing.kill(victim->pidfd, form), expected);
	REQUIRE(stays(victim));
	REQUIRE(expected ? keeps_memory() : lost_memory());
}

static inline void reap_writers(void (*body)(struct victim_page *page, char *memory, size_t bytes),
				int expected)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = 1, .body = body };
	size_t i;

	for (i = 0; i < killing.form_count; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, shape));
		REQUIRE(freeze_disk(true));
		reap_in_d_state(&victim, killing.forms[i], expected);
		REQUIRE(freeze_disk(false));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		unlink(FILE_ON_DISK);
		support_cleanup();
	}
}

/* Waits for a word from the test, and then in D state for DISK. */
static inline void write_to_disk(struct victim_page *page, char *memory, size_t bytes)
{
	int fd = open(FILE_ON_DISK, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	(void)bytes;
	while (!atomic_load(&page->go))
		sleep_ms(1);
	if (write(fd, memory, 4096) < 0)
		atomic_store(&page->result, errno);
}

static inline void case_d_state(void)
{
	if (!has_disk())
		SKIP("needs a file system at " DISK);
	reap_writers(write_to_disk, 0);
}

static inline void dump_core(struct victim_page *page, char *memory, size_t bytes)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	(void)memory;
	(void)bytes;
	setrlimit(RLIMIT_CORE, &unlimited);
	while (!atomic_load(&page->go))
		sleep_ms(1);
	raise(SIGSEGV);
}

/* It may go on dumping for long, and what it dumps is its memory. */
static inline void case_core_dump(void)
{
	char pattern[256];

	if (!has_disk() || read_file(CORE_PATTERN, pattern, sizeof(pattern)) <= 0)
		SKIP("needs core dumps and a file system at " DISK);
	REQUIRE(write_file(CORE_PATTERN, FILE_ON_DISK));
	reap_writers(dump_core, EBUSY);
	REQUIRE(write_file(CORE_PATTERN, pattern));
}

static inline void case_exit_stop(void)
{
	const struct victim_shape leaver = { .bytes = VICTIM_BYTES, .body = exit_when_told };
	size_t i;

	for (i = 0; i < killing.form_count; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, leaver));
		REQUIRE(ptrace(PTRACE_SEIZE, victim.pid, NULL, (void *)PTRACE_O_TRACEEXIT) == 0);
		atomic_store(&victim.page->go, true);
		REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
		REQUIRE_ERROR(killing.kill(victim.pidfd, killing.forms[i]), 0);
		REQUIRE(lost_memory());
		REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
		support_cleanup();
	}
}

/* ---- suicide ----------------------------------------------------------- */

static inline void kill_itself(struct victim_page *page, char *memory, size_t bytes)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);

	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->go))
		sleep_ms(1);
	killing.kill(self, (unsigned int)atomic_load(&page->rounds));
	_exit(1);
}

static inline void case_suicide(void)
{
	const struct victim_shape shape = {
		.bytes = VICTIM_BYTES, .threads = 3, .body = kill_itself,
	};
	size_t i;

	for (i = 0; i < killing.form_count; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, shape));
		atomic_store(&victim.page->rounds, killing.forms[i]);
		atomic_store(&victim.page->go, true);
		REQUIRE(dies_of_sigkill(&victim));
		REQUIRE(loses_memory());
		support_cleanup();
	}
}

/* ---- partly done ------------------------------------------------------- */

/* Makes two mappings of the memory, of which the notifier can refuse one. */
static inline void protect_upper_half(struct victim_page *page, char *memory, size_t bytes)
{
	if (mprotect(memory + bytes / 2, bytes / 2, PROT_READ) == 0)
		atomic_store(&page->go, true);
}

static inline void reap_partly(const struct victim *victim, unsigned int form)
{
	unsigned long memory = atomic_load(&victim->page->memory);
	int64_t half = (int64_t)VICTIM_BYTES / 2;
	char text[64];
	int64_t left;

	snprintf(text, sizeof(text), "%d %lx %lx", victim->pid, memory, memory + VICTIM_BYTES / 2);
	REQUIRE(write_file(REFUSE, text));
	REQUIRE_ERROR(killing.kill(victim->pidfd, form), EAGAIN);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(left < held_bytes - half + MEMORY_SLACK && left > held_bytes - half - MEMORY_SLACK,
		    "%ld of %ld bytes", (long)left, (long)held_bytes);
	/* No form leaves a mark behind. */
	REQUIRE_ERROR(killing.kill(victim->pidfd, form), EAGAIN);
	REQUIRE(write_file(REFUSE, "0"));
	REQUIRE_ERROR(killing.kill(victim->pidfd, form), 0);
	REQUIRE(lost_memory());
}

static inline void case_partly_done(void)
{
	const struct victim_shape two_mappings = {
		.bytes = VICTIM_BYTES, .body = protect_upper_half,
	};
	size_t i;

	if (!path_exists(REFUSE))
		SKIP("needs the refusing notifier of the debug flavour");
	for (i = 0; i < killing.form_count; i++) {
		struct victim victim;

		REQUIRE(start_in_cgroup(&victim, two_mappings));
		REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
		REQUIRE(freezer_v1(victim.pid, true));
		reap_partly(&victim, killing.forms[i]);
		write_file(REFUSE, "0");
		support_cleanup();
	}
}

#endif /* REAPLAB_REAPED_VICTIMS_CASES_H */
