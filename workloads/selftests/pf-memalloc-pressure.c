// SPDX-License-Identifier: GPL-2.0-only
/*
 * The modes of approach pf-memalloc under real pressure: processes that
 * together want more memory than there is keep the guest swapping to zram,
 * while this thread does what a userspace OOM killer does to memory: it faults
 * pages in and reads files that the kernel allocates buffers for. Modes take
 * turns, so that the pressure is the same for all.
 *
 * Direct reclaim is counted for this very thread. Times are printed, not
 * judged: they depend on the host.
 */
#include "ktap.h"
#include "pf-memalloc.h"
#include "support-memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/swap.h>

#define ZRAM		"/sys/block/zram0/"
#define ZRAM_DEVICE	"/dev/zram0"

/* What the loads share, and what each wants of it: nearly twice as much in all. */
#define LEAVE_BYTES	(96 * MIB)
#define LOADS		3
#define LOAD_BYTES	(64 * MIB)
#define SWAP_BYTES	"268435456"
#define SWAP_PAGES	(268435456U / 4096U)

/* One turn of a mode, and turns per mode: long enough for hundreds of cycles under emulation. */
#define TURN_MS		700
#define TURNS		4

/* A cycle takes about what the killer's walk over a few cgroups takes. */
#define CYCLE_BYTES	(64 * PAGE_BYTES)

/*
 * Pressure is there when swap-outs have begun; the loads reach that while they
 * fill, within seconds, or minutes with KASAN on an emulated guest of a busy
 * host. Five minutes of silence would be taken for a hang.
 */
#define PRESSURE_LIMIT_MS	240000

static const unsigned long modes[] = { MEMALLOC_OFF, MEMALLOC_UNBOUNDED, MEMALLOC_BOUNDED };

#define MODES	(sizeof(modes) / sizeof(modes[0]))

struct result {
	int reclaims;
	int cycles;
	int failures;
	int64_t total_ns;
	int64_t longest_ns;
};

/* The first page of a swap area: version 1 and its last page, then the signature. */
static bool write_swap_header(void)
{
	static unsigned char page[PAGE_BYTES];
	uint32_t numbers[2] = { 1, SWAP_PAGES - 1 };
	int fd = open(ZRAM_DEVICE, O_WRONLY | O_CLOEXEC);
	bool written;

	memcpy(page + 1024, numbers, sizeof(numbers));
	memcpy(page + PAGE_BYTES - 10, "SWAPSPACE2", 10);
	written = fd >= 0 && write(fd, page, sizeof(page)) == (ssize_t)sizeof(page) && !fsync(fd);
	if (!written)
		support_problem(__FILE__, __LINE__, "write to " ZRAM_DEVICE);
	close(fd);
	return written;
}

static bool swap_start(void)
{
	if (!write_file(ZRAM "disksize", SWAP_BYTES) || !write_swap_header())
		return false;
	return !swapon(ZRAM_DEVICE, 0) || support_problem(__FILE__, __LINE__, "swapon");
}

static void swap_stop(void)
{
	/* EINVAL: it was not on. */
	if (!swapoff(ZRAM_DEVICE))
		write_file(ZRAM "reset", "1");
}

/* Goes round its memory for ever; filling it is the first round. */
static void load_body(struct victim_page *page, char *unused, size_t unused_bytes)
{
	char *memory = map_anonymous(LOAD_BYTES);

	(void)unused;
	(void)unused_bytes;
	write_file("/proc/self/oom_score_adj", "1000");
	while (memory && !atomic_load(&page->stop)) {
		for (size_t at = 0; at < LOAD_BYTES; at += PAGE_BYTES)
			memory[at]++;
		atomic_fetch_add(&page->rounds, 1);
	}
}

/* Pages swapped out since boot. */
static long swapped_out(void)
{
	static char text[16384];
	const char *at;

	if (read_file("/proc/vmstat", text, sizeof(text)) <= 0)
		return -1;
	at = strstr(text, "\npswpout ");
	return at ? strtol(at + strlen("\npswpout "), NULL, 10) : -1;
}

static bool has_swapped(void *argument)
{
	const long *before = argument;

	/* As much as the loads want beyond what there is. */
	return swapped_out() > *before + (long)((LOADS * LOAD_BYTES - LEAVE_BYTES) / PAGE_BYTES);
}

/* Faults pages in and reads a file for which the kernel allocates a buffer. */
static bool cycle(void)
{
	char text[256];
	char *memory = mmap(NULL, CYCLE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool done;

	if (memory == MAP_FAILED)
		return false;
	madvise(memory, CYCLE_BYTES, MADV_NOHUGEPAGE);
	done = !populate(memory, CYCLE_BYTES) &&
	       read_file("/proc/self/status", text, sizeof(text)) > 0;
	munmap(memory, CYCLE_BYTES);
	return done;
}

static void turn(unsigned long mode, struct result *result)
{
	int64_t end = now_ns() + TURN_MS * 1000000LL;
	int64_t start;
	int64_t took;

	while ((start = now_ns()) < end) {
		memalloc_set(mode);
		if (!cycle())
			result->failures++;
		took = now_ns() - start;
		memalloc_set(MEMALLOC_OFF);
		result->cycles++;
		result->total_ns += took;
		if (took > result->longest_ns)
			result->longest_ns = took;
		/* Pages just freed would serve the next cycle from this CPU's list. */
		sleep_ms(2);
	}
}

static bool pressure_start(void)
{
	struct victim_shape shape = { .body = load_body };
	struct victim load;
	struct victim ballast;
	long before = swapped_out();

	if (!trace_direct_reclaim(thread_id()) || !trace_record(false) || !swap_start() ||
	    !ballast_start(&ballast, LEAVE_BYTES))
		return false;
	for (int i = 0; i < LOADS; i++)
		if (!victim_start(&load, &shape))
			return false;
	if (wait_for(has_swapped, &before, PRESSURE_LIMIT_MS))
		return true;
	errno = ETIMEDOUT;
	return support_problem(__FILE__, __LINE__, "the loads do not swap");
}

static void fewer_reclaims(void)
{
	struct result results[MODES] = { { .cycles = 0 } };

	if (!path_exists(ZRAM "disksize"))
		SKIP("no zram0, so no swap");
	if (!zone_is_alone())
		SKIP("memory is spread over several zones");
	REQUIRE(pressure_start());
	for (int round = 0; round < TURNS; round++) {
		for (size_t i = 0; i < MODES; i++) {
			int before = trace_count("direct_reclaim_begin:", NULL);

			trace_record(true);
			turn(modes[i], &results[i]);
			trace_record(false);
			results[i].reclaims += trace_count("direct_reclaim_begin:", NULL) - before;
		}
	}
	for (size_t i = 0; i < MODES; i++)
		ktap_note("mode %lu: %d cycles, %d direct reclaims, %d failures, mean %lld us, longest %lld us",
			  modes[i], results[i].cycles, results[i].reclaims, results[i].failures,
			  (long long)(results[i].total_ns / 1000 / (results[i].cycles + 1)),
			  (long long)(results[i].longest_ns / 1000));

	if (results[MEMALLOC_OFF].reclaims < 10)
		SKIP("no pressure: mode 0 entered direct reclaim %d times",
		     results[MEMALLOC_OFF].reclaims);
	REQUIRE(results[MEMALLOC_UNBOUNDED].reclaims == 0);
	/* Per cycle, since a mode that waits less does more cycles in a turn. */
	REQUIRE((long)results[MEMALLOC_BOUNDED].reclaims * results[MEMALLOC_OFF].cycles <
		(long)results[MEMALLOC_OFF].reclaims * results[MEMALLOC_BOUNDED].cycles);
	REQUIRE(results[MEMALLOC_BOUNDED].failures == 0);
	REQUIRE(results[MEMALLOC_OFF].failures == 0);
}

static void cleanup(void)
{
	memalloc_set(MEMALLOC_OFF);
	/* The loads first, or swapping in all they have would take long. */
	support_cleanup();
	swap_stop();
}

static const struct ktap_case cases[] = {
	{ "mode 1 never enters direct reclaim, mode 2 more rarely than mode 0", fewer_reclaims },
};

int main(void)
{
	if (!memalloc_exists()) {
		printf("KTAP version 1\n1..0 # SKIP this kernel has no PR_SET_MEMALLOC\n");
		return KTAP_SKIP;
	}
	if (mlockall(MCL_CURRENT) || !write_file("/proc/self/oom_score_adj", "-1000"))
		ktap_note("running unprotected: %s", ktap_error_name(errno));
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
