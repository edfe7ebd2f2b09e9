// SPDX-License-Identifier: GPL-2.0-only
/*
 * killer: does the work of an OOM daemon each time it is told to. It walks
 * /proc (stat and statm of every process), reads memory.stat of every cgroup
 * below cgroups=PATH, picks the largest, picks the largest process in it, opens
 * a pidfd and kills. It opens everything anew each time, as such daemons do,
 * and so asks the kernel for memory all the way.
 *
 * kind=plain     pageable and SCHED_OTHER
 * kind=locked    mlockall(2) and SCHED_FIFO
 * kind=memalloc  locked, and PF_MEMALLOC by prctl(2)
 * kind=bounded   locked, and an OOM victim's share of the reserves by prctl(2)
 * kind=mempool   locked, and pages of its own set aside by prctl(2)
 *
 * The last three build on `locked` because that is what their proposal starts
 * from: locking is enough most of the time, the rest is for what the kernel
 * allocates on the killer's behalf. So against `locked` only that differs.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "clocks.h"
#include "files.h"
#include "memalloc.h"
#include "mempool.h"
#include "pages.h"
#include "rendezvous.h"
#include "words.h"

enum kind { KIND_PLAIN, KIND_LOCKED, KIND_MEMALLOC, KIND_BOUNDED, KIND_MEMPOOL };

static const char *const kind_names[] = { "plain", "locked", "memalloc", "bounded", "mempool", NULL };

struct options {
	int kind;
	int64_t cpu;
	char cgroups[128];
};

static const struct word words[] = {
	CHOICE_WORD(struct options, kind, kind_names),
	NUMBER_WORD(struct options, cpu, 0, 1023),
	TEXT_WORD(struct options, cgroups),
	{ .name = NULL },
};

/* 1 MiB, the largest of the sizes that the proposal's discussion had in mind. */
#define MEMPOOL_PAGES 256

#define PROCESSES_MAX 4096
#define TEXT_BYTES 16384

/* The word's longest path, a slash and the longest file name. */
#define CGROUP_PATH_BYTES (128 + 256)

struct process {
	int64_t resident_pages;
	pid_t pid;
	char state;
};

static struct process processes[PROCESSES_MAX];
static char text[TEXT_BYTES];

/* Returns how many processes there are. */
static int walk_processes(void)
{
	struct dirent *entry;
	DIR *directory = opendir("/proc");
	char path[300];
	int count = 0;

	if (!directory)
		return 0;
	while ((entry = readdir(directory)) && count < PROCESSES_MAX) {
		struct process *process = &processes[count];
		const char *field;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		process->pid = (pid_t)strtol(entry->d_name, NULL, 10);
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		if (read_text(path, text, sizeof(text)) <= 0)
			continue;
		field = strrchr(text, ')');
		process->state = field && field[1] ? field[2] : '?';
		snprintf(path, sizeof(path), "/proc/%s/statm", entry->d_name);
		if (read_text(path, text, sizeof(text)) <= 0)
			continue;
		field = strchr(text, ' ');
		process->resident_pages = field ? strtoll(field, NULL, 10) : 0;
		count++;
	}
	closedir(directory);
	return count;
}

/* The cgroup below @parent with the most anonymous memory. -1 = none has any. */
static int choose_cgroup(const char *parent, char *chosen)
{
	struct dirent *entry;
	DIR *directory = opendir(parent);
	int64_t largest = -1;
	char path[CGROUP_PATH_BYTES + 16];

	if (!directory)
		return -1;
	while ((entry = readdir(directory))) {
		int64_t bytes;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s/memory.stat", parent, entry->d_name);
		if (read_text(path, text, sizeof(text)) <= 0)
			continue;
		bytes = number_after(text, "anon");
		if (bytes <= largest)
			continue;
		largest = bytes;
		snprintf(chosen, CGROUP_PATH_BYTES, "%s/%s", parent, entry->d_name);
	}
	closedir(directory);
	return largest > 0 ? 0 : -1;
}

static int64_t resident_pages(pid_t pid, int count)
{
	for (int i = 0; i < count; i++) {
		if (processes[i].pid == pid && processes[i].state != 'Z')
			return processes[i].resident_pages;
	}
	return 0;
}

/* The largest process of that cgroup, as the walk saw it; 0 = none. */
static pid_t choose_process(const char *cgroup, int count)
{
	char path[CGROUP_PATH_BYTES + 16];
	char *rest = text;
	char *line;
	pid_t chosen = 0;
	int64_t largest = 0;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	if (read_text(path, text, sizeof(text)) <= 0)
		return 0;
	while ((line = strsep(&rest, "\n"))) {
		pid_t pid = (pid_t)strtol(line, NULL, 10);
		int64_t pages = pid ? resident_pages(pid, count) : 0;

		if (pages > largest) {
			largest = pages;
			chosen = pid;
		}
	}
	return chosen;
}

/* Returns 0 or an errno; the kill's, or why it did not come to one. */
static int take_turn(struct rendezvous *rendezvous, const struct options *options)
{
	char cgroup[CGROUP_PATH_BYTES];
	int pidfd;
	int count;
	int error;
	pid_t pid;

	count = walk_processes();
	atomic_store(&rendezvous->processes, count);
	atomic_store(&rendezvous->walked, now_ns());
	if (choose_cgroup(options->cgroups, cgroup))
		return ENOENT;
	pid = choose_process(cgroup, count);
	if (!pid)
		return ESRCH;
	pidfd = pidfd_open(pid, 0);
	if (pidfd < 0)
		return errno;
	atomic_store(&rendezvous->pid, pid);
	atomic_store(&rendezvous->chosen, now_ns());
	atomic_store(&rendezvous->kill_start, now_ns());
	error = pidfd_send_signal(pidfd, SIGKILL, NULL, 0) ? errno : 0;
	atomic_store(&rendezvous->kill_end, now_ns());
	close(pidfd);
	return error;
}

static int lock_and_lift(struct failure *failure)
{
	/* The lowest real-time priority is above every normal task and leaves the measuring agent above this. */
	struct sched_param parameter = { .sched_priority = 1 };

	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		return fail_errno(failure, "cannot lock memory");
	if (sched_setscheduler(0, SCHED_FIFO, &parameter))
		return fail_errno(failure, "cannot become SCHED_FIFO");
	return 0;
}

/*
 * Between two turns, when nobody waits for it. Reclaim may find nothing; then
 * the next turn begins with what there is, as it would for a daemon.
 */
static int refill(const struct options *options, struct failure *failure)
{
	if (options->kind != KIND_MEMPOOL)
		return 0;
	if (prctl(PR_SET_MEMPOOL, MEMPOOL_PAGES, 0, 0, 0) && errno != ENOMEM)
		return fail_errno(failure, "cannot set pages aside");
	return 0;
}

/* Pages that are set aside now. */
static int64_t mempool_left(const struct options *options)
{
	return options->kind == KIND_MEMPOOL ? prctl(PR_GET_MEMPOOL, MEMPOOL_LEFT, 0, 0, 0) : 0;
}

static int64_t mempool_missed(const struct options *options)
{
	return options->kind == KIND_MEMPOOL ? prctl(PR_GET_MEMPOOL, MEMPOOL_MISSED, 0, 0, 0) : 0;
}

static int prepare(int argc, char **argv, struct options *options, struct failure *failure)
{
	if (parse_words((const char *const *)argv + 1, argc - 1, words, options, failure) ||
	    pin_to_cpu(options->cpu, failure))
		return -1;
	if (options->kind != KIND_PLAIN && lock_and_lift(failure))
		return -1;
	if (options->kind == KIND_MEMALLOC && prctl(PR_SET_MEMALLOC, MEMALLOC_UNBOUNDED, 0, 0, 0))
		return fail_errno(failure, "cannot get PF_MEMALLOC");
	if (options->kind == KIND_BOUNDED && prctl(PR_SET_MEMALLOC, MEMALLOC_BOUNDED, 0, 0, 0))
		return fail_errno(failure, "cannot get the bounded share of the reserves");
	return refill(options, failure);
}

int main(int argc, char **argv)
{
	struct options options = { .cpu = 0 };
	struct rendezvous *rendezvous = rendezvous_join();
	struct failure failure = { "" };
	int64_t pages;

	if (!rendezvous)
		fail(&failure, "the killer is started by the agent only");
	if (!rendezvous || prepare(argc, argv, &options, &failure)) {
		printf("%s\n", failure.message);
		return 1;
	}
	pages = mempool_left(&options);
	puts("ready");
	fflush(stdout);
	while (!rendezvous_wait(rendezvous)) {
		int64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);

		atomic_store(&rendezvous->mempool_pages, pages);
		atomic_store(&rendezvous->result_errno, take_turn(rendezvous, &options));
		atomic_store(&rendezvous->cpu, clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu);
		atomic_store(&rendezvous->mempool_left, mempool_left(&options));
		atomic_store(&rendezvous->mempool_missed, mempool_missed(&options));
		atomic_store(&rendezvous->done, now_ns());
		refill(&options, &failure);
		pages = mempool_left(&options);
	}
	return 0;
}
