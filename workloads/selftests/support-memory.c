// SPDX-License-Identifier: GPL-2.0-only
/* See support-memory.h. */
#include "support-memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#define MANY_SYSCTLS	8
#define SYSCTLS		"/proc/sys/vm/"

/*
 * The ballast takes memory in large steps while it is far from its end, then in
 * small ones, and so stops at most a small step too late.
 */
#define BALLAST_LARGE	(8 * MIB)
#define BALLAST_STEP	(MIB / 4)

/* Filling a gigabyte takes 15 s in an emulated kernel with KASAN and lockdep on a loaded host. */
#define BALLAST_LIMIT_MS	90000

#define problem(...)	support_problem(__FILE__, __LINE__, __VA_ARGS__)

static char zone_text[64 * 1024];
static int zone_fd = -1;

static struct sysctl {
	char path[96];
	char before[32];
} sysctls[MANY_SYSCTLS];
static size_t sysctl_count;

/* ---- the zone --------------------------------------------------------- */

/* The number after a word, searched from text on; -1 if there is none. */
static long number_after(const char *text, const char *end, const char *word)
{
	const char *at = strstr(text, word);

	return at && at < end ? strtol(at + strlen(word), NULL, 10) : -1;
}

static bool zone_load(void)
{
	ssize_t length;

	if (zone_fd < 0)
		zone_fd = open("/proc/zoneinfo", O_RDONLY | O_CLOEXEC);
	if (zone_fd < 0)
		return problem("open /proc/zoneinfo");
	length = pread(zone_fd, zone_text, sizeof(zone_text) - 1, 0);
	if (length <= 0)
		return problem("read /proc/zoneinfo");
	zone_text[length] = '\0';
	return true;
}

/* Finds the largest zone in what was read; the pages of all zones go to *total. */
static const char *largest_zone(const char **end, long *largest, long *total)
{
	const char *zone = strstr(zone_text, "Node ");
	const char *found = NULL;

	*largest = 0;
	*total = 0;
	while (zone) {
		const char *next = strstr(zone + 1, "Node ");
		const char *zone_end = next ? next : zone + strlen(zone);
		long managed = number_after(zone, zone_end, "managed ");

		if (managed > 0)
			*total += managed;
		if (managed > *largest) {
			*largest = managed;
			found = zone;
			*end = zone_end;
		}
		zone = next;
	}
	return found;
}

bool zone_read(struct zone_state *state)
{
	const char *end = NULL;
	const char *zone;
	const char *at;
	long largest;
	long total;

	if (!zone_load())
		return false;
	zone = largest_zone(&end, &largest, &total);
	if (!zone) {
		errno = EINVAL;
		return problem("no zone in /proc/zoneinfo");
	}
	state->free = number_after(zone, end, "pages free ");
	state->min = number_after(zone, end, "min ");
	state->low = number_after(zone, end, "low ");
	state->cached = 0;
	for (at = strstr(zone, "count: "); at && at < end; at = strstr(at + 1, "count: "))
		state->cached += strtol(at + strlen("count: "), NULL, 10);
	return true;
}

bool zone_is_alone(void)
{
	const char *end = NULL;
	long largest = 0;
	long total = 0;

	if (!zone_load() || !largest_zone(&end, &largest, &total))
		return false;
	if (largest >= total / 10 * 9)
		return true;
	printf("# the largest zone has %ld of %ld pages\n", largest, total);
	return false;
}

/* ---- sysctls ---------------------------------------------------------- */

bool vm_set(const char *name, const char *value)
{
	struct sysctl *entry = &sysctls[sysctl_count];

	if (sysctl_count == MANY_SYSCTLS) {
		errno = E2BIG;
		return problem("more than %d sysctls", MANY_SYSCTLS);
	}
	snprintf(entry->path, sizeof(entry->path), SYSCTLS "%s", name);
	if (read_file(entry->path, entry->before, sizeof(entry->before)) <= 0)
		return problem("read %s", entry->path);
	sysctl_count++;
	return write_file(entry->path, value);
}

bool vm_restore(void)
{
	bool restored = true;

	while (sysctl_count) {
		sysctl_count--;
		restored &= write_file(sysctls[sysctl_count].path, sysctls[sysctl_count].before);
	}
	return restored;
}

/* ---- memory ----------------------------------------------------------- */

char *map_anonymous(size_t bytes)
{
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED) {
		problem("mmap of %zu bytes", bytes);
		return NULL;
	}
	madvise(memory, bytes, MADV_NOHUGEPAGE);
	return memory;
}

int populate(char *memory, size_t bytes)
{
	return madvise(memory, bytes, MADV_POPULATE_WRITE) ? errno : 0;
}

/* Set before the fork that makes the ballast. */
static long ballast_leaves_pages;

/* Says in page->rounds that it is done: 1 as asked, 2 otherwise. */
static void ballast_body(struct victim_page *page, char *unused, size_t unused_bytes)
{
	struct zone_state zone = { .free = 0 };
	struct sysinfo machine;
	bool done = false;
	char *memory;
	size_t at = 0;
	size_t bytes;

	(void)unused;
	(void)unused_bytes;
	sysinfo(&machine);
	bytes = machine.totalram * machine.mem_unit / BALLAST_STEP * BALLAST_STEP;
	memory = map_anonymous(bytes);
	/* On fault: locked page by page as they come, not all at once here. */
	if (memory && !mlock2(memory, bytes, MLOCK_ONFAULT) &&
	    write_file("/proc/self/oom_score_adj", "-1000")) {
		while (zone_read(&zone) && !done && at + BALLAST_LARGE <= bytes) {
			long excess = zone.free - zone.low - ballast_leaves_pages;
			bool far = excess > (long)(2 * BALLAST_LARGE / PAGE_BYTES);
			size_t step = far ? BALLAST_LARGE : BALLAST_STEP;

			/* Sooner done, above all under KASAN; nothing is lost where there are none. */
			if (far)
				madvise(memory + at, step, MADV_HUGEPAGE);
			done = excess <= 0;
			if (!done && populate(memory + at, step))
				break;
			at += step;
		}
	}
	if (!done)
		problem("the ballast stopped at %zu MiB with %ld pages free", at / MIB, zone.free);
	atomic_store(&page->rounds, done ? 1 : 2);
}

static bool ballast_is_done(void *argument)
{
	const struct victim *ballast = argument;

	return atomic_load(&ballast->page->rounds) != 0;
}

bool ballast_start(struct victim *ballast, size_t leave_bytes)
{
	struct victim_shape shape = { .body = ballast_body };

	ballast_leaves_pages = (long)(leave_bytes / PAGE_BYTES);
	if (!victim_start(ballast, &shape))
		return false;
	if (wait_for(ballast_is_done, ballast, BALLAST_LIMIT_MS))
		return atomic_load(&ballast->page->rounds) == 1;
	errno = ETIMEDOUT;
	return problem("the ballast is not in place");
}

/* ---- tracing ---------------------------------------------------------- */

pid_t thread_id(void)
{
	return (pid_t)syscall(SYS_gettid);
}

bool trace_direct_reclaim(pid_t tid)
{
	char filter[32];

	snprintf(filter, sizeof(filter), "common_pid == %d", tid);
	return trace_event("vmscan/mm_vmscan_direct_reclaim_begin", filter);
}
