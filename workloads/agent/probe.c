// SPDX-License-Identifier: GPL-2.0-only
#include <sys/utsname.h>
#include <unistd.h>

#include "clocks.h"
#include "counters.h"
#include "json.h"
#include "methods.h"
#include "probe.h"

/* Enough reads that a clock which moves at all has moved. */
#define CLOCK_READS 100000

#define SLEEPS 10

/* 4 ms here means the clock is jiffies; -1 that it never moved. */
static int64_t clock_step_ns(void)
{
	int64_t smallest = -1;
	int64_t last = now_ns();

	for (int i = 0; i < CLOCK_READS; i++) {
		int64_t time = now_ns();

		if (time != last && (smallest < 0 || time - last < smallest))
			smallest = time - last;
		last = time;
	}
	return smallest;
}

/* Clocks can step in ns while timers still fire at ticks only. */
static int64_t longest_sleep_ns(void)
{
	int64_t longest = 0;

	for (int i = 0; i < SLEEPS; i++) {
		int64_t start = now_ns();
		int64_t took;

		sleep_ns(100 * NS_PER_US);
		took = now_ns() - start;
		if (took > longest)
			longest = took;
	}
	return longest;
}

void probe_report(FILE *output)
{
	const struct method *const *entry;
	struct json json = { .file = output };
	struct utsname system;

	uname(&system);
	json_open(&json, NULL);
	json_text(&json, "type", "probe");
	json_number(&json, "protocol", PROTOCOL_VERSION);
	json_text(&json, "kernel", system.release);
	json_open(&json, "methods");
	for_each_method(entry)
		json_errno(&json, (*entry)->name, (*entry)->probe());
	json_close(&json);
	json_text(&json, "clocksource", clocksource());
	json_number(&json, "clock_step_ns", clock_step_ns());
	json_number(&json, "sleep_100us_ns", longest_sleep_ns());
	json_number(&json, "cpus", sysconf(_SC_NPROCESSORS_ONLN));
	json_number(&json, "memory_bytes", (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE));
	json_close(&json);
}
