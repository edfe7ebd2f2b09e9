// SPDX-License-Identifier: GPL-2.0-only
/*
 * A nursery makes victims that are its children, as an application server or a
 * zygote does. Forked and not executed, because a test of thousands of victims
 * would else spend its time on starting them.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hog.h"

static pid_t fork_into(int cgroup)
{
	struct clone_args arguments = {
		.flags = CLONE_INTO_CGROUP,
		.cgroup = (uint64_t)cgroup,
		.exit_signal = SIGCHLD,
	};

	return (pid_t)syscall(SYS_clone3, &arguments, sizeof(arguments));
}

/* In the child: tell the nursery by one byte that the memory is there, then wait to be killed. */
static void __attribute__((noreturn)) be_victim(const struct options *options, int ready)
{
	struct failure failure = { "" };
	struct memory memory;
	char byte = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (hog_become(options, &memory, &failure)) {
		printf("%s\n", failure.message);
		fflush(stdout);
		_exit(1);
	}
	if (write(ready, &byte, 1) == 1) {
		for (;;)
			pause();
	}
	_exit(1);
}

static int make_victim(const struct options *options, int cgroup, struct failure *failure)
{
	int ready[2];
	char byte;
	int result = 0;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC))
		return fail_errno(failure, "cannot open a pipe");
	pid = fork_into(cgroup);
	if (pid == 0)
		be_victim(options, ready[1]);
	/* Only the child holds the other end now: its death is the end of input. */
	close(ready[1]);
	if (pid < 0)
		result = fail_errno(failure, "cannot make a victim");
	else if (read(ready[0], &byte, 1) != 1)
		result = fail(failure, "a victim ended before it was ready");
	close(ready[0]);
	return result;
}

int nursery_run(const struct options *options, struct failure *failure)
{
	const struct memory_request inherited = {
		.kind = MEMORY_PRIVATE, .pages = PAGES_4K, .content = CONTENT_MARKED,
		.bytes = options->inherited_bytes, .vmas = 1, .file = -1,
	};
	struct options each = *options;
	struct memory memory = { .count = 0 };
	int cgroup = open(options->cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (cgroup < 0)
		return fail_errno(failure, "cannot open %s", options->cgroup);
	if (options->inherited_bytes && memory_map(&memory, &inherited, failure))
		return -1;
	each.bytes /= options->victims;
	for (int64_t i = 0; i < options->victims; i++) {
		if (make_victim(&each, cgroup, failure))
			return -1;
	}
	puts("ready");
	fflush(stdout);
	answer_for(&memory);
	_exit(0);
}
