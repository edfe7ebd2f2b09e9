// SPDX-License-Identifier: GPL-2.0-only
/* See support-storm.h. */
#include "support-storm.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES	6
#define THREADS		3	/* beside the leader */
#define CGROUPS		2

/* What a thread has at most: together a little less than the scenes leave. */
#define REGION_BYTES	MIB
#define STACK_BYTES	(64 * 1024)

#define problem(...)	support_problem(__FILE__, __LINE__, __VA_ARGS__)

struct process {
	pid_t pid;
	int pidfd;
};

static const struct storm *running;
static char groups[CGROUPS][128];

uint64_t storm_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* ---- what the threads do ---------------------------------------------- */

static void map_and_unmap(uint64_t random)
{
	size_t bytes = (size_t)(random >> 8) % REGION_BYTES + 1;
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return;
	for (size_t at = 0; at < bytes; at += 4096)
		memory[at] = 1;
	munmap(memory, bytes);
}

static void fork_and_wait(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

/* posix_spawn() shares the memory until the child executes. */
static void execute(void)
{
	char *const words[] = { "busybox", "true", NULL };
	char *const nothing[] = { NULL };
	pid_t pid;

	if (!posix_spawn(&pid, "/bin/busybox", NULL, NULL, words, nothing))
		waitpid(pid, NULL, 0);
}

static void write_and_drop(uint64_t random)
{
	static const char text[65536];
	int fd = memfd_create("storm", MFD_CLOEXEC);
	ssize_t ignored;

	ignored = write(fd, text, (size_t)(random >> 8) % sizeof(text));
	(void)ignored;
	close(fd);
}

static void *blow(void *argument)
{
	uint64_t state = (uint64_t)(uintptr_t)argument | 1;
	char text[2048];

	for (;;) {
		uint64_t random = storm_random(&state);

		switch (random % 8) {
		case 0:
			fork_and_wait();
			break;
		case 1:
			execute();
			break;
		case 2:
			read_file("/proc/self/status", text, sizeof(text));
			break;
		case 3:
			write_and_drop(random);
			break;
		case 4:
			if (running->step) {
				running->step(random >> 8);
				break;
			}
			/* Fall through. */
		default:
			map_and_unmap(random);
		}
	}
	return NULL;
}

/* ---- the processes ---------------------------------------------------- */

__attribute__((noreturn))
static void process_body(uint64_t seed)
{
	pthread_attr_t attributes;
	pthread_t thread;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	write_file("/proc/self/oom_score_adj", "1000");
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&thread, &attributes, blow, (void *)(uintptr_t)(seed + 2 * i));
	blow((void *)(uintptr_t)(seed + 2 * THREADS));
	_exit(0);
}

static bool start(struct process *process, uint64_t seed)
{
	process->pid = fork();
	if (process->pid < 0)
		return problem("fork");
	if (!process->pid)
		process_body(seed);
	process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	return process->pidfd >= 0 || problem("pidfd_open");
}

static void move(const struct process *process, const char *group)
{
	char path[160];
	char text[16];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", group);
	snprintf(text, sizeof(text), "%d", process->pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	/* It may have died of the OOM killer. */
	if (fd >= 0 && write(fd, text, strlen(text)) < 0 && errno != ESRCH)
		problem("moving %d to %s", process->pid, group);
	close(fd);
}

/* Kills it in one of several ways and waits for it. */
static bool end(struct process *process, uint64_t random)
{
	struct pollfd gone = { .fd = process->pidfd, .events = POLLIN };
	bool traced = random % 5 == 0;

	if (traced)
		ptrace(PTRACE_SEIZE, process->pid, NULL, NULL);
	syscall(SYS_pidfd_send_signal, process->pidfd, SIGKILL, NULL, 0);
	if (random % 3 == 0)
		syscall(SYS_process_mrelease, process->pidfd, 0);
	if (random % 7 == 0)
		move(process, groups[0]);
	if (poll(&gone, 1, WAIT_LIMIT_MS) != 1) {
		errno = ETIMEDOUT;
		return problem("process %d does not die", process->pid);
	}
	waitpid(process->pid, NULL, 0);
	close(process->pidfd);
	process->pid = 0;
	return true;
}

static void end_all(struct process *processes)
{
	for (size_t i = 0; i < PROCESSES; i++)
		if (processes[i].pid > 0)
			end(&processes[i], 1);
}

int storm_run(const struct storm *storm)
{
	struct process processes[PROCESSES] = { { .pid = 0 } };
	int64_t limit = now_ns() + storm->seconds * 1000000000LL;
	uint64_t state = (uint64_t)now_ns() | 1;
	int killed = 0;

	running = storm;
	for (size_t i = 0; i < CGROUPS; i++)
		if (!cgroup_create(groups[i], sizeof(groups[i])))
			return -1;
	for (size_t i = 0; i < PROCESSES; i++) {
		if (!start(&processes[i], storm_random(&state))) {
			end_all(processes);
			return -1;
		}
	}
	while (now_ns() < limit) {
		uint64_t random = storm_random(&state);
		struct process *process = &processes[random % PROCESSES];

		sleep_ms((int)(random >> 8) % 16);
		if (storm->round)
			storm->round(random >> 16);
		if ((random >> 24) % 2)
			move(process, groups[(random >> 32) % CGROUPS]);
		if (!end(process, random >> 40) || !start(process, storm_random(&state))) {
			end_all(processes);
			return -1;
		}
		killed++;
	}
	end_all(processes);
	return killed;
}
