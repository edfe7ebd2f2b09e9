// SPDX-License-Identifier: GPL-2.0-only
/*
 * waiter: waits for a robust lock whose owner is going to be killed. Told by
 * the kernel that the owner has died, it leaves the time; else it waits for
 * ever, and that is the result.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "clocks.h"
#include "rendezvous.h"

int main(void)
{
	struct rendezvous *rendezvous = rendezvous_join();
	int error;

	if (!rendezvous) {
		puts("the waiter is started by the agent only");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	error = pthread_mutex_lock(&rendezvous->lock);
	atomic_store(&rendezvous->result_errno, error);
	if (error == EOWNERDEAD)
		atomic_store(&rendezvous->done, now_ns());
	for (;;)
		pause();
}
