// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm.dying_first and threads on their way through exit, where no signal is
 * pending any more: threads that end by themselves in a process that lives on,
 * and the threads of a process that was killed. On exit they fault in as many
 * pages as lie between what is free and a stated share of the min watermark.
 * Whether they had to reclaim for that tells how deep they may reach.
 */
#include "dying-first.h"
#include "ktap.h"
#include "support-scarce.h"
#include "support-will.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define LEAVE_BYTES	(8 * MIB)
#define THREADS		8
#define PAGES_MAX	((size_t)THREADS * WILL_PAGES_MAX)
#define STACK_BYTES	(64 * 1024)

/* Deeper than the half that dying threads may use, and less deep, by more than the blur. */
#define ABOVE_HALF	5
#define BELOW_HALF	3
#define EIGHTHS		8

enum end { EXIT_ALONE, KILLED, STAY_ALIVE };

struct outcome {
	long wanted;		/* pages */
	long got;
	int reclaims;		/* direct reclaims by the threads that fault */
	int marked;		/* OOM victims */
	long kills;		/* by the OOM killer */
};

/*
 * Shared with the process that is killed, so that its threads know what is left
 * to them. Each case has its own and leaves it mapped: threads of a case that
 * failed may still look at it.
 */
static struct plan {
	atomic_ulong pages;
	atomic_int go;		/* threads below this number may go on */
	atomic_int made;	/* threads that are ready to die */
} *plan;

static enum end end_kind;

/* The part of the plan that falls to a thread. */
static size_t share(const struct plan *mine, size_t number, size_t *first)
{
	size_t pages = atomic_load(&mine->pages);

	*first = number * WILL_PAGES_MAX;
	if (*first >= pages)
		return 0;
	return pages - *first < WILL_PAGES_MAX ? pages - *first : WILL_PAGES_MAX;
}

static void *thread_body(void *argument)
{
	size_t number = (size_t)(uintptr_t)argument;
	struct plan *mine = plan;
	size_t count;
	size_t first;

	prctl(PR_SET_NAME, WILL_COMM);
	while ((size_t)atomic_load(&mine->go) <= number)
		sleep_ms(1);
	count = share(mine, number, &first);
	if (count && end_kind == STAY_ALIVE)
		will_touch(first, count);
	else if (count)
		will_make(first, count);
	atomic_fetch_add(&mine->made, 1);
	while (end_kind == KILLED)
		sleep_ms(1000);
	syscall(SYS_exit, 0);
	return NULL;
}

static bool start_threads(pthread_t *threads)
{
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	for (size_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], &attributes, thread_body, (void *)(uintptr_t)i))
			return support_problem(__FILE__, __LINE__, "pthread_create");
	return true;
}

static void process_body(struct victim_page *page, char *unused, size_t unused_bytes)
{
	pthread_t threads[THREADS];

	(void)unused;
	(void)unused_bytes;
	atomic_store(&page->result, start_threads(threads) ? 1 : 2);
}

static bool is_started(void *argument)
{
	struct victim *victim = argument;

	return atomic_load(&victim->page->result) != 0;
}

static bool all_made(void *unused)
{
	(void)unused;
	return atomic_load(&plan->made) == THREADS;
}

/* One thread after the other: the level falls steadily, and one reclaims at a time. */
static void end_one_by_one(pthread_t *threads)
{
	for (int i = 0; i < THREADS; i++) {
		atomic_store(&plan->go, i + 1);
		pthread_join(threads[i], NULL);
	}
}

static bool end_by_kill(struct victim *victim)
{
	atomic_store(&plan->go, THREADS);
	return wait_for(all_made, NULL, WAIT_LIMIT_MS) && victim_kill(victim) &&
	       victim_wait(victim, true, WAIT_LIMIT_MS);
}

/* Has threads end under a value of the sysctl, down to so many eighths of the min watermark. */
static bool run(int value, enum end end, int eighths, struct outcome *outcome)
{
	struct victim_shape shape = { .body = process_body };
	pthread_t threads[THREADS];
	struct zone_state zone;
	struct victim victim;

	end_kind = end;
	plan = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (plan == MAP_FAILED || !will_prepare(PAGES_MAX) ||
	    !trace_event("vmscan/mm_vmscan_direct_reclaim_begin", "comm == \"" WILL_COMM "\"") ||
	    !trace_event("oom/mark_victim", NULL))
		return false;
	if (end == KILLED) {
		if (!victim_start(&victim, &shape) ||
		    !wait_for(is_started, &victim, WAIT_LIMIT_MS) ||
		    atomic_load(&victim.page->result) != 1)
			return false;
	} else if (!start_threads(threads)) {
		return false;
	}
	if (!scarce_begin(LEAVE_BYTES) || dying_first_set(value) || !zone_read(&zone))
		return false;
	outcome->kills = scarce_oom_kills();
	outcome->wanted = zone.free - zone.min * eighths / EIGHTHS;
	if (outcome->wanted <= 0 || (size_t)outcome->wanted > PAGES_MAX)
		return false;
	atomic_store(&plan->pages, (unsigned long)outcome->wanted);
	if (end == KILLED && !end_by_kill(&victim))
		return false;
	if (end != KILLED)
		end_one_by_one(threads);
	/* Memory is still short: what follows may itself reclaim. */
	trace_record(false);
	outcome->got = will_pages();
	will_free();
	outcome->kills = scarce_oom_kills() - outcome->kills;
	outcome->reclaims = trace_count("direct_reclaim_begin:", NULL);
	outcome->marked = trace_count("mark_victim:", NULL);
	ktap_note("value %d, to %d/8 of %ld: %ld of %ld pages, %d reclaims, %d OOM victims, %ld killed",
		  value, eighths, zone.min, outcome->got, outcome->wanted, outcome->reclaims,
		  outcome->marked, outcome->kills);
	return true;
}

#define REQUIRE_MACHINE()							\
	do {									\
		if (scarce_impossible())					\
			SKIP("%s", scarce_impossible());			\
	} while (0)

static void off_reclaims(void)
{
	struct outcome outcome;

	REQUIRE_MACHINE();
	REQUIRE(run(FIRST_NONE, EXIT_ALONE, ABOVE_HALF, &outcome));
	REQUIRE(outcome.reclaims > 0);
	REQUIRE(outcome.kills > 0);
}

static void goes_first(int value, enum end end)
{
	struct outcome outcome;

	REQUIRE_MACHINE();
	REQUIRE(run(value, end, ABOVE_HALF, &outcome));
	REQUIRE(outcome.reclaims == 0);
	REQUIRE(outcome.marked == 0 && outcome.kills == 0);
	/* And the pages that the thread was to fault in are there. */
	REQUIRE(outcome.got >= outcome.wanted);
}

static void dying_goes_first(void)
{
	goes_first(FIRST_DYING, EXIT_ALONE);
}

static void dying_goes_first_with_kthreads(void)
{
	goes_first(FIRST_KTHREADS_TOO, EXIT_ALONE);
}

static void leaves_half(void)
{
	struct outcome outcome;

	REQUIRE_MACHINE();
	REQUIRE(run(FIRST_DYING, EXIT_ALONE, BELOW_HALF, &outcome));
	REQUIRE(outcome.reclaims > 0);
	REQUIRE(outcome.kills > 0);
}

static void living_do_not(void)
{
	struct outcome outcome;

	REQUIRE_MACHINE();
	REQUIRE(run(FIRST_KTHREADS_TOO, STAY_ALIVE, ABOVE_HALF, &outcome));
	REQUIRE(outcome.reclaims > 0);
	REQUIRE(outcome.kills > 0);
}

static void off_killed_reclaims(void)
{
	struct outcome outcome;

	REQUIRE_MACHINE();
	REQUIRE(run(FIRST_NONE, KILLED, ABOVE_HALF, &outcome));
	REQUIRE(outcome.reclaims > 0);
	/* Reclaim came to nothing, and then the kernel did what it does today. */
	REQUIRE(outcome.marked > 0);
}

static void killed_goes_first(void)
{
	goes_first(FIRST_DYING, KILLED);
}

static void cleanup(void)
{
	support_cleanup();
	will_cleanup();
	dying_first_undo();
}

static const struct ktap_case cases[] = {
	{ "0: a thread that exits reclaims at the min watermark", off_reclaims },
	{ "1: a thread that exits does not, above half of it", dying_goes_first },
	{ "2: the same", dying_goes_first_with_kthreads },
	{ "1: it does below half of it", leaves_half },
	{ "2: a living thread reclaims at the min watermark", living_do_not },
	{ "0: the threads of a killed process reclaim, and become OOM victims",
	  off_killed_reclaims },
	{ "1: the threads of a killed process do neither", killed_goes_first },
};

int main(void)
{
	return dying_first_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
