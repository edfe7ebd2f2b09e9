// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clocks.h"
#include "program.h"

#define ARGUMENTS_MAX 16

/* A look at every page of a GiB takes about a second, if that, under emulation. */
#define ANSWER_LIMIT_NS (10 * NS_PER_S)

/* Programs live beside the agent, wherever the image has put it. */
int program_path(const char *path, char *found, struct failure *failure)
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (length < 0)
		return fail_errno(failure, "cannot read /proc/self/exe");
	self[length] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	snprintf(found, PROGRAM_PATH_BYTES, "%s%s%s", path[0] == '/' ? "" : self, path[0] == '/' ? "" : "/", path);
	return 0;
}

static pid_t clone_into(int cgroup_fd, int *pidfd)
{
	struct clone_args arguments = {
		.flags = CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
	};

	if (cgroup_fd >= 0) {
		arguments.flags |= CLONE_INTO_CGROUP;
		arguments.cgroup = (uint64_t)cgroup_fd;
	}
	return (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
}

/* In the child: only calls that are safe between a raw clone and exec. */
static void __attribute__((noreturn)) become(const struct program_start *start, const char *path,
					     char *const *arguments, int input, int output)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	int bad = fd < 0 || write(fd, start->oom_score_adj, strlen(start->oom_score_adj)) < 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	bad |= dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0;
	if (start->meeting)
		bad |= dup2(start->meeting->page_fd, RENDEZVOUS_PAGE_FD) < 0 ||
		       dup2(start->meeting->go_fd, RENDEZVOUS_GO_FD) < 0;
	if (!bad)
		execv(path, arguments);
	dprintf(STDOUT_FILENO, "cannot execute %s: %s\n", path, strerrordesc_np(errno));
	_exit(127);
}

int program_begin(struct program *program, const struct program_start *start, struct failure *failure)
{
	const char *arguments[ARGUMENTS_MAX + 2] = { start->path };
	char path[PROGRAM_PATH_BYTES];
	int input[2] = { -1, -1 };
	int output[2] = { -1, -1 };
	int pidfd = -1;
	pid_t pid;

	for (int i = 0; start->words && start->words[i]; i++) {
		if (i == ARGUMENTS_MAX)
			return fail(failure, "too many words for %s", start->path);
		arguments[i + 1] = start->words[i];
	}
	if (program_path(start->path, path, failure))
		return -1;
	if (pipe2(input, O_CLOEXEC) || pipe2(output, O_CLOEXEC)) {
		close(input[0]);
		close(input[1]);
		return fail_errno(failure, "cannot open a pipe");
	}
	pid = clone_into(start->cgroup_fd, &pidfd);
	if (pid == 0)
		become(start, path, (char *const *)arguments, input[0], output[1]);
	if (pid < 0)
		fail_errno(failure, "cannot start %s", start->path);
	close(input[0]);
	close(output[1]);
	if (pid < 0) {
		close(input[1]);
		close(output[0]);
		return -1;
	}
	*program = (struct program){ .pid = pid, .pidfd = pidfd, .control_fd = input[1], .report_fd = output[0] };
	return 0;
}

/* One line of its report, without its end. */
static int read_line(const struct program *program, char *text, size_t size, int64_t limit_ns, struct failure *failure)
{
	int64_t deadline = now_ns() + limit_ns;
	size_t length = 0;

	while (length < size - 1) {
		struct pollfd report = { .fd = program->report_fd, .events = POLLIN };
		int64_t left = deadline - now_ns();
		ssize_t got;

		if (left <= 0 || poll(&report, 1, (int)(left / NS_PER_MS) + 1) <= 0)
			return fail(failure, "process %d was not ready after %lld s", program->pid,
				    (long long)(limit_ns / NS_PER_S));
		got = read(program->report_fd, text + length, size - 1 - length);
		if (got <= 0)
			return fail(failure, "process %d ended before it was ready", program->pid);
		length += (size_t)got;
		if (text[length - 1] == '\n')
			break;
	}
	text[length ? length - 1 : 0] = '\0';
	return 0;
}

int program_wait_ready(struct program *program, struct failure *failure)
{
	char text[256];

	if (read_line(program, text, sizeof(text), PROGRAM_READY_LIMIT_NS, failure))
		return -1;
	if (strcmp(text, "ready") != 0)
		return fail(failure, "%s", text);
	return 0;
}

int program_answers(struct program *program, const char *expected)
{
	struct failure none = { "" };
	char text[256];

	if (program_command(program, '?', &none) || read_line(program, text, sizeof(text), ANSWER_LIMIT_NS, &none))
		return 0;
	return !strcmp(text, expected);
}

int program_command(const struct program *program, char command, struct failure *failure)
{
	if (write(program->control_fd, &command, 1) != 1)
		return fail_errno(failure, "cannot command process %d", program->pid);
	return 0;
}

int program_has_exited(const struct program *program)
{
	struct pollfd exited = { .fd = program->pidfd, .events = POLLIN };

	return poll(&exited, 1, 0) > 0;
}

int program_end(struct program *program, struct failure *failure)
{
	struct pollfd exited = { .fd = program->pidfd, .events = POLLIN };

	if (!program->pid)
		return 0;
	pidfd_send_signal(program->pidfd, SIGKILL, NULL, 0);
	if (poll(&exited, 1, (int)(PROGRAM_END_LIMIT_NS / NS_PER_MS)) <= 0)
		return fail(failure, "process %d did not end within %lld s of SIGKILL", program->pid,
			    (long long)(PROGRAM_END_LIMIT_NS / NS_PER_S));
	waitpid(program->pid, NULL, 0);
	close(program->pidfd);
	close(program->control_fd);
	close(program->report_fd);
	*program = (struct program){ .pid = 0 };
	return 0;
}
