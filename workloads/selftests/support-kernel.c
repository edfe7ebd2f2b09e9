// SPDX-License-Identifier: GPL-2.0-only
/* Cgroups, freezers, capabilities and tracing for the selftests. See support.h. */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define FREEZER_V1	"/sys/fs/cgroup-v1/freezer"
#define CGROUP_V2	"/sys/fs/cgroup"
#define TRACING		"/sys/kernel/tracing"
#define MANY		16		/* cgroups a case may hold */
#define PATH_BYTES	128
#define TRACE_BYTES	(1 << 20)

#define problem(...)	support_problem(__FILE__, __LINE__, __VA_ARGS__)

static char cgroups[MANY][PATH_BYTES];
static size_t cgroup_count;
static char freezer[PATH_BYTES];
static char tracing[PATH_BYTES];
static int tracing_on = -1;		/* the file of that name, kept open */
static char trace_text[TRACE_BYTES];

static bool write_in(const char *directory, const char *name, const char *text)
{
	char file[PATH_MAX];

	snprintf(file, sizeof(file), "%s/%s", directory, name);
	return write_file(file, text);
}

/* ---- cgroups and freezers --------------------------------------------- */

bool cgroup_create_below(const char *parent, char *path, size_t size)
{
	if (cgroup_count == MANY) {
		errno = E2BIG;
		return problem("a case may make %d cgroups", MANY);
	}
	snprintf(path, size, "%s/selftest-%d-%zu", parent, getpid(), cgroup_count);
	if (mkdir(path, 0755))
		return problem("mkdir %s", path);
	snprintf(cgroups[cgroup_count++], PATH_BYTES, "%s", path);
	return true;
}

bool cgroup_create(char *path, size_t size)
{
	return cgroup_create_below(path_exists(CGROUP_V2 "/reaplab") ? CGROUP_V2 "/reaplab" :
				   CGROUP_V2, path, size);
}

int64_t cgroup_memory(const char *path)
{
	char file[PATH_MAX];
	char text[32];

	snprintf(file, sizeof(file), "%s/memory.current", path);
	if (read_file(file, text, sizeof(text)) <= 0) {
		problem("read %s", file);
		return -1;
	}
	return strtoll(text, NULL, 10);
}

/* A file, and how it begins or what it contains once the state is reached. */
struct expectation {
	const char *path;
	const char *text;
};

static bool contains(void *argument)
{
	const struct expectation *wanted = argument;
	char text[512];

	return read_file(wanted->path, text, sizeof(text)) > 0 && strstr(text, wanted->text);
}

static bool wait_for_text(const char *path, const char *text)
{
	struct expectation wanted = { .path = path, .text = text };

	if (wait_for(contains, &wanted, WAIT_LIMIT_MS))
		return true;
	errno = ETIMEDOUT;
	return problem("%s does not say %s", path, text);
}

bool freezer_v1(pid_t pid, bool freeze)
{
	const char *state = freeze ? "FROZEN" : "THAWED";
	char file[PATH_MAX];
	char text[16];

	if (!freezer[0]) {
		snprintf(freezer, sizeof(freezer), FREEZER_V1 "/selftest-%d", getpid());
		if (mkdir(freezer, 0755)) {
			problem("mkdir %s", freezer);
			freezer[0] = '\0';
			return false;
		}
	}
	snprintf(text, sizeof(text), "%d", pid);
	if (freeze && !write_in(freezer, "cgroup.procs", text))
		return false;
	snprintf(file, sizeof(file), "%s/freezer.state", freezer);
	return write_file(file, state) && wait_for_text(file, state);
}

bool freezer_v2(const char *cgroup, bool freeze)
{
	char file[PATH_MAX];

	if (!write_in(cgroup, "cgroup.freeze", freeze ? "1" : "0"))
		return false;
	snprintf(file, sizeof(file), "%s/cgroup.events", cgroup);
	return wait_for_text(file, freeze ? "frozen 1" : "frozen 0");
}

/* ---- children and capabilities ---------------------------------------- */

int run_in_child(int (*body)(void *argument), void *argument, int limit_ms)
{
	struct pollfd gone = { .events = POLLIN };
	int status = -1;
	pid_t pid = fork();

	if (pid < 0) {
		problem("fork");
		return -1;
	}
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(body(argument));
	}
	gone.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (poll(&gone, 1, limit_ms) != 1) {
		errno = ETIMEDOUT;
		problem("the child did not end within %d ms", limit_ms);
		kill(pid, SIGKILL);
	}
	close(gone.fd);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool drop_capability(unsigned int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	unsigned int mask = 1U << (capability % 32);

	if (syscall(SYS_capget, &header, data))
		return problem("capget");
	data[capability / 32].effective &= ~mask;
	data[capability / 32].permitted &= ~mask;
	if (syscall(SYS_capset, &header, data))
		return problem("capset");
	return true;
}

bool pin(pid_t pid, int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(pid, sizeof(set), &set) == 0 || problem("pin to CPU %d", cpu);
}

/* Children inherit where their parent may run, so a pinned test must not stay pinned. */
static void unpin(void)
{
	cpu_set_t all;
	int cpu;

	CPU_ZERO(&all);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		CPU_SET(cpu, &all);
	sched_setaffinity(0, sizeof(all), &all);
}

/* ---- tracing ---------------------------------------------------------- */

bool trace_event(const char *event, const char *filter)
{
	char name[2 * PATH_BYTES];

	if (!tracing[0]) {
		snprintf(tracing, sizeof(tracing), TRACING "/instances/selftest-%d", getpid());
		if (mkdir(tracing, 0755)) {
			problem("mkdir %s", tracing);
			tracing[0] = '\0';
			return false;
		}
		snprintf(name, sizeof(name), "%s/tracing_on", tracing);
		tracing_on = open(name, O_WRONLY | O_CLOEXEC);
		if (tracing_on < 0)
			return problem("open %s", name);
		if (!write_in(tracing, "trace_clock", "mono"))
			return false;
	}
	if (filter) {
		snprintf(name, sizeof(name), "events/%s/filter", event);
		if (!write_in(tracing, name, filter))
			return false;
	}
	snprintf(name, sizeof(name), "events/%s/enable", event);
	return write_in(tracing, name, "1");
}

bool trace_record(bool on)
{
	return pwrite(tracing_on, on ? "1" : "0", 1, 0) == 1 || problem("tracing_on");
}

/* A line begins with the name of the task and its number, padded: "name-123     [". */
void trace_task(char *text, size_t size, pid_t pid)
{
	snprintf(text, size, "-%d ", pid);
}

static void trace_load(void)
{
	char file[PATH_MAX];

	trace_text[0] = '\0';
	snprintf(file, sizeof(file), "%s/trace", tracing);
	if (!tracing[0] || read_file(file, trace_text, sizeof(trace_text)) < 0)
		problem("read %s", file);
}

int trace_count(const char *first, const char *second)
{
	char *rest = trace_text;
	char *line;
	int count = 0;

	trace_load();
	while ((line = strsep(&rest, "\n")))
		if (line[0] != '#' && strstr(line, first) && (!second || strstr(line, second)))
			count++;
	return count;
}

const char *trace_lines(void)
{
	trace_load();
	return trace_text;
}

void trace_dump(void)
{
	char *rest = trace_text;
	char *line;

	trace_load();
	while ((line = strsep(&rest, "\n")))
		if (line[0])
			printf("# trace: %s\n", line);
}

/* ---- the end of a case ------------------------------------------------ */

struct removal {
	const char *path;
};

static bool removed(void *argument)
{
	const struct removal *removal = argument;

	return rmdir(removal->path) == 0 || errno == ENOENT;
}

/* A group of zombies empties only once the last of them has been reaped. */
static void remove_directory(const char *path)
{
	struct removal removal = { .path = path };

	if (!wait_for(removed, &removal, WAIT_LIMIT_MS))
		problem("rmdir %s", path);
}

void support_thaw(void)
{
	size_t i;

	if (freezer[0])
		freezer_v1(0, false);
	for (i = 0; i < cgroup_count; i++)
		if (path_exists(cgroups[i]))
			write_in(cgroups[i], "cgroup.freeze", "0");
}

void support_remove(void)
{
	unpin();
	if (freezer[0])
		remove_directory(freezer);
	freezer[0] = '\0';
	while (cgroup_count)
		remove_directory(cgroups[--cgroup_count]);
	/* An instance with an open file can't be removed. */
	if (tracing_on >= 0)
		close(tracing_on);
	tracing_on = -1;
	if (tracing[0])
		remove_directory(tracing);
	tracing[0] = '\0';
}
