/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Races for the selftests of calls that kill and reap at once: victims that do
 * something else at that moment, disturbers beside them, and several callers
 * on the same victim. Conventions as in support.h.
 */
#ifndef REAPLAB_SELFTEST_SUPPORT_RACES_H
#define REAPLAB_SELFTEST_SUPPORT_RACES_H

#include "support.h"

#define RACE_ERRNOS	134	/* more than the highest errno there is, EHWPOISON */

struct race {
	struct victim_shape shape;
	/* Runs in a process of its own until page->stop is set; NULL: nobody disturbs. */
	void (*disturb)(const struct victim *victim);
};

/* The victim exits by itself about when it is killed. */
extern const struct race race_exit;
/* It forks; its children look at what they have in common with it and exit. */
extern const struct race race_fork;
/* It makes processes that share its memory, look at it for a while, and exit. */
extern const struct race race_clone;
/* It calls vfork() over and over. */
extern const struct race race_vfork;
/* It calls exec over and over. The program must begin with race_main(). */
extern const struct race race_exec;
/* It maps, protects, discards and unmaps memory. */
extern const struct race race_mappings;
/* A tracer seizes it, stops it, lets it go, and holds it up in its exit. */
extern const struct race race_ptrace;
/* It is moved from one cgroup to another and back. */
extern const struct race race_cgroup;
/* Its cgroup is frozen and thawed. */
extern const struct race race_freezer;

struct race_results {
	unsigned int rounds;
	unsigned int first[RACE_ERRNOS];	/* what the caller got whose call began first, by errno */
	unsigned int answers[RACE_ERRNOS];	/* what all callers got */
};

/*
 * Runs many rounds of a race: a new victim, and after a random time the attack
 * by several callers at once. An attack kills and reaps, and returns an errno
 * or 0; EINVAL means that it did nothing, and it is repeated. True if every
 * victim died, nobody who lives on found its memory damaged, all memory was
 * freed in the end, and the kernel did not complain.
 */
bool race_run(const struct race *race, int (*attack)(int pidfd), struct race_results *results);

/* For an attack that wants the number: the process of a pidfd, 0 if it has been waited for. */
pid_t race_pid(int pidfd);

/* To be called first in main(): takes over the process if it is a victim of race_exec. */
void race_main(int count, char **arguments);

/*
 * Between support-races.c and support-race-victims.c: the cgroups, of which
 * victims start in the first; the words that living processes found wrong in
 * their memory, shared with all of them; a sleep that touches no errno.
 */
extern char race_groups[2][128];
extern atomic_ulong *race_damage;
void race_nap_us(long us);

#endif /* REAPLAB_SELFTEST_SUPPORT_RACES_H */
