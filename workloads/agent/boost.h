/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_BOOST_H
#define REAPLAB_BOOST_H

#include "methods.h"

/*
 * Raising a victim from user space, for the methods that do so before or
 * after the kill. The cgroup is open before the window; the threads are listed
 * in it, since no killer knows another program's threads in advance.
 */
enum boost_means {
	BOOST_CGROUP = 1 << 0,		/* the process goes into a cgroup of the greatest cpu.weight, without cpu.max */
	BOOST_AFFINITY = 1 << 1,	/* each thread may run on every CPU */
	BOOST_POLICY = 1 << 2,		/* each thread becomes SCHED_FIFO, of the lowest priority */
	BOOST_NICE = 1 << 3,		/* each thread gets nice -20 */
	BOOST_NICE_0 = 1 << 4,		/* each thread gets nice 0 */
	/* The nice value of a SCHED_FIFO thread does nothing, so it is not among all. */
	BOOST_ALL = BOOST_CGROUP | BOOST_AFFINITY | BOOST_POLICY,
	/* lmkd's profiles "foreground" for cgroup and scheduling, then its normal priority. */
	BOOST_LMKD = BOOST_CGROUP | BOOST_NICE_0,
};

/* The parts of a method that boosts: struct method's probe, prepare and finish. */
int boost_probe(void);
int boost_prepare(struct failure *failure);
void boost_finish(struct trial *trial);

/*
 * Raise the victim on the calling thread. The clock starts here if it has not
 * yet: what a method does before its kill is part of its price.
 */
void timed_boost(const struct kill_context *context, enum boost_means means);

/*
 * The same on a thread of its own, of the killer's priority and free to run on
 * any CPU; does not wait for it. boost_finish() does.
 */
void begin_boost(const struct kill_context *context, enum boost_means means);

#endif
