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
#include "support-bodies.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <sys/ioctl.h>

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

/* The call under test, for the cases that hold for every such call. */
struct killing_call {
	/* Kills the process and reaps it: 0, or negative and errno. */
	int (*kill)(int pidfd, unsigned int form);
	const unsigned int *forms;
	size_t form_count;
	/* Forms that may find a victim gone which ran until then, and give EBUSY. */
	unsigned int may_miss;
};

static const struct killing_call killing;

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
	return victim_stays(victim, SETTLE_MS);
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

#endif /* REAPLAB_REAPED_VICTIMS_H */
