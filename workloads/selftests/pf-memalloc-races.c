// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that change their mode of approach pf-memalloc in the middle of
 * anything, and are killed at any moment. The mode belongs to the thread alone:
 * forks, execs, exits and interrupts of its neighbours must not change it.
 */
#include "ktap.h"
#include "pf-memalloc.h"
#include "support-memory.h"
#include "support-scarce.h"
#include "support-storm.h"

#include <stdatomic.h>
#include <sys/mman.h>

#define SECONDS		8
#define LEAVE_BYTES	(24 * MIB)

/* Shared with the processes of the storm: how often a thread found another mode than it had set. */
static atomic_ulong *strange;

static void set_and_look(unsigned long mode)
{
	if (memalloc_set(mode) || memalloc_get() != (int)mode)
		atomic_fetch_add(strange, 1);
}

static void any_mode(uint64_t random)
{
	set_and_look(random % 3);
}

/* Mode 1 leaves nothing to those who have to free memory; that is its known cost and not the question here. */
static void bounded_or_none(uint64_t random)
{
	set_and_look(random % 2 ? MEMALLOC_BOUNDED : MEMALLOC_OFF);
}

static void storm_with(void (*step)(uint64_t random))
{
	struct storm storm = { .seconds = SECONDS, .step = step };
	int killed;

	strange = mmap(NULL, sizeof(*strange), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	REQUIRE(strange != MAP_FAILED);
	killed = storm_run(&storm);
	REQUIRE(killed > 0);
	REQUIRE_MSG(atomic_load(strange) == 0, "%lu times", atomic_load(strange));
	munmap(strange, sizeof(*strange));
	ktap_note("%d killed and gone in %d s", killed, SECONDS);
}

static void while_there_is_memory(void)
{
	storm_with(any_mode);
}

static void while_memory_is_short(void)
{
	struct victim ballast;

	REQUIRE(vm_set("oom_dump_tasks", "0") && scarce_tune() && ballast_start(&ballast, LEAVE_BYTES));
	storm_with(bounded_or_none);
}

static void cleanup(void)
{
	support_cleanup();
	if (!vm_restore())
		ktap_note("not all of /proc/sys/vm could be put back");
}

static const struct ktap_case cases[] = {
	{ "modes change while threads die", while_there_is_memory },
	{ "modes change while threads die and memory is short", while_memory_is_short },
};

int main(void)
{
	if (!memalloc_exists()) {
		printf("KTAP version 1\n1..0 # SKIP this kernel has no PR_SET_MEMALLOC\n");
		return KTAP_SKIP;
	}
	/* The test must neither wait for memory nor be killed for it. */
	if (mlockall(MCL_CURRENT) || !write_file("/proc/self/oom_score_adj", "-1000"))
		ktap_note("running unprotected: %s", ktap_error_name(errno));
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
