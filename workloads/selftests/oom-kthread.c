// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm.oom_kthread_available_kbytes: its values, who may set it, and whom the
 * kernel's own policy kills and spares.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "ktap.h"
#include "oom-kthread.h"

#define OTHER_USER	1000

#define SMALL_BYTES	(16 * MIB)
#define LARGE_BYTES	(96 * MIB)

/* Less than the large one gives, more than free memory moves by itself. */
#define MISSING_BYTES	(32 * MIB)

/* Less than the small one gives. */
#define LITTLE_BYTES	(6 * MIB)

/* Linux, include/linux/sched.h. */
#define PF_KTHREAD	0x00200000UL

/* ---- the sysctl ------------------------------------------------------- */

/* The errno of writing the text, 0 for none. */
static int set_error(const char *text)
{
	int error = 0;
	int fd = open(THRESHOLD, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		error = errno;
	close(fd);
	return error;
}

static bool reads(const char *text)
{
	char value[32];

	if (read_file(THRESHOLD, value, sizeof(value)) <= 0)
		return false;
	value[strcspn(value, "\n")] = '\0';
	if (!strcmp(value, text))
		return true;
	ktap_note("it is %s, expected %s", value, text);
	return false;
}

static void off_by_default(void)
{
	REQUIRE(reads("0"));
}

/* Nobody can be killed meanwhile: everybody is exempt. */
static void values_are_checked(void)
{
	REQUIRE(set_error("1") == 0 && reads("1"));
	REQUIRE(set_error("-1") == EINVAL);
	REQUIRE(set_error("2147483648") == EINVAL);
	REQUIRE(set_error("x") == EINVAL);
	REQUIRE(reads("1"));
	REQUIRE(set_error("2147483647") == 0 && reads("2147483647"));
	REQUIRE(set_error("0") == 0 && reads("0"));
}

/* Another user, with every capability there is. Returns the step that went wrong. */
static int set_as_another_user(void *unused)
{
	(void)unused;
	if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) ||
	    setresuid(OTHER_USER, OTHER_USER, OTHER_USER))
		return 1;
	return set_error("0") == EACCES ? 0 : 2;
}

static void root_sets_it(void)
{
	struct stat file;
	int step = run_in_child(set_as_another_user, NULL, WAIT_LIMIT_MS);

	REQUIRE_MSG(step == 0, "step %d", step);
	REQUIRE(stat(THRESHOLD, &file) == 0 && (file.st_mode & 0777) == 0644);
}

/* ---- when ------------------------------------------------------------- */

static void kills_nobody_while_off(void)
{
	struct victim candidate;

	REQUIRE(candidate_start(&candidate, SMALL_BYTES, 1000));
	REQUIRE(is_spared(&candidate));
	/* Rounded down to no page at all: it looks, and never finds memory short. */
	REQUIRE(threshold_set(1));
	REQUIRE(is_spared(&candidate));
	REQUIRE(threshold_set(available_kib() / 2));
	REQUIRE(is_spared(&candidate));
}

static void stops_when_switched_off(void)
{
	struct victim first;
	struct victim second;

	REQUIRE(candidate_start(&first, SMALL_BYTES, 1000));
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_killed(&first));
	REQUIRE(threshold_set(0));
	REQUIRE(candidate_start(&second, SMALL_BYTES, 1000));
	REQUIRE(is_spared(&second));
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_killed(&second));
}

/* ---- whom ------------------------------------------------------------- */

static void kills_the_largest_and_no_more(void)
{
	struct victim small;
	struct victim large;
	struct victim middle;

	REQUIRE(trace_oom_events());
	REQUIRE(candidate_start(&small, SMALL_BYTES, 0));
	REQUIRE(candidate_start(&large, LARGE_BYTES, 0));
	REQUIRE(candidate_start(&middle, 2 * SMALL_BYTES, 0));
	REQUIRE(memory_missing(MISSING_BYTES));
	REQUIRE(is_killed(&large));
	REQUIRE(is_spared(&small));
	REQUIRE(is_spared(&middle));
	REQUIRE(trace_count("mark_victim:", NULL) == 1);
}

static void the_score_counts(void)
{
	struct victim small;
	struct victim large;

	REQUIRE(candidate_start(&small, SMALL_BYTES, 500));
	REQUIRE(candidate_start(&large, LARGE_BYTES, 0));
	REQUIRE(memory_missing(LITTLE_BYTES));
	REQUIRE(is_killed(&small));
	REQUIRE(is_spared(&large));
}

static void goes_on_while_memory_is_short(void)
{
	struct victim candidates[3];
	size_t i;

	for (i = 0; i < 3; i++)
		REQUIRE(candidate_start(&candidates[i], SMALL_BYTES, 0));
	REQUIRE(threshold_set(ALWAYS_KIB));
	for (i = 0; i < 3; i++)
		REQUIRE(is_killed(&candidates[i]));
}

/* The number of kernel threads among the processes. */
static int kernel_threads(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (processes && (entry = readdir(processes))) {
		char path[300];
		char text[512];
		const char *end;
		unsigned long flags;

		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' ||
		    read_file(path, text, sizeof(text)) <= 0)
			continue;
		/* The name in parentheses may hold anything; state and five numbers follow, then the flags. */
		end = strrchr(text, ')');
		if (end && sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %lu", &flags) == 1)
			count += (flags & PF_KTHREAD) != 0;
	}
	if (processes)
		closedir(processes);
	return count;
}

static bool is_kthread_there(void)
{
	char text[64];
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	bool found = false;

	while (processes && !found && (entry = readdir(processes))) {
		char path[300];

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		found = read_file(path, text, sizeof(text)) > 0 && !strcmp(text, "oom_kthread\n");
	}
	if (processes)
		closedir(processes);
	return found;
}

static void spares_the_exempt_init_and_kernel_threads(void)
{
	struct victim exempt;
	int before;

	REQUIRE(trace_oom_events());
	REQUIRE(candidate_start(&exempt, LARGE_BYTES, -1000));
	before = kernel_threads();
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_spared(&exempt));
	REQUIRE(trace_count("mark_victim:", NULL) == 0);
	REQUIRE(is_kthread_there());
	/* Workers come and go by themselves; all of them would have been killed. */
	REQUIRE_MSG(kernel_threads() > before / 2, "%d of %d", kernel_threads(), before);
	/* Only now can anybody be killed, and is. */
	REQUIRE(score_set(exempt.pid, 0));
	REQUIRE(is_killed(&exempt));
}

/* The OOM killer would take it for want of others. */
static void leaves_who_is_below_zero_to_the_oom_killer(void)
{
	struct victim candidate;

	REQUIRE(candidate_start(&candidate, SMALL_BYTES, -900));
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_spared(&candidate));
}

static bool neighbour_is_gone(void *argument)
{
	return !neighbour_lives(argument);
}

static void who_shares_the_memory_dies_too(void)
{
	const struct victim_shape shape = { .bytes = SMALL_BYTES, .neighbour = true };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(neighbour_checks(&victim, 1, WAIT_LIMIT_MS));
	REQUIRE(score_set(victim.pid, 1000));
	REQUIRE(memory_missing(LITTLE_BYTES));
	REQUIRE(is_killed(&victim));
	REQUIRE(wait_for(neighbour_is_gone, &victim, WAIT_LIMIT_MS));
	/* It never saw a page that had been taken from it. */
	REQUIRE(atomic_load(&victim.page->damaged) == 0);
}

/* The exemption of a neighbour is that of all who share its memory. */
static void who_shares_the_memory_of_the_exempt_is_spared(void)
{
	const struct victim_shape shape = { .bytes = SMALL_BYTES, .neighbour = true };
	struct victim victim;

	REQUIRE(victim_start(&victim, &shape));
	REQUIRE(score_set(victim.pid, 1000));
	REQUIRE(score_set(atomic_load(&victim.page->neighbour_pid), -1000));
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_spared(&victim));
	REQUIRE(neighbour_checks(&victim, 2, WAIT_LIMIT_MS));
}

static void counts_as_an_oom_kill(void)
{
	struct victim victim;

	REQUIRE(start_in_cgroup(&victim, (struct victim_shape){ .bytes = SMALL_BYTES }));
	REQUIRE(oom_kills() == 0);
	REQUIRE(score_set(victim.pid, 1000));
	REQUIRE(memory_missing(LITTLE_BYTES));
	REQUIRE(is_killed(&victim));
	REQUIRE_MSG(oom_kills() == 1, "%d", oom_kills());
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "off by default", off_by_default },
		{ "values are checked", values_are_checked },
		{ "only root sets it, whatever capabilities another user has", root_sets_it },
		{ "kills nobody while off or while memory is not short", kills_nobody_while_off },
		{ "stops when switched off", stops_when_switched_off },
		{ "kills the largest, and no more than it takes", kills_the_largest_and_no_more },
		{ "oom_score_adj counts", the_score_counts },
		{ "goes on while memory is short", goes_on_while_memory_is_short },
		{ "spares the exempt, init and kernel threads",
		  spares_the_exempt_init_and_kernel_threads },
		{ "leaves who is below zero to the OOM killer",
		  leaves_who_is_below_zero_to_the_oom_killer },
		{ "who shares the memory dies too", who_shares_the_memory_dies_too },
		{ "who shares the memory of the exempt is spared",
		  who_shares_the_memory_of_the_exempt_is_spared },
		{ "counts as an OOM kill", counts_as_an_oom_kill },
	};

	if (!kernel_has_kthread()) {
		puts(NO_KTHREAD);
		return KTAP_SKIP;
	}
	if (!exempt_ourselves())
		return KTAP_FAIL;
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), kthread_cleanup);
}
