// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "earlier.h"
#include "pages.h"
#include "priority.h"
#include "trace.h"
#include "victim.h"

/* Not the file of the trial's victim: it truncates its own. */
#define EARLIER_FILE DISK "/earlier-victim"

static const char file[] = "file=" EARLIER_FILE;

/* All of it is locked; a method's calls use far less. */
#define STACK_BYTES (256 * 1024)

/* From the thread's start to its first call, on a CPU that nobody else uses. */
#define START_LIMIT_NS (5 * NS_PER_S)

/* Less than a tenth left is what t90 calls gone. */
#define GONE_SHARE 10

int earlier_create(struct earlier *earlier, const struct trial_request *request, struct failure *failure)
{
	char bytes[48];
	char vmas[32];
	char threads[32];
	char cpu[32];
	const char *const words[] = { bytes, vmas, threads, cpu, file, NULL };
	struct program_start start = { .path = "victims/hog", .words = words, .oom_score_adj = "0" };

	*earlier = (struct earlier){ .cpu = (int)request->load_cpu };
	if (!request->earlier_bytes)
		return 0;
	snprintf(bytes, sizeof(bytes), "bytes=%" PRId64, request->earlier_bytes);
	snprintf(vmas, sizeof(vmas), "vmas=%" PRId64, request->vmas);
	snprintf(threads, sizeof(threads), "threads=%" PRId64, request->threads);
	snprintf(cpu, sizeof(cpu), "cpu=%" PRId64, request->victim_cpu);
	if (cgroup_create(&earlier->cgroup, CGROUP_TRIALS, "earlier", failure))
		return -1;
	start.cgroup_fd = earlier->cgroup.directory_fd;
	if (program_begin(&earlier->hog, &start, failure))
		return -1;
	return program_wait_ready(&earlier->hog, failure);
}

int earlier_enter_state(struct earlier *earlier, const char **unmet, struct failure *failure)
{
	if (!earlier->hog.pid)
		return 0;
	if (program_command(&earlier->hog, 'w', failure))
		return -1;
	if (victim_wait_frozen_write(earlier->hog.pid))
		*unmet = "the earlier victim did not reach D state in percpu_rwsem_wait";
	return 0;
}

static void *kill_earlier(void *argument)
{
	struct earlier *earlier = argument;

	if (!pin_to_cpu(earlier->cpu, &earlier->failure) && !take_priority(PRIORITY_KILLER, &earlier->failure))
		earlier->method->run(&earlier->context, &earlier->result);
	return NULL;
}

static int start_killer(struct earlier *earlier, struct failure *failure)
{
	pthread_attr_t attributes;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	error = pthread_create(&earlier->killer, &attributes, kill_earlier, earlier);
	pthread_attr_destroy(&attributes);
	if (error)
		return fail(failure, "cannot start the killer of the earlier victim: %s", strerrordesc_np(error));
	earlier->killer_runs = 1;
	return 0;
}

int earlier_kill(struct earlier *earlier, const struct method *method, const struct trial_request *request,
		 struct failure *failure)
{
	int64_t deadline = now_ns() + START_LIMIT_NS;
	int64_t rest;

	if (!earlier->hog.pid)
		return 0;
	earlier->method = method;
	earlier->result = (struct kill_result){ .kill_errno = NO_CALL, .reap_errno = NO_CALL };
	earlier->context = (struct kill_context){
		.pidfd = earlier->hog.pidfd,
		.cgroup_kill_fd = earlier->cgroup.kill_fd,
		.cgroup_fd = earlier->cgroup.directory_fd,
		.pid = earlier->hog.pid,
		.limit_ns = request->limit_ns,
		.t0 = &earlier->t0,
	};
	if (start_killer(earlier, failure))
		return -1;
	while (!atomic_load(&earlier->t0)) {
		if (now_ns() > deadline)
			return fail(failure, "the killer of the earlier victim did not begin");
		sleep_ns(NS_PER_MS);
	}
	rest = atomic_load(&earlier->t0) + request->earlier_ms * NS_PER_MS - now_ns();
	if (rest > 0)
		sleep_ns(rest);
	earlier->left_bytes = cgroup_memory(&earlier->cgroup);
	return 0;
}

static int64_t first_of(int64_t one, int64_t other)
{
	if (!one || !other)
		return one ? one : other;
	return one < other ? one : other;
}

int earlier_overlaps(const struct earlier *earlier, const struct trial_request *request, pid_t pid, int64_t t0,
		     int64_t *distance)
{
	pid_t before = earlier->hog.pid;
	int64_t marked = trace_time("mark_victim", pid);
	int64_t marked_before = trace_time("mark_victim", before);
	int64_t reaped_from = trace_time("start_task_reaping", before);
	int64_t reaped_to = trace_time("finish_task_reaping", before);
	int64_t came = first_of(trace_time("wake_reaper", pid), trace_time("skip_task_reaping", pid));

	*distance = marked && marked_before ? marked - marked_before : t0 - atomic_load(&earlier->t0);
	/* No kernel thread had to do with it: then the caller is at it, or nobody, until it is gone. */
	if (!reaped_from)
		return earlier->left_bytes > request->earlier_bytes / GONE_SHARE;
	came = came ? came : t0;
	return came >= reaped_from && (!reaped_to || came <= reaped_to);
}

int earlier_end(struct earlier *earlier, struct failure *failure)
{
	int result = 0;

	if (earlier->killer_runs) {
		pthread_join(earlier->killer, NULL);
		if (earlier->failure.message[0])
			result = fail(failure, "killer of the earlier victim: %s", earlier->failure.message);
	}
	earlier->killer_runs = 0;
	result |= program_end(&earlier->hog, failure);
	if (earlier->cgroup.path[0])
		result |= cgroup_empty(&earlier->cgroup, failure);
	result |= cgroup_remove(&earlier->cgroup, failure);
	unlink(EARLIER_FILE);
	return result;
}
