// SPDX-License-Identifier: GPL-2.0-only
/*
 * The observer samples the victim's memory and waits for its exit. It runs above
 * the killer, so that a reaping call in progress on the same CPU is seen from
 * outside; that is harmless because it sleeps between samples whatever
 * happens. Relative sleeps, not a fixed grid: after a delay a grid
 * would be caught up with by samples without sleep, a spin at SCHED_FIFO.
 *
 * 1 ms unless asked otherwise, because the memory of a 4 KiB victim goes in
 * steps of about 38 MiB, several ms apart, and a sample costs about 10 µs;
 * under emulation it costs about 100 µs, all of it taken from the killer.
 */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <string.h>
#include <sys/mman.h>

#include "clocks.h"
#include "observer.h"
#include "pages.h"
#include "priority.h"

/* Only changes are kept: a window of the longest limit, changing at every sample for over a minute. */
#define SAMPLES_MAX (1U << 16)

#define OBSERVER_STACK_BYTES (256 * 1024)

static struct {
	sem_t wanted, begun, finished;
	struct watch watch;
	struct observation observation;
	struct failure failure;
	_Atomic int cancelled;
	/* Of the read before this one. */
	int64_t before, bytes;
	unsigned int running;	/* the first so many victims: not seen to exit */
} observer;

static void take_sample(int64_t t0)
{
	struct observation *observation = &observer.observation;
	int64_t before = now_ns();
	int64_t bytes = memory_clock_read(observer.watch.clock);
	int64_t after = now_ns();
	int64_t previous = observer.before ? observer.before : before;

	/* An unreadable counter is no sample; it must not look like memory that has gone. */
	if (bytes < 0)
		return;
	if (t0 && after - previous > observation->gap_max_ns)
		observation->gap_max_ns = after - previous;
	if (bytes != observer.bytes && observation->count == SAMPLES_MAX) {
		observation->overflow = 1;
	} else if (bytes != observer.bytes) {
		observation->samples[observation->count++] =
			(struct sample){ .previous_ns = previous, .ns = after, .bytes = bytes };
	}
	observer.before = before;
	observer.bytes = bytes;
}

static int wait_for_exit(unsigned int index, const struct timespec *limit)
{
	struct pollfd exited = { .fd = observer.watch.pidfds[index], .events = POLLIN };

	return ppoll(&exited, 1, limit, NULL) > 0;
}

/*
 * Wait for the exit of the last killed of those left; seen, it is likely that
 * the others have gone before. To be woken by each of them would take time
 * from the killer.
 */
static void sleep_or_exits(int64_t ns)
{
	static const struct timespec at_once;
	struct timespec limit = timespec_of(ns);
	int64_t seen;

	if (!wait_for_exit(observer.running - 1, &limit))
		return;
	do {
		seen = now_ns();
		observer.running--;
	} while (observer.running && wait_for_exit(observer.running - 1, &at_once));
	if (!observer.running)
		observer.observation.exit_at = seen;
}

/* Sleep one period; an exit ends the sleep early, so its time is exact and not rounded up to a sample. */
static void sleep_or_exit(void)
{
	if (observer.observation.exit_at)
		sleep_ns(observer.watch.sample_ns);
	else
		sleep_or_exits(observer.watch.sample_ns);
}

static int window_is_over(int64_t t0)
{
	const struct watch *watch = &observer.watch;
	int64_t past = now_ns() - t0;
	int gone = observer.bytes <= watch->gone_bytes;
	int used = !watch->used || atomic_load(watch->used);

	if (gone && used && (observer.observation.exit_at || past > watch->exit_limit_ns))
		return 1;
	return past > watch->limit_ns;
}

static void watch_window(void)
{
	int64_t t0 = 0;

	observer.before = 0;
	observer.bytes = INT64_MAX;
	take_sample(0);
	sem_post(&observer.begun);
	while (!atomic_load(&observer.cancelled)) {
		sleep_or_exit();
		t0 = atomic_load(observer.watch.t0);
		take_sample(t0);
		if (t0 && window_is_over(t0))
			break;
	}
	observer.observation.window_end = now_ns();
}

/* The same thread, CPU and priority as with samples, woken once (of a set: when the last killed has gone). */
static void watch_exit(void)
{
	int64_t deadline = now_ns() + observer.watch.limit_ns;
	int64_t left = observer.watch.limit_ns;

	sem_post(&observer.begun);
	while (!observer.observation.exit_at && left > 0) {
		sleep_or_exits(left);
		left = deadline - now_ns();
	}
	observer.observation.window_end = now_ns();
}

static void *observe(void *unused)
{
	(void)unused;
	for (;;) {
		while (sem_wait(&observer.wanted))
			;
		observer.failure.message[0] = '\0';
		if (pin_to_cpu(observer.watch.cpu, &observer.failure) ||
		    take_priority(PRIORITY_OBSERVER, &observer.failure)) {
			sem_post(&observer.begun);
			continue;
		}
		if (observer.watch.samples)
			watch_window();
		else
			watch_exit();
		sem_post(&observer.finished);
	}
	return NULL;
}

int observer_start(struct failure *failure)
{
	size_t bytes = SAMPLES_MAX * sizeof(struct sample);
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	observer.observation.samples = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (observer.observation.samples == MAP_FAILED)
		return fail_errno(failure, "cannot map room for samples");
	/* A fork would write-protect it and give the observer page faults in the window. */
	if (madvise(observer.observation.samples, bytes, MADV_DONTFORK))
		return fail_errno(failure, "cannot keep the samples out of forks");
	memset(observer.observation.samples, 0, bytes);
	sem_init(&observer.wanted, 0, 0);
	sem_init(&observer.begun, 0, 0);
	sem_init(&observer.finished, 0, 0);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, OBSERVER_STACK_BYTES);
	error = pthread_create(&thread, &attributes, observe, NULL);
	pthread_attr_destroy(&attributes);
	if (error)
		return fail(failure, "cannot start the observer: %s", strerrordesc_np(error));
	return 0;
}

int observer_begin(const struct watch *watch, struct failure *failure)
{
	struct sample *samples = observer.observation.samples;

	observer.watch = *watch;
	observer.running = watch->pidfd_count;
	observer.observation = (struct observation){ .samples = samples };
	atomic_store(&observer.cancelled, 0);
	sem_post(&observer.wanted);
	while (sem_wait(&observer.begun))
		;
	if (observer.failure.message[0])
		return fail(failure, "observer: %s", observer.failure.message);
	return 0;
}

void observer_cancel(void)
{
	atomic_store(&observer.cancelled, 1);
	observer_finish();
}

const struct observation *observer_finish(void)
{
	while (sem_wait(&observer.finished))
		;
	return &observer.observation;
}
