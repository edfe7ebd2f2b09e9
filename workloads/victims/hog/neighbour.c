// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "hog.h"

/* Not from the heap of the process that is killed, though just as much in its memory. */
#define STACK_BYTES (64 * 1024)

static const char ready[] = "ready\n";

void answer_for(const struct memory *memory)
{
	char command;

	while (read(STDIN_FILENO, &command, 1) == 1) {
		const char *answer = memory_is_intact(memory) ? "intact\n" : "changed\n";

		if (write(STDOUT_FILENO, answer, strlen(answer)) < 0)
			return;
	}
}

static int live_on(void *memory)
{
	if (write(STDOUT_FILENO, ready, strlen(ready)) < 0)
		return 1;
	answer_for(memory);
	return 0;
}

int neighbour_start(enum neighbour kind, const struct memory *memory, struct failure *failure)
{
	static char stack[STACK_BYTES] __attribute__((aligned(16)));
	int flags = CLONE_VM | SIGCHLD | (kind == NEIGHBOUR_VFORK ? CLONE_VFORK : 0);

	if (clone(live_on, stack + sizeof(stack), flags, (void *)memory) < 0)
		return fail_errno(failure, "cannot start the neighbour");
	return 0;
}
