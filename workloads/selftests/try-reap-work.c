// SPDX-License-Identifier: GPL-2.0-only
/*
 * try_reap_dying_process(): how much it takes at a time, of what, and what it
 * says about it. The victims are frozen, so that nobody else frees anything.
 */
#include <sys/mman.h>
#include <sys/prctl.h>

#include "ktap.h"
#include "support.h"
#include "support-bodies.h"
#include "try-reap.h"

#define VICTIM_BYTES	(64 * MIB)
#define PAGE_BYTES	((size_t)4096)
#define REFUSE		"/sys/kernel/debug/reaplab/refuse"

/* As in reaping-cases.h. */
#define MEMORY_SLACK	(4 * (int64_t)MIB)

/* What a victim has mapped privately beside what it is told to: text, data, stacks. */
#define PROGRAM_BYTES	((long)(4 * MIB))

static char cgroup[128];

/* Starts a victim in a new cgroup, lets its body finish, freezes and kills it. */
static bool start_killed(struct victim *victim, struct victim_shape shape)
{
	shape.cgroup = cgroup;
	return cgroup_create(cgroup, sizeof(cgroup)) && victim_start(victim, &shape) &&
	       (!shape.body || wait_for(is_going, victim->page, WAIT_LIMIT_MS)) &&
	       freezer_v1(victim->pid, true) && victim_kill(victim);
}

/* Calls until nothing is left; the sum, or the first error. */
static long reap_in_steps(int pidfd, size_t step, unsigned int *calls)
{
	long sum = 0;
	long bytes;

	*calls = 0;
	do {
		bytes = try_reap(pidfd, 0, step);
		if (bytes > 0)
			sum += bytes;
		++*calls;
	} while (bytes > 0);
	return bytes < 0 ? bytes : sum;
}

/* ---- limits ----------------------------------------------------------- */

static void stops_at_the_limit(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	const size_t step = 16 * MIB;
	struct victim victim;
	int64_t held;
	long sum = 0;
	long bytes;
	int i;

	REQUIRE(start_killed(&victim, shape));
	held = cgroup_memory(cgroup);
	for (i = 0; i < 3; i++) {
		int64_t lost;

		bytes = try_reap(victim.pidfd, 0, step);
		REQUIRE_MSG(bytes >= (long)step && bytes < (long)(step + TABLE_BYTES),
			    "%ld bytes in call %d", bytes, i);
		sum += bytes;
		lost = held - cgroup_memory(cgroup);
		REQUIRE_MSG(lost > sum - MEMORY_SLACK && lost < sum + MEMORY_SLACK,
			    "%ld bytes, the cgroup lost %ld", sum, (long)lost);
	}
	REQUIRE(wait_for_state(victim.pid, "D", WAIT_LIMIT_MS));
}

/* Every byte is counted once, whatever the step. */
static void steps_add_up(void)
{
	static const size_t steps[] = { 1, PAGE_BYTES, PAGE_BYTES + 1, MIB, TABLE_BYTES,
					TABLE_BYTES + 1, 16 * MIB, SIZE_MAX };
	struct victim_shape shape = { .bytes = 16 * MIB };
	unsigned int calls;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct victim victim;
		long sum;

		REQUIRE(start_killed(&victim, shape));
		sum = reap_in_steps(victim.pidfd, steps[i], &calls);
		ktap_note("steps of %zu bytes: %ld bytes in %u calls", steps[i], sum, calls);
		REQUIRE(sum >= (long)shape.bytes && sum < (long)shape.bytes + PROGRAM_BYTES);
		REQUIRE(calls <= (size_t)sum / steps[i] + 2);
		REQUIRE_MSG(cgroup_memory(cgroup) < MEMORY_SLACK, "%ld bytes left",
			    (long)cgroup_memory(cgroup));
		REQUIRE(try_reap(victim.pidfd, 0, steps[i]) == 0);
		support_cleanup();
	}
}

/* One page under each of many page tables: a step is not a range of addresses. */
#define SPARSE_PAGES	64

static void map_sparsely(struct victim_page *page, char *unused, size_t unused_bytes)
{
	char *memory = mmap(NULL, SPARSE_PAGES * TABLE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	size_t i;

	(void)unused;
	(void)unused_bytes;
	if (memory == MAP_FAILED)
		return;
	madvise(memory, SPARSE_PAGES * TABLE_BYTES, MADV_NOHUGEPAGE);
	for (i = 0; i < SPARSE_PAGES; i++)
		memory[i * TABLE_BYTES] = 1;
	atomic_store(&page->go, true);
}

static void sparse(void)
{
	struct victim_shape shape = { .body = map_sparsely };
	struct victim victim;
	unsigned int calls;
	long bytes;

	REQUIRE(start_killed(&victim, shape));
	bytes = try_reap(victim.pidfd, 0, SPARSE_PAGES / 2 * PAGE_BYTES);
	REQUIRE_MSG(bytes >= (long)(SPARSE_PAGES / 2 * PAGE_BYTES), "%ld bytes", bytes);
	bytes += reap_in_steps(victim.pidfd, PAGE_BYTES, &calls);
	REQUIRE_MSG(bytes >= (long)(SPARSE_PAGES * PAGE_BYTES) && bytes < PROGRAM_BYTES,
		    "%ld bytes", bytes);
}

/* ---- kinds of memory -------------------------------------------------- */

#define HUGE_PAGES	8

static void map_huge(struct victim_page *page, char *unused, size_t unused_bytes)
{
	size_t bytes = (HUGE_PAGES + 1) * TABLE_BYTES;
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *aligned = (char *)(((uintptr_t)memory + TABLE_BYTES - 1) & ~(TABLE_BYTES - 1));

	(void)unused;
	(void)unused_bytes;
	if (memory == MAP_FAILED || madvise(memory, bytes, MADV_HUGEPAGE))
		return;
	memset(aligned, 1, HUGE_PAGES * TABLE_BYTES);
	atomic_store(&page->go, true);
}

/* They are taken as a whole, even where less is asked for. */
static void huge_pages(void)
{
	struct victim_shape shape = { .body = map_huge };
	struct victim victim;
	unsigned int calls;
	int64_t held;
	long bytes;

	if (!path_exists("/sys/kernel/mm/transparent_hugepage"))
		SKIP("needs transparent huge pages");
	REQUIRE(start_killed(&victim, shape));
	held = cgroup_memory(cgroup);
	bytes = reap_in_steps(victim.pidfd, PAGE_BYTES, &calls);
	ktap_note("%ld bytes in %u calls", bytes, calls);
	REQUIRE(bytes >= (long)(HUGE_PAGES * TABLE_BYTES));
	REQUIRE(bytes < (long)(HUGE_PAGES * TABLE_BYTES) + PROGRAM_BYTES);
	REQUIRE(cgroup_memory(cgroup) < held - (int64_t)(HUGE_PAGES * TABLE_BYTES) + MEMORY_SLACK);
}

static void map_zero_pages(struct victim_page *page, char *unused, size_t unused_bytes)
{
	volatile char *memory = mmap(NULL, VICTIM_BYTES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	(void)unused;
	(void)unused_bytes;
	if (memory == MAP_FAILED)
		return;
	for (i = 0; i < VICTIM_BYTES; i += PAGE_BYTES)
		(void)memory[i];
	atomic_store(&page->go, true);
}

/* The zero page belongs to nobody, and does not count. */
static void zero_pages(void)
{
	struct victim_shape shape = { .body = map_zero_pages };
	struct victim victim;
	long bytes;

	REQUIRE(start_killed(&victim, shape));
	bytes = try_reap_all(victim.pidfd);
	REQUIRE_MSG(bytes > 0 && bytes < PROGRAM_BYTES, "%ld bytes", bytes);
	REQUIRE(try_reap_all(victim.pidfd) == 0);
}

static void lock_memory(struct victim_page *page, char *memory, size_t bytes)
{
	if (mlock(memory, bytes) == 0)
		atomic_store(&page->go, true);
}

static void locked_memory(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = lock_memory };
	struct victim victim;
	long bytes;

	REQUIRE(start_killed(&victim, shape));
	bytes = try_reap_all(victim.pidfd);
	REQUIRE_MSG(bytes >= (long)VICTIM_BYTES, "%ld bytes", bytes);
	REQUIRE(cgroup_memory(cgroup) < MEMORY_SLACK);
}

/* Mapped by the test, so by its victims too. */
static char *shared_memory;

static void touch_shared_memory(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	memset(shared_memory, 0x5a, bytes);
	atomic_store(&page->go, true);
}

static void memory_shared_by_a_file(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = touch_shared_memory };
	struct victim victim;
	unsigned long wrong = 0;
	int64_t left;
	long bytes;
	size_t i;

	shared_memory = mmap(NULL, VICTIM_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			     -1, 0);
	REQUIRE(shared_memory != MAP_FAILED);
	REQUIRE(start_killed(&victim, shape));
	bytes = try_reap_all(victim.pidfd);
	left = cgroup_memory(cgroup);
	REQUIRE_MSG(bytes < (long)VICTIM_BYTES + PROGRAM_BYTES, "%ld bytes", bytes);
	REQUIRE_MSG(left > (int64_t)VICTIM_BYTES - MEMORY_SLACK, "%ld bytes left", (long)left);
	for (i = 0; i < VICTIM_BYTES; i++)
		wrong += shared_memory[i] != 0x5a;
	munmap(shared_memory, VICTIM_BYTES);
	REQUIRE_MSG(wrong == 0, "%lu bytes wrong", wrong);
}

/* The child maps the same pages until one of the two writes. */
static void fork_a_reader(struct victim_page *page, char *memory, size_t bytes)
{
	const volatile char *read = memory;
	size_t i;

	if (fork())
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		unsigned long sum = 0;

		for (i = 0; i < bytes; i++)
			sum += (unsigned char)read[i];
		if (!atomic_load(&page->rounds))
			atomic_store(&page->rounds, sum);
		else if (sum != atomic_load(&page->rounds))
			atomic_fetch_add(&page->damaged, 1);
		atomic_fetch_add(&page->passes, 1);
		atomic_store(&page->go, true);
		if (atomic_load(&page->stop))
			_exit(0);
		sleep_ms(1);
	}
}

struct passes {
	struct victim_page *page;
	unsigned long wanted;
};

static bool has_passed(void *argument)
{
	struct passes *passes = argument;

	return atomic_load(&passes->page->passes) >= passes->wanted;
}

/* They are unmapped and counted, and stay with the child. */
static void memory_shared_by_fork(void)
{
	struct victim_shape shape = { .bytes = 8 * MIB, .body = fork_a_reader };
	struct passes passes = { 0 };
	struct victim victim;
	long bytes;

	REQUIRE(start_killed(&victim, shape));
	bytes = try_reap_all(victim.pidfd);
	REQUIRE_MSG(bytes >= (long)shape.bytes, "%ld bytes", bytes);
	passes.page = victim.page;
	passes.wanted = atomic_load(&victim.page->passes) + 3;
	REQUIRE(wait_for(has_passed, &passes, WAIT_LIMIT_MS));
	atomic_store(&victim.page->stop, true);
	REQUIRE(atomic_load(&victim.page->damaged) == 0);
	REQUIRE(cgroup_memory(cgroup) >= (int64_t)shape.bytes);
}

/* ---- partly done ------------------------------------------------------ */

/* With a notifier that refuses for the lower half of the victim's memory. */
static void reap_partly(const struct victim *victim)
{
	unsigned long memory = atomic_load(&victim->page->memory);
	const long half = (long)(VICTIM_BYTES / 2);
	char text[64];
	unsigned int calls;
	long bytes = 0;
	long step;

	snprintf(text, sizeof(text), "%d %lx %lx", victim->pid, memory, memory + VICTIM_BYTES / 2);
	REQUIRE(write_file(REFUSE, text));
	/* Each call frees what it may, then one finds nothing but what it may not. */
	while ((step = try_reap(victim->pidfd, 0, MIB)) > 0)
		bytes += step;
	REQUIRE_MSG(step < 0 && errno == EAGAIN, "%ld", step);
	REQUIRE_MSG(bytes > half - PROGRAM_BYTES && bytes < half + PROGRAM_BYTES, "%ld bytes", bytes);
	REQUIRE_ERROR(try_reap_all(victim->pidfd), EAGAIN);

	REQUIRE(write_file(REFUSE, "0"));
	bytes += reap_in_steps(victim->pidfd, MIB, &calls);
	REQUIRE_MSG(bytes >= 2 * half && bytes < 2 * half + PROGRAM_BYTES, "%ld bytes", bytes);
	REQUIRE(cgroup_memory(cgroup) < MEMORY_SLACK);
}

static void partly_done(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	struct victim victim;

	if (!path_exists(REFUSE))
		SKIP("needs the refusing notifier of the debug flavour");
	REQUIRE(start_killed(&victim, shape));
	reap_partly(&victim);
	write_file(REFUSE, "0");
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "a call stops at its limit, or less than a page table later", stops_at_the_limit },
		{ "calls of any size add up to the victim's memory, and then give 0", steps_add_up },
		{ "pages far from each other are found and counted", sparse },
		{ "huge pages are taken and counted as a whole", huge_pages },
		{ "the zero page is not counted", zero_pages },
		{ "locked memory is taken", locked_memory },
		{ "memory shared through a file stays", memory_shared_by_a_file },
		{ "memory shared since a fork stays with the child", memory_shared_by_fork },
		{ "a notifier that refuses gives EAGAIN once the rest is reaped", partly_done },
	};

	if (!kernel_has_try_reap()) {
		puts(TRY_REAP_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
