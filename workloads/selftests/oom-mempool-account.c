// SPDX-License-Identifier: GPL-2.0-only
/*
 * On whose account the pages of approach oom-mempool are, and that they come
 * back: memory.current of a cgroup tells how many there are, from setting them
 * aside to every way of giving them up. And what happens when the cgroup's
 * limit does not leave room for them.
 */
#include "ktap.h"
#include "oom-mempool.h"
#include "support.h"

#include <pthread.h>
#include <stdlib.h>

#define PAGE_BYTES	((int64_t)4096)
#define PAGES		MEMPOOL_MAX
#define POOL_BYTES	(PAGES * PAGE_BYTES)

/*
 * What else a small process may be charged for meanwhile: stacks, page tables
 * and slabs of another thread or program, and the 64 pages per CPU by which
 * charges are made in advance, and may have been before.
 */
#define OTHER_BYTES	(POOL_BYTES / 2)

/* The argument with which this program starts itself again. */
#define SLEEP	"sleep"

static char group[128];

/* How a process gives its pages up. */
enum way { BY_SETTING_0, BY_SHRINKING, BY_EXEC, BY_KILL, BY_EXIT_OF_A_THREAD };

static enum way way;

/* Tells the test that it has come so far, and waits for its word. */
static void step(struct victim_page *page, long number)
{
	atomic_store(&page->result, number);
	while (!atomic_load(&page->go))
		sleep_ms(1);
	atomic_store(&page->go, false);
}

static void *thread_body(void *argument)
{
	struct victim_page *page = argument;

	if (mempool_set(PAGES, 0))
		atomic_store(&page->result, -1);
	else
		step(page, 2);
	return NULL;
}

static void holder_body(struct victim_page *page, char *unused, size_t unused_bytes)
{
	pthread_t thread;

	(void)unused;
	(void)unused_bytes;
	step(page, 1);
	if (way == BY_EXIT_OF_A_THREAD) {
		pthread_create(&thread, NULL, thread_body, page);
		pthread_join(thread, NULL);
	} else if (mempool_set(PAGES, 0)) {
		atomic_store(&page->result, -1);
	} else {
		step(page, 2);
		if (way == BY_SETTING_0)
			mempool_set(0, 0);
		if (way == BY_SHRINKING)
			mempool_set(1, 0);
		if (way == BY_EXEC)
			execl("/proc/self/exe", "oom-mempool-account", SLEEP, NULL);
	}
	atomic_store(&page->result, 3);
}

struct reached {
	const struct victim *victim;
	long number;
};

static bool has_reached(void *argument)
{
	const struct reached *reached = argument;

	return atomic_load(&reached->victim->page->result) == reached->number;
}

static bool wait_for_step(const struct victim *victim, long number)
{
	struct reached reached = { .victim = victim, .number = number };

	return wait_for(has_reached, &reached, WAIT_LIMIT_MS);
}

static bool is_low(void *argument)
{
	const int64_t *most = argument;

	return cgroup_memory(group) <= *most;
}

static void give_up_by(enum way chosen)
{
	struct victim_shape shape = { .cgroup = group, .body = holder_body };
	struct victim victim;
	int64_t before;
	int64_t held;
	int64_t most;

	way = chosen;
	REQUIRE(cgroup_create(group, sizeof(group)));
	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(wait_for_step(&victim, 1));
	before = cgroup_memory(group);
	atomic_store(&victim.page->go, true);
	REQUIRE(wait_for_step(&victim, 2));
	held = cgroup_memory(group);
	REQUIRE_MSG(held >= before + POOL_BYTES - OTHER_BYTES / 2 && held <= before + POOL_BYTES + OTHER_BYTES,
		    "%lld bytes before, %lld after", (long long)before, (long long)held);
	if (way == BY_KILL)
		REQUIRE(victim_kill(&victim) && victim_wait(&victim, true, WAIT_LIMIT_MS));
	else
		atomic_store(&victim.page->go, true);
	most = before + OTHER_BYTES;
	REQUIRE_MSG(wait_for(is_low, &most, WAIT_LIMIT_MS), "%lld bytes before, %lld in the end",
		    (long long)before, (long long)cgroup_memory(group));
}

static void by_setting_0(void)
{
	give_up_by(BY_SETTING_0);
}

static void by_shrinking(void)
{
	give_up_by(BY_SHRINKING);
}

static void by_exec(void)
{
	give_up_by(BY_EXEC);
}

static void by_kill(void)
{
	give_up_by(BY_KILL);
}

static void by_exit_of_a_thread(void)
{
	give_up_by(BY_EXIT_OF_A_THREAD);
}

/* ---- no room ---------------------------------------------------------- */

/* Room for about half of it, beside the little that the process itself needs. */
#define LIMIT_TEXT	"2M"

static bool set_limit(const char *text)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/memory.max", group);
	return write_file(path, text);
}

/* Runs in a child. Returns the step that failed, 0 if none. */
static int no_room(void *unused)
{
	char path[160];
	int left;

	(void)unused;
	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	if (!write_file(path, "0") || !set_limit(LIMIT_TEXT))
		return 1;
	if (!mempool_set(PAGES, 0) || errno != ENOMEM)
		return 2;
	/* It has the size, and what could be had. */
	left = mempool_get(MEMPOOL_LEFT);
	if (mempool_get(MEMPOOL_SIZE) != PAGES || left <= 0 || left >= PAGES)
		return 3;
	if (!mempool_set(PAGES, MEMPOOL_NORECLAIM) || errno != EAGAIN)
		return 4;
	/* Refused without a change, in this state as in any. */
	if (!mempool_set(MEMPOOL_MAX + 1, 0) || errno != EINVAL ||
	    mempool_get(MEMPOOL_SIZE) != PAGES)
		return 5;
	/* Leaves room again, which opening a file takes. */
	if (mempool_set((unsigned long)left / 2, 0) || !mempool_is(left / 2, left / 2))
		return 6;
	if (!set_limit("max") || mempool_set(PAGES, 0))
		return 7;
	return mempool_is(PAGES, PAGES) ? 0 : 8;
}

static void limited(void)
{
	char path[160];
	char text[256];
	int failed;

	REQUIRE(cgroup_create(group, sizeof(group)));
	failed = run_in_child(no_room, NULL, WAIT_LIMIT_MS);
	REQUIRE_MSG(failed == 0, "step %d of no_room()", failed);
	/* Nobody was killed to make room. */
	snprintf(path, sizeof(path), "%s/memory.events", group);
	REQUIRE(read_file(path, text, sizeof(text)) > 0);
	REQUIRE_MSG(strstr(text, "oom_kill 0"), "memory.events says %s", text);
}

static const struct ktap_case cases[] = {
	{ "the thread's cgroup pays, until the size is set to 0", by_setting_0 },
	{ "until it is set to less", by_shrinking },
	{ "until exec", by_exec },
	{ "until the process is killed", by_kill },
	{ "until the thread exits, in a process that lives on", by_exit_of_a_thread },
	{ "ENOMEM and EAGAIN where the cgroup's limit leaves no room, and nobody is killed",
	  limited },
};

int main(int argc, char **argv)
{
	while (argc == 2 && !strcmp(argv[1], SLEEP))
		sleep_ms(1000);
	if (!mempool_exists()) {
		printf("KTAP version 1\n1..0 # SKIP this kernel has no PR_SET_MEMPOOL\n");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
