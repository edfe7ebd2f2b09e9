// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_madvise() with PMADV_FLAG_RANGE: what the advice does to whom it is
 * given for. The sharing hole of MADV_DONTNEED as it was proposed is opened
 * here by the sysctl, seen to be one, and closed again; madvise-dontneed.c
 * sees that it is closed by default.
 */
#include "ktap.h"
#include "madvise-dontneed.h"
#include "reaping-cases.h"
#include "reaping-exits.h"

static const struct reaping_call reaping = { .reap = discard, .refuses = EINVAL };

/* Starts a victim, lets its body finish, freezes and kills it. */
static bool start_killed(struct victim *victim, struct victim_shape shape, int64_t *held)
{
	shape.cgroup = cgroup;
	if (!cgroup_create(cgroup, sizeof(cgroup)) || !victim_start(victim, &shape) ||
	    (shape.body && !wait_for(is_going, victim->page, WAIT_LIMIT_MS)) ||
	    !freezer_v1(victim->pid, true) || !victim_kill(victim))
		return false;
	*held = cgroup_memory(cgroup);
	return true;
}

/* ---- MADV_DONTNEED ---------------------------------------------------- */

static void discard_frozen(unsigned int threads)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .threads = threads };
	struct victim victim;
	int64_t held;

	REQUIRE(start_killed(&victim, shape, &held));
	REQUIRE_ERROR(discard(victim.pidfd), 0);
	/* At once, and with the victim still frozen. */
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
	REQUIRE(wait_for_state(victim.pid, "D", WAIT_LIMIT_MS));
	REQUIRE_ERROR(discard(victim.pidfd), 0);
	REQUIRE(freezer_v1(victim.pid, false));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
}

static void frozen(void)
{
	discard_frozen(0);
}

static void frozen_threads(void)
{
	discard_frozen(4);
}

static void lock_half(struct victim_page *page, char *memory, size_t bytes)
{
	if (mlock(memory, bytes / 2) == 0)
		atomic_store(&page->go, true);
}

/* As with advice in general; what reaps elsewhere takes it. */
static void locked_memory(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = lock_half };
	struct victim victim;
	int64_t held;

	REQUIRE(start_killed(&victim, shape, &held));
	REQUIRE_ERROR(discard(victim.pidfd), 0);
	REQUIRE(lost_bytes(held, VICTIM_BYTES / 2));
	REQUIRE_ERROR(syscall(SYS_process_mrelease, victim.pidfd, 0), 0);
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
}

#ifndef SYS_mseal
#define SYS_mseal	462	/* since Linux 6.10 */
#endif

static void seal_memory(struct victim_page *page, char *memory, size_t bytes)
{
	if (mprotect(memory, bytes, PROT_READ) == 0 &&
	    (syscall(SYS_mseal, memory, bytes, 0) == 0 || errno == ENOSYS))
		atomic_store(&page->go, true);
}

/* The process would not be allowed to do that itself. */
static void sealed_memory(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = seal_memory };
	struct victim victim;
	int64_t held;

	REQUIRE(start_killed(&victim, shape, &held));
	REQUIRE_ERROR(discard(victim.pidfd), 0);
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
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
	int64_t held;
	size_t i;

	shared_memory = mmap(NULL, VICTIM_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			     -1, 0);
	REQUIRE(shared_memory != MAP_FAILED);
	REQUIRE(start_killed(&victim, shape, &held));
	REQUIRE_ERROR(discard(victim.pidfd), 0);
	/* Of the two, its own. */
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
	for (i = 0; i < VICTIM_BYTES; i++)
		wrong += shared_memory[i] != 0x5a;
	munmap(shared_memory, VICTIM_BYTES);
	REQUIRE_MSG(wrong == 0, "%lu bytes wrong", wrong);
}

/* ---- the hole, open --------------------------------------------------- */

static bool lost_its_memory(void *argument)
{
	const struct victim *victim = argument;

	return atomic_load(&victim->page->damaged) || !neighbour_lives(victim);
}

static void harm_neighbour(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .neighbour = true };
	struct victim victim;
	int64_t held;

	REQUIRE(start_killed(&victim, shape, &held));
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
	REQUIRE_ERROR(discard(victim.pidfd), 0);
	/* The neighbour has done nothing, and nobody wants it to die. */
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
	REQUIRE(wait_for(lost_its_memory, &victim, WAIT_LIMIT_MS));
	ktap_note("the neighbour found %lu words wrong, and %s",
		  atomic_load(&victim.page->damaged),
		  neighbour_lives(&victim) ? "lives" : "died");
}

static void shared_memory_taken(void)
{
	REQUIRE(write_file(SHARED, "1"));
	harm_neighbour();
	REQUIRE(write_file(SHARED, "0"));
}

static void take_while_dumping(const struct victim *victim, int64_t held)
{
	pid_t pid = victim->pid;

	REQUIRE(write_file(SHARED, "1"));
	atomic_store(&victim->page->go, true);
	REQUIRE(wait_for(is_dumping, &pid, WAIT_LIMIT_MS));
	REQUIRE_ERROR(discard(victim->pidfd), 0);
	REQUIRE(lost_bytes(held, VICTIM_BYTES));
	REQUIRE(is_dumping(&pid));
}

static void dumped_memory_taken(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = abort_when_told };
	char pattern[256];
	struct victim victim;
	int64_t held;

	REQUIRE(start_in_cgroup(&victim, shape, &held));
	if (read_file(CORE_PATTERN, pattern, sizeof(pattern)) < 0)
		SKIP("needs core dumps");
	REQUIRE(write_file(CORE_PATTERN, "|/bin/sleep 60"));
	take_while_dumping(&victim, held);
	REQUIRE(write_file(CORE_PATTERN, pattern));
	REQUIRE(write_file(SHARED, "0"));
}

static void sysctl_values(void)
{
	static const char *const wrong[] = { "2", "-1", "x" };
	char text[16];
	size_t i;

	/* Quietly: these are to fail. */
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		FILE *file = fopen(SHARED, "we");

		REQUIRE(file);
		fputs(wrong[i], file);
		REQUIRE_ERROR(fclose(file) ? -1 : 0, EINVAL);
	}
	REQUIRE(read_file(SHARED, text, sizeof(text)) > 0);
	REQUIRE_MSG(strcmp(text, "0\n") == 0, "%s", text);
}

/* ---- MADV_COLD, MADV_PAGEOUT ------------------------------------------ */

/* Leaves gaps, and a mapping that such advice is not for. */
static void map_this_and_that(struct victim_page *page, char *memory, size_t bytes)
{
	if (munmap(memory + bytes / 4, bytes / 4) == 0 && mlock(memory, bytes / 4) == 0)
		atomic_store(&page->go, true);
}

/* The living lose nothing by it, whatever they have mapped. */
static void other_advice(void)
{
	static const int advice[] = { MADV_COLD, MADV_PAGEOUT };
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = map_this_and_that };
	struct victim_shape checked = { .bytes = VICTIM_BYTES, .neighbour = true };
	struct victim victim;
	size_t i;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
	for (i = 0; i < 2; i++)
		REQUIRE_ERROR(advise(victim.pidfd, NULL, 0, advice[i], RANGE), 0);

	REQUIRE(victim_start(&victim, &checked));
	for (i = 0; i < 2; i++) {
		REQUIRE_ERROR(advise(victim.pidfd, NULL, 0, advice[i], RANGE), 0);
		REQUIRE(neighbour_checks(&victim, 2, WAIT_LIMIT_MS));
	}
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "a frozen victim loses its memory in the call", frozen },
		{ "so does a frozen victim of five threads", frozen_threads },
		{ "locked memory stays, which process_mrelease() takes", locked_memory },
		{ "sealed memory is taken", sealed_memory },
		{ "memory shared through a file stays", memory_shared_by_a_file },
		{ "as proposed, a living CLONE_VM neighbour loses its memory", shared_memory_taken },
		{ "as proposed, a process loses memory that it has not dumped yet",
		  dumped_memory_taken },
		{ "the sysctl is 0 or 1, and 0 again", sysctl_values },
		{ "MADV_COLD and MADV_PAGEOUT pass over what they are not for", other_advice },
	};

	if (!kernel_has_range()) {
		puts(RANGE_MISSING);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
