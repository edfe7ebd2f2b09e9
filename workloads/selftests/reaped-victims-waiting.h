/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A victim that hangs while it holds its mmap_lock for writing, and a caller
 * that waits for the lock, for the tests of calls that kill and reap at once.
 * Include it after ktap.h, in the program's main source file only.
 *
 * One thread of the victim writes to a mapping of a file on DISK, which is
 * frozen: its page fault waits for that, with the mapping locked. Another one
 * changes the protection of the mapping, takes the mmap_lock for it, and waits
 * for the first.
 */
#ifndef REAPLAB_REAPED_VICTIMS_WAITING_H
#define REAPLAB_REAPED_VICTIMS_WAITING_H

#include "reaped-victims.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE_BYTES	4096

/* What the caller is to do: an attack is an errno or 0. */
static struct {
	int (*attack)(int pidfd);
	int system_call;
	int pidfd;
} waiting;

/* In the victim: its page, and the file's. */
static struct victim_page *writer_page;
static volatile char *mapped_file;

static inline void *write_to_mapping(void *unused)
{
	atomic_store(&writer_page->rounds, (unsigned long)syscall(SYS_gettid));
	while (!atomic_load(&writer_page->go))
		sleep_ms(1);
	mapped_file[0] = 1;
	return unused;
}

/* Tells the writer's number in page->rounds; page->go lets it begin, page->stop the other one. */
static inline void hold_mmap_lock(struct victim_page *page, char *memory, size_t bytes)
{
	int fd = open(FILE_ON_DISK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	pthread_t thread;
	char *file;

	(void)memory;
	(void)bytes;
	if (fd < 0 || ftruncate(fd, PAGE_BYTES))
		_exit(1);
	file = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (file == MAP_FAILED)
		_exit(1);
	mapped_file = file;
	writer_page = page;
	/* There to be read already, so that the write is all that its fault is about. */
	if (mapped_file[0] || pthread_create(&thread, NULL, write_to_mapping, NULL))
		_exit(1);
	while (!atomic_load(&page->stop))
		sleep_ms(1);
	mprotect(file, PAGE_BYTES, PROT_READ);
	_exit(1);
}

static inline bool has_writer(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->rounds) != 0;
}

/* Starts such a victim, with DISK frozen. It hangs until DISK is thawed. */
static inline bool start_holder(struct victim *victim)
{
	const struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = hold_mmap_lock };
	pid_t writer;

	if (!start_in_cgroup(victim, shape) || !wait_for(has_writer, victim->page, WAIT_LIMIT_MS) ||
	    !freeze_disk(true))
		return false;
	writer = (pid_t)atomic_load(&victim->page->rounds);
	atomic_store(&victim->page->go, true);
	if (!wait_for_state(writer, "D", WAIT_LIMIT_MS))
		return false;
	atomic_store(&victim->page->stop, true);
	return wait_for_state(victim->pid, "D", WAIT_LIMIT_MS);
}

static inline void attack_once(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	waiting.attack(waiting.pidfd);
	atomic_store(&page->result, 1);
	_exit(0);
}

/*
 * Starts the victim, and the caller, which sets page->result once its call has
 * returned. True if it waits. DISK has to be thawed in any case.
 */
static inline bool caller_waits(struct victim *victim, struct victim *caller)
{
	const struct victim_shape caller_shape = { .body = attack_once };

	if (!start_holder(victim))
		return false;
	waiting.pidfd = victim->pidfd;
	/* A caller that did not have to wait is through, and a zombie. */
	return victim_start(caller, &caller_shape) &&
	       wait_for_state(caller->pid, "DZ", WAIT_LIMIT_MS) && stays(caller) &&
	       !atomic_load(&caller->page->result);
}

/* True if a caller that is killed while it waits gets EINTR. */
static inline bool caller_is_interrupted(void)
{
	struct victim victim;
	struct victim caller;
	char filter[32];
	char text[64];
	char task[32];

	snprintf(filter, sizeof(filter), "id == %d", waiting.system_call);
	snprintf(text, sizeof(text), "sys_exit: NR %d = -%d", waiting.system_call, EINTR);
	if (!trace_event("raw_syscalls/sys_exit", filter) || !caller_waits(&victim, &caller) ||
	    !victim_kill(&caller) || !victim_wait(&caller, true, WAIT_LIMIT_MS))
		return false;
	/* Nobody but the tracer sees what its call returns. */
	trace_task(task, sizeof(task), caller.pid);
	return trace_count(text, task) > 0 && !atomic_load(&caller.page->result);
}

/* Makes what is said of a caller that waits true or false, and lets victim and caller go. */
static inline bool happens_while_waiting(bool (*happens)(void))
{
	bool happened = happens();

	freeze_disk(false);
	support_cleanup();
	unlink(FILE_ON_DISK);
	return happened;
}

#endif /* REAPLAB_REAPED_VICTIMS_WAITING_H */
