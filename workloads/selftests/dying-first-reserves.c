// SPDX-License-Identifier: GPL-2.0-only
/*
 * How deep living threads, killed threads and kernel threads reach into the
 * memory reserves under each value of vm.dying_first, and that an allocation
 * which has begun sees both the signal and the sysctl.
 *
 * Nothing can be reclaimed here, and writers to a zram device allocate in a
 * way that neither fails nor invokes the OOM killer: each goes down to the
 * level that it has to leave, and loops there. So levels are read at leisure.
 *
 * A process of its own that is killed in that loop is helped out of it by
 * out_of_memory() today, which declares it an OOM victim. One that shares its
 * memory with a living process is not; most writers here do.
 */
#include "dying-first.h"
#include "ktap.h"
#include "support-scarce.h"
#include "support-zram.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define WRITER_STACK	(64 * 1024)
#define DEVICE_BYTES	(64 * MIB)

/* More than there is, reserves included: a writer of this many never finishes. */
#define ENDLESS_PAGES	((size_t)(DEVICE_BYTES / PAGE_BYTES))

#define LEAVE_BYTES	(8 * MIB)

/* The page cache that is locked before memory is short; more than from low down to nothing. */
#define CACHED_BYTES	(56 * MIB)

/* The writer shares this with the test, by CLONE_VM or by a shared mapping. */
struct writer {
	pid_t pid;
	int pidfd;
	int fd;
	atomic_ulong pages;		/* to be written; 0: not yet */
};

static struct writer *writer;

/* The locked page cache of the device; MAP_FAILED: none. */
static char *cached = MAP_FAILED;

/* What a passing case has seen, printed when memory is there again. */
static char seen[160];

/* ---- writers ---------------------------------------------------------- */

static void write_pages(void)
{
	struct timespec wait = { .tv_nsec = 1000000 };
	size_t pages;

	while (!(pages = atomic_load(&writer->pages)))
		syscall(SYS_nanosleep, &wait, NULL);
	zram_pump(writer->fd, pages);
}

/* Shares memory and thread-local storage with the test: system calls only. */
static int sharing_body(void *unused)
{
	(void)unused;
	write_pages();
	syscall(SYS_exit_group, 0);
	return 0;
}

static void own_body(struct victim_page *page, char *unused, size_t unused_bytes)
{
	(void)page;
	(void)unused;
	(void)unused_bytes;
	write_pages();
	_exit(0);
}

static bool writer_prepare(void)
{
	writer = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (writer == MAP_FAILED)
		return support_problem(__FILE__, __LINE__, "mmap");
	if (!zram_create(DEVICE_BYTES) || !zram_pump_prepare())
		return false;
	writer->fd = zram_open(O_WRONLY | O_DIRECT);
	return writer->fd >= 0;
}

/* A process that shares the test's memory, so that its death alone frees none. */
static bool start_sharing(void)
{
	char *stack = mmap(NULL, WRITER_STACK, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);

	if (stack == MAP_FAILED || !writer_prepare())
		return false;
	writer->pid = clone(sharing_body, stack + WRITER_STACK, CLONE_VM | SIGCHLD, NULL);
	if (writer->pid < 0)
		return support_problem(__FILE__, __LINE__, "clone");
	writer->pidfd = (int)syscall(SYS_pidfd_open, writer->pid, 0);
	return writer->pidfd >= 0;
}

/* A process with memory of its own. */
static bool start_own(void)
{
	struct victim_shape shape = { .body = own_body };
	struct victim victim;

	if (!writer_prepare() || !victim_start(&victim, &shape))
		return false;
	writer->pid = victim.pid;
	writer->pidfd = victim.pidfd;
	return true;
}

static bool writer_is_gone(int limit_ms)
{
	struct pollfd gone = { .fd = writer->pidfd, .events = POLLIN };

	return poll(&gone, 1, limit_ms) == 1;
}

/* ---- cases ------------------------------------------------------------ */

#define REQUIRE_MACHINE()							\
	do {									\
		if (scarce_impossible())					\
			SKIP("%s", scarce_impossible());			\
		if (!zram_exists())						\
			SKIP("no zram, so no writers that loop");		\
	} while (0)

/* Fails the case unless the level settles where it is to; says where it was. */
#define REQUIRE_LEVEL(expected, zone)						\
	REQUIRE_MSG(scarce_settles_at(expected, zone),				\
		    "%ld pages free, %ld expected, min %ld", (zone)->free,	\
		    (long)(expected), (zone)->min)

static void check_killed(int mode, bool favoured)
{
	struct zone_state zone;
	long living;

	REQUIRE_MACHINE();
	REQUIRE(start_sharing() && scarce_begin(LEAVE_BYTES) && zone_read(&zone));
	REQUIRE_ERROR(dying_first_set(mode), 0);
	atomic_store(&writer->pages, ENDLESS_PAGES);
	REQUIRE_LEVEL(zone.min, &zone);
	living = zone.free;
	REQUIRE_ERROR(kill(writer->pid, SIGKILL), 0);
	REQUIRE_LEVEL(favoured ? zone.min / 2 : zone.min, &zone);
	/* It is no OOM victim, and loops on. */
	REQUIRE(!writer_is_gone(0));
	snprintf(seen, sizeof(seen), "mode %d: min %ld, living stays at %ld, killed at %ld", mode,
		 zone.min, living, zone.free);
}

static void off_stops_at_min(void)
{
	check_killed(FIRST_NONE, false);
}

static void dying_stops_at_half(void)
{
	check_killed(FIRST_DYING, true);
}

static void kthreads_mode_same_for_dying(void)
{
	check_killed(FIRST_KTHREADS_TOO, true);
}

/* The killed thread loops in its allocation when the sysctl changes. */
static void raised_while_looping(void)
{
	struct zone_state zone;

	REQUIRE_MACHINE();
	REQUIRE(start_sharing() && scarce_begin(LEAVE_BYTES) && zone_read(&zone));
	atomic_store(&writer->pages, ENDLESS_PAGES);
	REQUIRE_LEVEL(zone.min, &zone);
	REQUIRE_ERROR(kill(writer->pid, SIGKILL), 0);
	REQUIRE_LEVEL(zone.min, &zone);
	REQUIRE_ERROR(dying_first_set(FIRST_DYING), 0);
	REQUIRE_LEVEL(zone.min / 2, &zone);
}

/* What the killed thread still needs fits into its half: it finishes and dies. */
static void enough_for_exit(void)
{
	struct zone_state zone;
	long pages;

	REQUIRE_MACHINE();
	REQUIRE(start_sharing() && scarce_begin(LEAVE_BYTES) && zone_read(&zone));
	REQUIRE_ERROR(dying_first_set(FIRST_DYING), 0);
	pages = zone.free - zone.min * 3 / 4;
	REQUIRE(pages > 0 && (size_t)pages < ENDLESS_PAGES);
	atomic_store(&writer->pages, (unsigned long)pages);
	REQUIRE_LEVEL(zone.min, &zone);
	REQUIRE(!writer_is_gone(0));
	REQUIRE_ERROR(kill(writer->pid, SIGKILL), 0);
	REQUIRE(writer_is_gone(WAIT_LIMIT_MS));
	REQUIRE(zram_stored() == (int64_t)pages * (int64_t)PAGE_BYTES);
}

/*
 * Kills a writer with memory of its own; returns how often it was declared an OOM
 * victim, -1 on trouble. Others may become victims meanwhile: memory is short.
 */
static int marked_victims(int mode, struct zone_state *zone)
{
	char task[32];
	long pages;
	long min;

	if (!trace_event("oom/mark_victim", NULL) || !start_own() ||
	    !scarce_begin(LEAVE_BYTES) || !zone_read(zone) || dying_first_set(mode))
		return -1;
	min = zone->min;
	pages = zone->free - min * 3 / 4;
	atomic_store(&writer->pages, (unsigned long)pages);
	if (!scarce_settles_at(min, zone) || kill(writer->pid, SIGKILL) ||
	    !writer_is_gone(WAIT_LIMIT_MS))
		return -1;
	/* Memory is still short: what follows may itself need the OOM killer. */
	trace_record(false);
	zone_read(zone);
	snprintf(task, sizeof(task), "pid=%d ", writer->pid);
	return trace_count("mark_victim:", task);
}

static void off_needs_the_oom_killer(void)
{
	struct zone_state zone = { .free = -1 };
	int marked;

	REQUIRE_MACHINE();
	marked = marked_victims(FIRST_NONE, &zone);
	REQUIRE_MSG(marked == 1, "marked %d times, %ld pages free", marked, zone.free);
	/* With mode 1 it depends: a signal that meets the writer on its way to the OOM killer marks it all the same. */
	ktap_note("what 6.12 does: a killed process that fails to allocate becomes an OOM victim");
}

/* An OOM victim's half and a dying thread's are the same half. */
static void halves_do_not_add_up(void)
{
	struct zone_state zone;
	long lowest;

	REQUIRE_MACHINE();
	REQUIRE(start_own() && scarce_begin(LEAVE_BYTES) && zone_read(&zone));
	REQUIRE_ERROR(dying_first_set(FIRST_DYING), 0);
	atomic_store(&writer->pages, ENDLESS_PAGES);
	REQUIRE_LEVEL(zone.min, &zone);
	lowest = zone.free;
	REQUIRE_ERROR(kill(writer->pid, SIGKILL), 0);
	/* At half of min it is declared a victim, gets no more by that, and its write fails. */
	while (!writer_is_gone(0)) {
		zone_read(&zone);
		if (zone.free < lowest)
			lowest = zone.free;
		sleep_ms(1);
	}
	zone_read(&zone);
	if (zone.free < lowest)
		lowest = zone.free;
	snprintf(seen, sizeof(seen), "min %ld, lowest %ld", zone.min, lowest);
	REQUIRE_MSG(lowest >= zone.min / 2 - BLUR_PAGES, "%ld of %ld pages were left", lowest,
		    zone.min);
}

/* Locks the device's page cache, so that what is written to it is never reclaimed. */
static bool lock_device(void)
{
	int fd = zram_open(O_RDWR);

	if (fd < 0)
		return false;
	cached = mmap(NULL, CACHED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (cached == MAP_FAILED || mlock(cached, CACHED_BYTES))
		return support_problem(__FILE__, __LINE__, "locking the device's pages");
	return true;
}

/*
 * Limits that no dirtier here reaches, however little memory there is. They
 * can't be put back themselves; the ratios can, and that does away with them.
 */
static bool allow_dirt(void)
{
	return vm_set("dirty_writeback_centisecs", "0") && vm_set("dirty_ratio", "20") &&
	       vm_set("dirty_background_ratio", "10") &&
	       write_file("/proc/sys/vm/dirty_bytes", "268435456") &&
	       write_file("/proc/sys/vm/dirty_background_bytes", "134217728");
}

/* SysRq s: workers of the kernel write all that is dirty, and nobody waits for them. */
static void kernel_threads(void)
{
	int trigger = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);
	struct zone_state zone;
	long before;

	REQUIRE_MACHINE();
	if (trigger < 0)
		SKIP("no /proc/sysrq-trigger, so nothing to make kernel threads write");
	REQUIRE(zram_create(DEVICE_BYTES) && lock_device());
	REQUIRE(scarce_begin(LEAVE_BYTES) && allow_dirt() && zone_read(&zone));
	REQUIRE_ERROR(dying_first_set(FIRST_DYING), 0);
	/* Takes no memory by itself: the pages are there. */
	fill_incompressible(cached, CACHED_BYTES);
	REQUIRE(write(trigger, "s", 1) == 1);
	close(trigger);
	REQUIRE_LEVEL(zone.min, &zone);
	before = zone.free;
	REQUIRE_ERROR(dying_first_set(FIRST_KTHREADS_TOO), 0);
	REQUIRE_LEVEL(zone.min / 2, &zone);
	snprintf(seen, sizeof(seen), "a kernel worker: min %ld, mode 1 stays at %ld, mode 2 at %ld",
		 zone.min, before, zone.free);
}

static void cleanup(void)
{
	struct pollfd gone = { .fd = writer ? writer->pidfd : -1, .events = POLLIN };

	if (writer && writer->pid > 0 && poll(&gone, 1, 0) == 0)
		kill(writer->pid, SIGKILL);
	/* The ballast goes now, so that all who loop can finish. */
	support_cleanup();
	if (writer) {
		close(writer->fd);
		munmap(writer, PAGE_BYTES);
	}
	writer = NULL;
	if (cached != MAP_FAILED)
		munmap(cached, CACHED_BYTES);
	cached = MAP_FAILED;
	zram_remove();
	dying_first_undo();
	if (seen[0])
		ktap_note("%s", seen);
	seen[0] = '\0';
}

static const struct ktap_case cases[] = {
	{ "0: killed threads leave the min watermark, as the living do", off_stops_at_min },
	{ "1: killed threads leave half of it, the living all of it", dying_stops_at_half },
	{ "2: the same for killed and living threads", kthreads_mode_same_for_dying },
	{ "1, set while a killed thread loops: it goes on to half", raised_while_looping },
	{ "1: a thread killed while it loops finishes and dies", enough_for_exit },
	{ "0: a killed process gets out by becoming an OOM victim", off_needs_the_oom_killer },
	{ "1: an OOM victim's reserves come not on top", halves_do_not_add_up },
	{ "1 and 2: only 2 lets kernel threads leave half", kernel_threads },
};

int main(void)
{
	return dying_first_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
