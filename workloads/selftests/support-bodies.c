// SPDX-License-Identifier: GPL-2.0-only
/* See support-bodies.h. */
#include "support-bodies.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

bool is_going(void *page)
{
	return atomic_load(&((struct victim_page *)page)->go);
}

void exit_when_told(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->go))
		sleep_ms(1);
	_exit(0);
}

void exit_on_the_word(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
	while (!atomic_load(&page->go))
		;
	_exit(0);
}

void exceed_limit(struct victim_page *page, char *memory, size_t bytes)
{
	(void)memory;
	while (!atomic_load(&page->go))
		sleep_ms(1);
	memory = mmap(NULL, 2 * bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory != MAP_FAILED)
		memset(memory, 1, 2 * bytes);
}

void tell_thread(struct victim_page *page, char *memory, size_t bytes)
{
	char path[64];
	pid_t tid;

	(void)memory;
	(void)bytes;
	/* It was started last. */
	for (tid = getpid() + 1; tid < getpid() + 100; tid++) {
		snprintf(path, sizeof(path), "/proc/self/task/%d", tid);
		if (path_exists(path))
			atomic_store(&page->result, tid);
	}
	atomic_store(&page->go, true);
}
