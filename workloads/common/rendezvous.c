// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clocks.h"
#include "rendezvous.h"

struct rendezvous *rendezvous_join(void)
{
	struct rendezvous *rendezvous;

	rendezvous = mmap(NULL, sizeof(*rendezvous), PROT_READ | PROT_WRITE, MAP_SHARED, RENDEZVOUS_PAGE_FD, 0);
	return rendezvous == MAP_FAILED ? NULL : rendezvous;
}

int rendezvous_wait(struct rendezvous *rendezvous)
{
	uint64_t turns;
	ssize_t got;

	atomic_store(&rendezvous->ready, now_ns());
	do {
		got = read(RENDEZVOUS_GO_FD, &turns, sizeof(turns));
	} while (got < 0 && errno == EINTR);
	atomic_store(&rendezvous->awake, now_ns());
	return got == sizeof(turns) ? 0 : -1;
}
