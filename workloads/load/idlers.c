// SPDX-License-Identifier: GPL-2.0-only
/*
 * idlers: count=N processes that only exist. They are processes of their own
 * to the kernel but share one memory, so that each costs what the kernel keeps
 * of it and no more. Told anything, or at the end of input, it ends them, says
 * "ready" again and ends itself.
 */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clocks.h"
#include "words.h"

struct options {
	int64_t count;
};

static const struct word words[] = {
	NUMBER_WORD(struct options, count, 1, 100000),
	{ .name = NULL },
};

/*
 * The child never returns from here and touches no stack, so that all of them
 * can do without one.
 */
static long start_idler(void)
{
	register long unused_tid asm("r10") = 0;
	register long unused_tls asm("r8") = 0;
	long result;

	asm volatile("syscall\n\t"
		     "test %%rax, %%rax\n\t"
		     "jnz 2f\n"
		     "1:\n\t"
		     "mov %[pause], %%eax\n\t"
		     "syscall\n\t"
		     "jmp 1b\n"
		     "2:"
		     : "=a"(result)
		     : "a"(SYS_clone), "D"(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD), "S"(0L), "d"(0L),
		       "r"(unused_tid), "r"(unused_tls), [pause] "i"(SYS_pause)
		     : "rcx", "r11", "memory", "cc");
	return result;
}

static int start_all(pid_t *pids, int64_t count, struct failure *failure)
{
	for (int64_t i = 0; i < count; i++) {
		long pid = start_idler();

		if (pid < 0) {
			errno = (int)-pid;
			return fail_errno(failure, "cannot start process %" PRId64, i + 1);
		}
		pids[i] = (pid_t)pid;
	}
	return 0;
}

/* They bury themselves (see main): a wait(2) would look through all of them at each one's end. */
static void end_all(const pid_t *pids, int64_t count)
{
	for (int64_t i = 0; i < count && pids[i]; i++)
		kill(pids[i], SIGKILL);
	for (int64_t i = 0; i < count && pids[i]; i++) {
		while (!kill(pids[i], 0))
			sleep_ns(NS_PER_MS);
	}
}

int main(int argc, char **argv)
{
	struct options options = { .count = 1 };
	struct failure failure = { "" };
	pid_t *pids;
	char command;
	ssize_t got;

	if (parse_words((const char *const *)argv + 1, argc - 1, words, &options, &failure)) {
		printf("%s\n", failure.message);
		return 1;
	}
	/* Killed with the agent it would leave them behind; the end of input tells it as well. */
	prctl(PR_SET_PDEATHSIG, 0);
	signal(SIGCHLD, SIG_IGN);
	pids = calloc((size_t)options.count, sizeof(*pids));
	if (!pids || start_all(pids, options.count, &failure)) {
		printf("%s\n", pids ? failure.message : "no memory");
		if (pids)
			end_all(pids, options.count);
		free(pids);
		return 1;
	}
	puts("ready");
	fflush(stdout);
	do {
		got = read(STDIN_FILENO, &command, 1);
	} while (got < 0 && errno == EINTR);
	end_all(pids, options.count);
	free(pids);
	puts("ready");
	return 0;
}
