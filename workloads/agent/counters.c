// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clocks.h"
#include "counters.h"
#include "files.h"

static int vmstat_fd = -1;

int counters_open(struct failure *failure)
{
	struct counters counters;

	vmstat_fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
	if (vmstat_fd < 0)
		return fail_errno(failure, "cannot open /proc/vmstat");
	/* The first read makes the kernel allocate the buffer that the later ones use. */
	counters_read(&counters);
	return 0;
}

void counters_read(struct counters *counters)
{
	static char text[16384];
	ssize_t length = pread(vmstat_fd, text, sizeof(text) - 1, 0);
	char *rest = text;
	char *line;

	*counters = (struct counters){ 0 };
	text[length > 0 ? length : 0] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		const char *value = strchr(line, ' ');

		if (!value)
			continue;
		if (!strncmp(line, "allocstall_", strlen("allocstall_")))
			counters->allocstall += strtoll(value, NULL, 10);
		else if (!strncmp(line, "pgscan_direct ", strlen("pgscan_direct ")))
			counters->pgscan_direct = strtoll(value, NULL, 10);
		else if (!strncmp(line, "oom_kill ", strlen("oom_kill ")))
			counters->oom_kill = strtoll(value, NULL, 10);
	}
}

/* Kernel threads have no command line. */
static int is_kthread(const char *pid)
{
	char path[300];
	char text[8];

	snprintf(path, sizeof(path), "/proc/%s/cmdline", pid);
	return read_text(path, text, sizeof(text)) == 0;
}

void find_kthreads(const char *prefix, pid_t *found)
{
	struct dirent *entry;
	DIR *directory = opendir("/proc");
	int count = 0;

	while (directory && count < KTHREADS_MAX && (entry = readdir(directory))) {
		char path[300];
		char text[64];

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || read_text(path, text, sizeof(text)) <= 0)
			continue;
		if (!strncmp(text, prefix, strlen(prefix)) && is_kthread(entry->d_name))
			found[count++] = (pid_t)strtol(entry->d_name, NULL, 10);
	}
	found[count] = 0;
	if (directory)
		closedir(directory);
}

const char *clocksource(void)
{
	static char text[64];

	read_text("/sys/devices/system/clocksource/clocksource0/current_clocksource", text, sizeof(text));
	text[strcspn(text, "\n")] = '\0';
	return text;
}

int64_t process_cpu_ns(pid_t pid)
{
	clockid_t clock;

	if (pid <= 0 || clock_getcpuclockid(pid, &clock))
		return -1;
	return clock_ns(clock);
}

int64_t kthreads_cpu_ns(const pid_t *kthreads)
{
	int64_t sum = 0;

	for (; *kthreads; kthreads++)
		sum += process_cpu_ns(*kthreads);
	return sum;
}
