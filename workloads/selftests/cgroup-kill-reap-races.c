// SPDX-License-Identifier: GPL-2.0-only
/*
 * cgroup.kill with "2" and "3": processes that fork, exec, exit and move while
 * they are killed, many writers, and cgroups that are removed under them.
 */
#include <sys/syscall.h>
#include <sys/wait.h>

#include "ktap.h"
#include "cgroup-kill-reap.h"
#include "support-races.h"

static const char *value_of(unsigned int round)
{
	return round % 2 ? KILL_QUEUE : KILL_REAP;
}

/* ---- one busy victim -------------------------------------------------- */

/*
 * Both groups, since a victim may be moved to and fro; and then itself, since
 * it may have been in neither when that was killed.
 */
static int attack(int pidfd)
{
	static atomic_uint calls;
	unsigned int call = atomic_fetch_add(&calls, 1);
	size_t i;

	for (i = 0; i < 2; i++)
		if (cgroup_kill(race_groups[i], value_of(call)) != 1)
			return errno;
	return syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0) && errno != ESRCH ? errno : 0;
}

static void race_of(const struct race *race)
{
	struct race_results results;

	REQUIRE(race_run(race, attack, &results));
	REQUIRE_MSG(results.answers[0] == 3 * results.rounds, "%u of %u writers succeeded",
		    results.answers[0], 3 * results.rounds);
}

static void with_exit(void)
{
	race_of(&race_exit);
}

static void with_fork(void)
{
	race_of(&race_fork);
}

static void with_clone(void)
{
	race_of(&race_clone);
}

static void with_vfork(void)
{
	race_of(&race_vfork);
}

static void with_exec(void)
{
	race_of(&race_exec);
}

static void with_mappings(void)
{
	race_of(&race_mappings);
}

static void with_ptrace(void)
{
	race_of(&race_ptrace);
}

static void with_moves(void)
{
	race_of(&race_cgroup);
}

static void with_freezer(void)
{
	race_of(&race_freezer);
}

/* ---- moving ----------------------------------------------------------- */

static char rooms[2][128];

/* From room to room, but not out of the house. */
static void move_about(struct victim_page *page, char *memory, size_t bytes)
{
	unsigned int i;

	(void)memory;
	(void)bytes;
	for (i = 0; move_to(rooms[i % 2], 0); i++)
		atomic_fetch_add(&page->rounds, 1);
	_exit(1);
}

static bool has_moved(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->rounds) > 4;
}

static void with_moves_below(void)
{
	struct victim_shape shape = { .bytes = MIB, .threads = 1, .body = move_about };
	unsigned int round;

	for (round = 0; round < 40; round++) {
		struct victim victims[2];
		size_t i;

		REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
		for (i = 0; i < 2; i++)
			REQUIRE(cgroup_create_below(cgroup, rooms[i], sizeof(rooms[i])));
		shape.cgroup = cgroup;
		for (i = 0; i < 2; i++)
			REQUIRE(victim_start(&victims[i], &shape) &&
				wait_for(has_moved, victims[i].page, WAIT_LIMIT_MS));
		REQUIRE_ERROR(cgroup_kill(cgroup, value_of(round)), 0);
		for (i = 0; i < 2; i++)
			REQUIRE(victim_wait(&victims[i], true, WAIT_LIMIT_MS));
		support_cleanup();
	}
}

/* ---- a growing family ------------------------------------------------- */

#define CHILDREN	40

/* Each child has as much memory of its own, and makes further ones. */
static void multiply(struct victim_page *page, char *memory, size_t bytes)
{
	unsigned int i;

	for (i = 0; i < CHILDREN; i++) {
		pid_t child = fork();

		if (child < 0)
			break;
		if (!child) {
			memset(memory, 1, bytes);
			atomic_fetch_add(&page->rounds, 1);
			if (fork() >= 0)
				for (;;)
					memset(memory, 2, bytes);
			_exit(1);
		}
	}
	while (waitpid(-1, NULL, 0) > 0)
		;
	_exit(1);
}

static bool has_grown(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->rounds) > CHILDREN / 4;
}

static bool is_empty(void *unused)
{
	char file[160];
	char text[128];

	(void)unused;
	snprintf(file, sizeof(file), "%s/cgroup.events", cgroup);
	return read_file(file, text, sizeof(text)) > 0 && strstr(text, "populated 0");
}

static bool is_stripped(void *unused)
{
	(void)unused;
	return cgroup_memory(cgroup) < MEMORY_SLACK;
}

/* Whoever is still in the cgroup, and what it is doing. */
static void tell_who_is_left(void)
{
	char file[160];
	char numbers[4096];
	char *rest = numbers;
	char *number;

	snprintf(file, sizeof(file), "%s/cgroup.procs", cgroup);
	if (read_file(file, numbers, sizeof(numbers)) <= 0)
		return;
	while ((number = strsep(&rest, "\n")) && *number) {
		char status[128] = "";
		char waits[64] = "";

		snprintf(file, sizeof(file), "/proc/%s/stat", number);
		read_file(file, status, sizeof(status));
		snprintf(file, sizeof(file), "/proc/%s/wchan", number);
		read_file(file, waits, sizeof(waits));
		ktap_note("left: %s, in %s", status, waits);
	}
}

/* Nobody gets away, and nobody's memory stays. */
static void with_families(void)
{
	struct victim_shape shape = { .bytes = MIB, .body = multiply };
	unsigned int round;

	for (round = 0; round < 20; round++) {
		struct victim victim;

		REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
		shape.cgroup = cgroup;
		REQUIRE(victim_start(&victim, &shape));
		REQUIRE(wait_for(has_grown, victim.page, WAIT_LIMIT_MS));
		REQUIRE_ERROR(cgroup_kill(cgroup, value_of(round)), 0);
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		if (!wait_for(is_empty, NULL, WAIT_LIMIT_MS)) {
			tell_who_is_left();
			ktap_fail(__FILE__, __LINE__, "somebody is left in round %u", round);
			return;
		}
		REQUIRE_MSG(wait_for(is_stripped, NULL, WAIT_LIMIT_MS), "%ld bytes in round %u",
			    (long)cgroup_memory(cgroup), round);
		support_cleanup();
	}
}

/* ---- many writers, and nobody to write for ---------------------------- */

#define WRITERS		4

/* Until told to stop; the cgroup vanishes meanwhile. */
static void write_again(struct victim_page *page, char *memory, size_t bytes)
{
	unsigned int i;

	(void)memory;
	(void)bytes;
	for (i = 0; !atomic_load(&page->stop); i++) {
		if (cgroup_kill(cgroup, value_of(i)) == 1)
			atomic_fetch_add(&page->rounds, 1);
		else if (errno != ENOENT && errno != ENODEV)
			atomic_store(&page->result, errno);
	}
	_exit(0);
}

static bool has_been_removed(void *unused)
{
	(void)unused;
	return rmdir(cgroup) == 0;
}

static bool start_all(struct victim *processes, size_t count, const struct victim_shape *shape)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!victim_start(&processes[i], shape))
			return false;
	return true;
}

/* The victims are started by forking, so writers who are there already would kill them while we wait for them. */
static void many_writers(void)
{
	const struct victim_shape writer_shape = { .body = write_again };
	struct victim_shape shape = { .bytes = 4 * MIB, .threads = 2 };
	unsigned long writes = 0;
	unsigned int round;

	for (round = 0; round < 30; round++) {
		struct victim victims[3];
		struct victim writers[WRITERS];
		size_t i;

		REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
		shape.cgroup = cgroup;
		REQUIRE(start_all(victims, 3, &shape));
		REQUIRE(start_all(writers, WRITERS, &writer_shape));
		for (i = 0; i < 3; i++)
			REQUIRE(victim_wait(&victims[i], true, WAIT_LIMIT_MS));
		REQUIRE(wait_for(has_been_removed, NULL, WAIT_LIMIT_MS));
		for (i = 0; i < WRITERS; i++) {
			atomic_store(&writers[i].page->stop, true);
			REQUIRE(victim_wait(&writers[i], true, WAIT_LIMIT_MS));
			REQUIRE_MSG(!atomic_load(&writers[i].page->result), "%s",
				    ktap_error_name((int)atomic_load(&writers[i].page->result)));
			writes += atomic_load(&writers[i].page->rounds);
		}
		support_cleanup();
	}
	ktap_note("%lu writes", writes);
}

static void write_when_told(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->go))
		;
	atomic_store(&page->result, cgroup_kill(cgroup, KILL_REAP));
	_exit(0);
}

/*
 * The victim can exit, and its memory is still there afterwards: it shares it
 * with a process that is dying too, but frozen and not in the cgroup. So the
 * cgroup can be removed while the writer is at it.
 */
static void removal(void)
{
	const struct victim_shape writer_shape = { .body = write_when_told };
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .neighbour = true };
	char outside[128];
	unsigned int round;

	for (round = 0; round < 30; round++) {
		struct victim victim;
		struct victim writer;
		pid_t neighbour;

		REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
		REQUIRE(cgroup_create(outside, sizeof(outside)));
		shape.cgroup = cgroup;
		REQUIRE(victim_start(&victim, &shape));
		neighbour = atomic_load(&victim.page->neighbour_pid);
		REQUIRE(move_to(outside, neighbour) && freezer_v1(neighbour, true));
		REQUIRE(kill(neighbour, SIGKILL) == 0);
		REQUIRE(victim_start(&writer, &writer_shape));
		REQUIRE(trace_reaping());
		atomic_store(&writer.page->go, true);
		REQUIRE(wait_for(has_been_removed, NULL, WAIT_LIMIT_MS));
		REQUIRE(victim_wait(&writer, true, WAIT_LIMIT_MS));
		REQUIRE(atomic_load(&writer.page->result) == 1);
		REQUIRE(traced("start_task_reaping", victim.pid) == 1);
		support_cleanup();
	}
}

/* The workers are at it while it thaws and exits, and while its cgroup goes. */
static void thawing(void)
{
	struct victim_shape shape = { .threads = 3 };
	unsigned int round;

	for (round = 0; round < 30; round++) {
		struct victim victim;

		REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
		REQUIRE(start_frozen(&victim, shape, cgroup));
		REQUIRE_ERROR(cgroup_kill(cgroup, KILL_QUEUE), 0);
		REQUIRE(freezer_v1(victim.pid, false));
		REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
		REQUIRE(wait_for(is_stripped, NULL, WAIT_LIMIT_MS));
		support_cleanup();
	}
}

/* A case that fails may leave a family behind: the next one needs the cgroup's name. */
static void cleanup(void)
{
	if (cgroup[0] && path_exists(cgroup))
		cgroup_kill(cgroup, KILL);
	support_cleanup();
}

int main(int count, char **arguments)
{
	static const struct ktap_case cases[] = {
		{ "a process that exits", with_exit },
		{ "a process that forks", with_fork },
		{ "a process that makes others which share its memory", with_clone },
		{ "a process that vforks", with_vfork },
		{ "a process that execs", with_exec },
		{ "a process that changes its mappings", with_mappings },
		{ "a process that is traced", with_ptrace },
		{ "a process that is moved from cgroup to cgroup", with_moves },
		{ "a process whose cgroup is frozen and thawed", with_freezer },
		{ "processes that move below the cgroup", with_moves_below },
		{ "processes that multiply", with_families },
		{ "many writers, and a cgroup that is removed meanwhile", many_writers },
		{ "a cgroup that is removed while its processes' memory is reaped", removal },
		{ "a frozen process that is thawed while workers reap it", thawing },
	};

	race_main(count, arguments);
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
