/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_CLOCKS_H
#define REAPLAB_CLOCKS_H

#include <stdint.h>
#include <time.h>

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* The time of @clock in ns; -1 where the clock (say, of a process that has gone) cannot be read. */
int64_t clock_ns(clockid_t clock);

/* CLOCK_MONOTONIC in ns: the one time base of everything measured. */
int64_t now_ns(void);

/* Sleep for @ns, counted from now; signals do not shorten it. */
void sleep_ns(int64_t ns);

struct timespec timespec_of(int64_t ns);

#endif
