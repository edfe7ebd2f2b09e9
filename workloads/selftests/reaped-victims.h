/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Victims for the tests of calls that kill and reap at once: each sits in a
 * cgroup of its own, so that what it has lost can be seen, and mostly in the v1
 * freezer or in D state, where it can't exit: whatever frees its memory, it is
 * not the process itself.
 *
 * Include it after ktap.h, in the program's main source file only.
 */
#ifndef REAPLAB_REAPED_VICTIMS_H
#define REAPLAB_REAPED_VICTIMS_H

#include "support.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define VICTIM_BYTES	(32 * MIB)

/*
 * How far memory.current may be off: up to 64 pages of charges per CPU are
 * kept in stock, and page tables, stacks and the victim's text are charged
 * beside the memory it asked for.
 */
#define MEMORY_SLACK	(4 * (int64_t)MIB)

/* How long we look before we believe that nothing happens. */
#define SETTLE_MS	100

/* A file system that has nothing to do with the programs that run. */
#define DISK		"/disk"
#define FILE_ON_DISK	DISK "/selftest-file"
#define CORE_PATTERN	"/proc/sys/kernel/core_pattern"

/* The file that makes the mmu notifier of the debug flavour refuse for a range. */
#define REFUSE		"/sys/kernel/debug/reaplab/refuse"

static char cgroup[128];
static int64_t held_bytes;

/* A victim in a new cgroup. */
static inline bool start_in_cgroup(struct victim *victim, struct victim_shape shape)
{
	shape.cgroup = cgroup;
	if (!cgroup_create(cgroup, sizeof(cgroup)) || !victim_start(victim, &shape))
		return false;
	held_bytes = cgroup_memory(cgroup);
	return held_bytes > (int64_t)shape.bytes;
}

static inline bool start_frozen(struct victim *victim, struct victim_shape shape)
{
	return start_in_cgroup(victim, shape) && freezer_v1(victim->pid, true);
}

static inline bool is_lost(void *unused)
{
	(void)unused;
	return cgroup_memory(cgroup) < held_bytes - (int64_t)VICTIM_BYTES + MEMORY_SLACK;
}

/* Has lost its VICTIM_BYTES since it was started. */
static inline bool lost_memory(void)
{
	if (is_lost(NULL))
		return true;
	ktap_note("%lld of %lld bytes left", (long long)cgroup_memory(cgroup), (long long)held_bytes);
	return false;
}

/* Loses them soon. */
static inline bool loses_memory(void)
{
	return wait_for(is_lost, NULL, WAIT_LIMIT_MS) || lost_memory();
}

/* Has all it had when it was started. */
static inline bool keeps_memory(void)
{
	int64_t left = cgroup_memory(cgroup);

	if (left > held_bytes - MEMORY_SLACK)
		return true;
	ktap_note("%lld of %lld bytes left", (long long)left, (long long)held_bytes);
	return false;
}

/* True if the process is still there a while later. */
static inline bool stays(const struct victim *victim)
{
	struct pollfd gone = { .fd = victim->pidfd, .events = POLLIN };

	return poll(&gone, 1, SETTLE_MS) == 0;
}

/* Lets whoever writes to DISK wait in D state, until it is thawed. */
static inline bool freeze_disk(bool freeze)
{
	int fd = open(DISK, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return support_problem(__FILE__, __LINE__, "open " DISK);
	done = ioctl(fd, freeze ? FIFREEZE : FITHAW, 0) == 0;
	close(fd);
	return done || support_problem(__FILE__, __LINE__, "freezing or thawing " DISK);
}

static inline bool has_disk(void)
{
	char text[4096];

	return read_file("/proc/mounts", text, sizeof(text)) > 0 && strstr(text, " " DISK " ");
}

/* True if the victim dies, and of SIGKILL. */
static inline bool dies_of_sigkill(const struct victim *victim)
{
	siginfo_t info = { .si_pid = 0 };

	return victim_wait(victim, false, WAIT_LIMIT_MS) &&
	       waitid(P_PID, (id_t)victim->pid, &info, WEXITED) == 0 &&
	       info.si_code == CLD_KILLED && info.si_status == SIGKILL;
}

/* For wait_for(), with the victim's page: bodies tell by it that they are ready. */
static inline bool is_going(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->go);
}

/* ---- victims that hang in the kernel ------------------------------------ */

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

static const struct victim_shape disk_writer = {
	.bytes = VICTIM_BYTES, .threads = 1, .body = write_to_disk,
};

static const struct victim_shape core_dumper = {
	.bytes = VICTIM_BYTES, .threads = 1, .body = dump_core,
};

/* Exits once told to; its tracer may leave it in its exit stop. */
static inline void exit_when_told(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->go))
		sleep_ms(1);
	_exit(0);
}

static const struct victim_shape leaver = { .bytes = VICTIM_BYTES, .body = exit_when_told };

/* Makes two mappings of the memory. */
static inline void protect_upper_half(struct victim_page *page, char *memory, size_t bytes)
{
	if (mprotect(memory + bytes / 2, bytes / 2, PROT_READ) == 0)
		atomic_store(&page->go, true);
}

/* Half of its memory can be refused by the notifier of the debug flavour. */
static const struct victim_shape two_mappings = {
	.bytes = VICTIM_BYTES, .body = protect_upper_half,
};

#endif /* REAPLAB_REAPED_VICTIMS_H */
