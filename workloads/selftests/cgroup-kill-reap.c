// SPDX-License-Identifier: GPL-2.0-only
/*
 * cgroup.kill with "2" and "3": what it takes, from whom, and what it does.
 *
 * Shared memory is the subject of cgroup-kill-reap-sharing.c, what can come in
 * between that of cgroup-kill-reap-races.c.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include "ktap.h"
#include "cgroup-kill-reap.h"

#define NOBODY		65534

static const char *const values[] = { KILL, KILL_REAP, KILL_QUEUE };

#define VALUES	(sizeof(values) / sizeof(values[0]))

/* ---- arguments -------------------------------------------------------- */

static void other_values(void)
{
	static const char *const out_of_range[] = { "0", "4", "-1", "255", "258", "4294967298" };
	static const char *const no_numbers[] = { "two", "2x", "2 3", " ", "\n" };
	struct victim_shape shape = { 0 };
	struct victim victim;
	size_t i;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&victim, &shape));
	for (i = 0; i < sizeof(out_of_range) / sizeof(out_of_range[0]); i++)
		REQUIRE_ERROR(cgroup_kill(cgroup, out_of_range[i]), ERANGE);
	for (i = 0; i < sizeof(no_numbers) / sizeof(no_numbers[0]); i++)
		REQUIRE_ERROR(cgroup_kill(cgroup, no_numbers[i]), EINVAL);
	REQUIRE(wait_for_state(victim.pid, "S", WAIT_LIMIT_MS));
}

static void empty_cgroup(void)
{
	static const char *const spellings[] = { "2", "3", "2\n", " 3 \n", "0x2", "03" };
	size_t i;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	for (i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		REQUIRE(cgroup_kill(cgroup, spellings[i]) == (long)strlen(spellings[i]));
}

/* The value is looked at before the cgroup. */
static void threaded_cgroup(void)
{
	char threaded[128];
	char file[160];
	size_t i;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	REQUIRE(cgroup_create_below(cgroup, threaded, sizeof(threaded)));
	snprintf(file, sizeof(file), "%s/cgroup.type", threaded);
	REQUIRE(write_file(file, "threaded"));
	for (i = 0; i < VALUES; i++)
		REQUIRE_ERROR(cgroup_kill(threaded, values[i]), EOPNOTSUPP);
	REQUIRE_ERROR(cgroup_kill(threaded, "4"), ERANGE);
	/* Its parent is a domain. */
	for (i = 0; i < VALUES; i++)
		REQUIRE_ERROR(cgroup_kill(cgroup, values[i]), 0);
}

static void removed_cgroup(void)
{
	size_t i;
	int fd;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	fd = cgroup_kill_open(cgroup);
	REQUIRE(fd >= 0);
	REQUIRE(rmdir(cgroup) == 0);
	for (i = 0; i < VALUES; i++)
		REQUIRE_ERROR(write(fd, values[i], 1), ENODEV);
	close(fd);
}

/* ---- permission ------------------------------------------------------- */

struct unprivileged_write {
	const char *value;
	int error;
};

static int write_as_nobody(void *argument)
{
	const struct unprivileged_write *wanted = argument;

	if (setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))
		return 2;
	errno = 0;
	return (cgroup_kill(cgroup, wanted->value) < 0 ? errno : 0) == wanted->error ? 0 : 1;
}

/* Whoever may write the file may kill and reap, with no capability, and whose processes they are. */
static void permission_of_the_file(void)
{
	struct unprivileged_write wanted = { .error = EACCES };
	struct victim_shape shape = { 0 };
	struct victim victim;
	char file[160];
	int64_t held;
	size_t i;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	REQUIRE(start_frozen(&victim, shape, cgroup));
	held = cgroup_memory(cgroup);
	for (i = 0; i < VALUES; i++) {
		wanted.value = values[i];
		REQUIRE(run_in_child(write_as_nobody, &wanted, WAIT_LIMIT_MS) == 0);
	}
	REQUIRE(kept(held));

	snprintf(file, sizeof(file), "%s/cgroup.kill", cgroup);
	REQUIRE(chown(file, NOBODY, NOBODY) == 0);
	wanted = (struct unprivileged_write){ .value = KILL_REAP };
	REQUIRE(run_in_child(write_as_nobody, &wanted, WAIT_LIMIT_MS) == 0);
	REQUIRE(lost(held, 1));
}

/* ---- the work --------------------------------------------------------- */

/* One of one thread, one of five, one whose leader has gone, and one two levels further down. */
static bool start_four(struct victim *victims)
{
	char child[128];
	char grandchild[128];

	return cgroup_create(cgroup, sizeof(cgroup)) &&
	       cgroup_create_below(cgroup, child, sizeof(child)) &&
	       cgroup_create_below(child, grandchild, sizeof(grandchild)) &&
	       start_frozen(&victims[0], (struct victim_shape){ 0 }, cgroup) &&
	       start_frozen(&victims[1], (struct victim_shape){ .threads = 4 }, cgroup) &&
	       start_frozen(&victims[2],
			    (struct victim_shape){ .threads = 2, .leader_exits = true }, child) &&
	       start_frozen(&victims[3], (struct victim_shape){ 0 }, grandchild) &&
	       trace_reaping();
}

static bool each_once(const char *event, const struct victim *victims, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (traced(event, victims[i].pid) != 1) {
			ktap_note("%s: %d times for victim %zu", event,
				  traced(event, victims[i].pid), i);
			return false;
		}
	}
	return true;
}

static bool all_gone(const struct victim *victims, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!victim_wait(&victims[i], true, WAIT_LIMIT_MS))
			return false;
	return true;
}

static void writer_reaps(void)
{
	struct victim victims[4];
	int64_t held;

	REQUIRE(start_four(victims));
	held = cgroup_memory(cgroup);
	REQUIRE_MSG(held > 4 * (int64_t)VICTIM_BYTES, "%ld bytes", (long)held);
	REQUIRE_ERROR(cgroup_kill(cgroup, KILL_REAP), 0);

	/* At once, and with the victims still frozen. */
	REQUIRE(lost(held, 4));
	REQUIRE(wait_for_state(victims[0].pid, "D", WAIT_LIMIT_MS));
	REQUIRE(each_once("start_task_reaping", victims, 4));
	REQUIRE(each_once("finish_task_reaping", victims, 4));
	REQUIRE(reaped_by_us() == 4);
	REQUIRE(trace_count("wake_reaper:", NULL) == 0);

	REQUIRE(freezer_v1(victims[0].pid, false));
	REQUIRE(all_gone(victims, 4));
}

static void workers_reap(void)
{
	struct victim victims[4];
	int64_t held;

	REQUIRE(start_four(victims));
	held = cgroup_memory(cgroup);
	REQUIRE_ERROR(cgroup_kill(cgroup, KILL_QUEUE), 0);
	REQUIRE(finished(4));
	REQUIRE(lost(held, 4));
	REQUIRE(wait_for_state(victims[0].pid, "D", WAIT_LIMIT_MS));
	REQUIRE(each_once("wake_reaper", victims, 4));
	REQUIRE(each_once("start_task_reaping", victims, 4));
	REQUIRE_MSG(reaped_by_workers() == 4, "%d", reaped_by_workers());

	REQUIRE(freezer_v1(victims[0].pid, false));
	REQUIRE(all_gone(victims, 4));
}

/* "1" is what it was: nothing is reaped. What it leaves can be asked for later, more than once. */
static void dying_already(void)
{
	struct victim victims[4];
	int64_t held;

	REQUIRE(start_four(victims));
	held = cgroup_memory(cgroup);
	REQUIRE_ERROR(cgroup_kill(cgroup, KILL), 0);
	sleep_ms(100);
	REQUIRE(kept(held));
	REQUIRE(trace_count("task_reaping:", NULL) == 0);

	REQUIRE_ERROR(cgroup_kill(cgroup, KILL_REAP), 0);
	REQUIRE(lost(held, 4));
	REQUIRE(reaped_by_us() == 4);
	REQUIRE_ERROR(cgroup_kill(cgroup, KILL_REAP), 0);
	REQUIRE(reaped_by_us() == 8);
	REQUIRE_ERROR(cgroup_kill(cgroup, KILL_QUEUE), 0);
	REQUIRE(finished(12));
	REQUIRE(freezer_v1(victims[0].pid, false));
	REQUIRE(all_gone(victims, 4));
}

/* What isn't in the cgroup, or below it, is not touched. */
static void others_live(void)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES };
	char sibling[128];
	char child[128];
	struct victim inside;
	struct victim beside;
	struct victim above;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	REQUIRE(cgroup_create_below(cgroup, child, sizeof(child)));
	REQUIRE(cgroup_create_below(cgroup, sibling, sizeof(sibling)));
	REQUIRE(start_frozen(&inside, shape, child));
	shape.neighbour = true;
	shape.cgroup = sibling;
	REQUIRE(victim_start(&beside, &shape));
	shape.cgroup = cgroup;
	REQUIRE(victim_start(&above, &shape));
	REQUIRE(trace_reaping());
	REQUIRE_ERROR(cgroup_kill(child, KILL_REAP), 0);
	REQUIRE_ERROR(cgroup_kill(child, KILL_QUEUE), 0);
	REQUIRE(finished(2));
	REQUIRE(traced("start_task_reaping", inside.pid) == 2);
	REQUIRE(neighbour_checks(&beside, 3, WAIT_LIMIT_MS));
	REQUIRE(neighbour_checks(&above, 3, WAIT_LIMIT_MS));
	REQUIRE(wait_for_state(beside.pid, "S", WAIT_LIMIT_MS));
	REQUIRE(wait_for_state(above.pid, "S", WAIT_LIMIT_MS));
}

/* ---- odd members ------------------------------------------------------ */

static int write_as_member(void *argument)
{
	if (!move_to(cgroup, 0))
		return 1;
	cgroup_kill(cgroup, argument);
	return 2;
}

/* Its own signal keeps the writer from reaping; it keeps nobody from queueing. */
static void writer_inside(void)
{
	struct victim_shape shape = { 0 };
	struct victim victim;
	int64_t held;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	REQUIRE(start_frozen(&victim, shape, cgroup));
	held = cgroup_memory(cgroup);
	REQUIRE(run_in_child(write_as_member, KILL_REAP, WAIT_LIMIT_MS) == -1);
	REQUIRE(kept(held));

	REQUIRE(trace_reaping());
	REQUIRE(run_in_child(write_as_member, KILL_QUEUE, WAIT_LIMIT_MS) == -1);
	REQUIRE(finished_with(victim.pid));
	REQUIRE(lost(held, 1));
}

static pid_t find_kthread(const char *name)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	while (directory && !found && (entry = readdir(directory))) {
		char path[300];
		char text[64];

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		if (read_file(path, text, sizeof(text)) <= 0)
			continue;
		text[strcspn(text, "\n")] = '\0';
		if (!strcmp(text, name))
			found = (pid_t)strtol(entry->d_name, NULL, 10);
	}
	if (directory)
		closedir(directory);
	return found;
}

static void kernel_thread(void)
{
	pid_t kthread = find_kthread("oom_reaper");
	struct victim_shape shape = { 0 };
	struct victim victim;
	int64_t held;
	bool killed;

	REQUIRE(kthread > 0);
	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	REQUIRE(start_frozen(&victim, shape, cgroup));
	REQUIRE(trace_reaping());
	held = cgroup_memory(cgroup);
	REQUIRE(move_to(cgroup, kthread));
	killed = cgroup_kill(cgroup, KILL_REAP) == 1 && cgroup_kill(cgroup, KILL_QUEUE) == 1;
	REQUIRE(move_to("/sys/fs/cgroup", kthread));
	REQUIRE(killed);
	REQUIRE(finished(2));
	REQUIRE(lost(held, 1));
	REQUIRE(find_kthread("oom_reaper") == kthread);
	REQUIRE(traced("skip_task_reaping", kthread) + traced("start_task_reaping", kthread) == 0);
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "what is not 1, 2 or 3 gives ERANGE or EINVAL, and nobody is killed", other_values },
		{ "an empty cgroup can be killed and reaped", empty_cgroup },
		{ "a threaded cgroup gives EOPNOTSUPP", threaded_cgroup },
		{ "a removed cgroup gives ENODEV", removed_cgroup },
		{ "the permission to write the file is all it takes", permission_of_the_file },
		{ "with 2 frozen processes lose their memory in the write, each reaped once by the writer",
		  writer_reaps },
		{ "with 3 kernel threads take it, each process's once", workers_reap },
		{ "1 reaps nothing, and the others reap what is dying already", dying_already },
		{ "processes of other cgroups keep life and memory", others_live },
		{ "a writer in the cgroup dies and reaps nothing, but can queue", writer_inside },
		{ "a kernel thread in the cgroup is left alone", kernel_thread },
	};

	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
