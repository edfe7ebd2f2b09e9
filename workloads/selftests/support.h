/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the selftests share: victims, their neighbours, freezers, cgroups,
 * trace events, waits with limits.
 *
 * A function that fails prints a line "# file:line: what: why" and returns
 * false or -1, so that a case only has to REQUIRE() it. Everything made here
 * is remembered, and support_cleanup() puts it away again.
 */
#ifndef REAPLAB_SELFTEST_SUPPORT_H
#define REAPLAB_SELFTEST_SUPPORT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "clocks.h"

/*
 * The limit of a single wait: filling 64 MiB takes about 3 s in an emulated
 * kernel with KASAN and lockdep on a loaded host; ten times that means that
 * it will not come.
 */
#define WAIT_LIMIT_MS	30000

#define MIB	((size_t)1 << 20)

/* A page that test, victim and neighbour all map, outside the victim's private memory. */
struct victim_page {
	atomic_bool ready;		/* memory filled, threads started */
	atomic_ulong memory;		/* where the victim has its memory */
	atomic_ulong passes;		/* of the neighbour over the pattern, without damage */
	atomic_ulong damaged;		/* words the neighbour found wrong */
	atomic_int neighbour_pid;
	/* For the use of bodies. */
	atomic_bool go;
	atomic_bool stop;
	atomic_ulong rounds;
	atomic_long result;
};

/* How a victim looks. Everything zero is a process of one thread that sleeps. */
struct victim_shape {
	size_t bytes;			/* private anonymous memory in 4 KiB pages, filled with the pattern */
	unsigned int threads;		/* beside the leader; all sleep */
	bool leader_exits;		/* the leader ends, the other threads stay */
	bool neighbour;			/* a process shares the memory (CLONE_VM) and keeps checking it */
	bool vfork;			/* the leader waits for it, as after vfork() */
	const char *cgroup;		/* directory of the v2 cgroup to charge; NULL: the test's own */
	/* What the leader does once ready, instead of sleeping. */
	void (*body)(struct victim_page *page, char *memory, size_t bytes);
};

struct victim {
	pid_t pid;
	int pidfd;
	struct victim_page *page;
};

/* Starts a victim and waits until it is ready. It dies with the test. */
bool victim_start(struct victim *victim, const struct victim_shape *shape);
/* SIGKILL through the pidfd. */
bool victim_kill(const struct victim *victim);
/* Waits for the process to become a zombie, and reaps it unless told not to. */
bool victim_wait(const struct victim *victim, bool reap, int limit_ms);
/* True if it is still there so many milliseconds later. */
bool victim_stays(const struct victim *victim, int ms);
/* Waits for it to become a zombie; true if it died of SIGKILL. */
bool dies_of_sigkill(const struct victim *victim);
/* Waits for the thread tid to reach one of the states given as letters, "DS". */
bool wait_for_state(pid_t tid, const char *states, int limit_ms);
/*
 * For a body: makes the neighbour now, and with vfork waits for its end. It
 * tells its number itself, since the victim may be killed before it can.
 */
bool neighbour_start(struct victim_page *page, char *memory, size_t bytes, bool vfork);
/* Waits until the neighbour has found the whole pattern right so many times more. */
bool neighbour_checks(const struct victim *victim, unsigned long passes, int limit_ms);
/* True while the neighbour lives. */
bool neighbour_lives(const struct victim *victim);
/* The number of words that are not what the victim's memory was filled with. */
unsigned long pattern_damage(const char *memory, size_t bytes);

/* Polls every millisecond; false if the limit passes first. */
bool wait_for(bool (*reached)(void *argument), void *argument, int limit_ms);
/* Sleeps, for bodies and polls. */
void sleep_ms(int ms);

/*
 * Runs body in a child of its own, for what can't be undone in the test
 * itself (capabilities, limits). Returns its exit code, or -1.
 */
int run_in_child(int (*body)(void *argument), void *argument, int limit_ms);
/* Binds a task (0: this one, until the end of the case) to one CPU. */
bool pin(pid_t pid, int cpu);
/* Drops one capability from the calling thread's effective and permitted sets. */
bool drop_capability(unsigned int capability);

/* Makes an empty v2 cgroup with the memory controller; path holds at least 128 bytes. */
bool cgroup_create(char *path, size_t size);
/* The same below another one, without a controller of its own; it goes before its parent does. */
bool cgroup_create_below(const char *parent, char *path, size_t size);
/* The cgroup's memory.current in bytes, or -1. */
int64_t cgroup_memory(const char *path);
/* Freezes (or thaws) all threads of a process by the v1 freezer, and waits for it. */
bool freezer_v1(pid_t pid, bool freeze);
/* The same by cgroup.freeze of a v2 cgroup. */
bool freezer_v2(const char *cgroup, bool freeze);

/* Writes text to a file; false and a diagnostic if that fails. */
bool write_file(const char *path, const char *text);
/* Reads a file as text; the length, or -1 without a diagnostic. */
ssize_t read_file(const char *path, char *text, size_t size);
/* True if the path exists. */
bool path_exists(const char *path);

/*
 * Tracing in an instance of its own, clock mono. Events are named "oom/x",
 * the filter may be NULL. trace_count() counts the lines which contain all of
 * the given texts (the second may be NULL); the name of an event in a line is
 * "x:".
 */
bool trace_event(const char *event, const char *filter);
/* The text that marks a line as caused by the task; size at least 16. */
void trace_task(char *text, size_t size, pid_t pid);
int trace_count(const char *first, const char *second);
/* All that was traced, for what trace_count() can't tell; valid until the next look. */
const char *trace_lines(void);
/* Stops or goes on recording, without allocating memory. */
bool trace_record(bool on);
/* Prints what was traced as diagnostics, for a case that fails. */
void trace_dump(void);

/* Puts away victims, frozen groups, cgroups and tracing. */
void support_cleanup(void);
/* The victims alone, for a case that starts more of them than it may hold at a time. */
void support_end_victims(void);
/* The steps that belong to support-kernel.c: before and after the victims go. */
void support_thaw(void);
void support_remove(void);

/* Prints a diagnostic with strerror(errno); always false. */
bool support_problem(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* REAPLAB_SELFTEST_SUPPORT_H */
