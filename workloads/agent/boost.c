// SPDX-License-Identifier: GPL-2.0-only
/* See boost.h. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "boost.h"
#include "cgroup.h"
#include "files.h"
#include "json.h"
#include "priority.h"
#include "trial.h"

/* A sibling of the victims' cgroups: weights compare with theirs. Made once, kept until the guest ends. */
#define BOOSTED CGROUP_TRIALS "/boosted"

#define GREATEST_WEIGHT "10000"
#define LEAST_NICE (-20)

/* An entry of /proc/PID/task takes 24 or 32 bytes: a thousand threads for each call. */
#define LISTING_BYTES (32 * 1024)

/* Victims that may be waiting to be raised by the thread of begin_boost(). */
#define QUEUE_LENGTH 4096

#define RAISER_STACK_BYTES (256 * 1024)

/* What getdents64(2) fills in; libc has no name for it. */
struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

/* What is raised, and what came of it. Only one thread raises in a trial: the killer's, or the one of begin_boost(). */
static struct {
	int procs_fd;		/* cgroup.procs of the boosted cgroup */
	cpu_set_t all_cpus;
	int64_t ns;		/* spent on raising */
	int64_t threads;	/* that were there to be raised */
	int error;		/* the first that is not about a thread that has gone */
	_Alignas(struct entry) char listing[LISTING_BYTES];
} boost = { .procs_fd = -1 };

static struct {
	sem_t wanted, finished;
	int started;
	enum boost_means means;
	pid_t queue[QUEUE_LENGTH];
	unsigned int begun;	/* victims queued in this trial */
	unsigned int dropped;	/* and not queued, as it was full */
} raiser;

static void note(long error)
{
	if (error && errno != ESRCH && errno != ENOENT && !boost.error)
		boost.error = errno;
}

static void raise_thread(pid_t thread, enum boost_means means)
{
	static const struct sched_param lowest = { .sched_priority = 1 };

	if (means & BOOST_AFFINITY)
		note(sched_setaffinity(thread, sizeof(boost.all_cpus), &boost.all_cpus));
	if (means & BOOST_POLICY)
		note(sched_setscheduler(thread, SCHED_FIFO, &lowest));
	if (means & (BOOST_NICE | BOOST_NICE_0))
		note(setpriority(PRIO_PROCESS, (id_t)thread, means & BOOST_NICE ? LEAST_NICE : 0));
	boost.threads++;
}

static void raise_threads(pid_t pid, enum boost_means means)
{
	char path[64];
	long length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	note(fd < 0);
	if (fd < 0)
		return;
	/* No opendir(3): it allocates. */
	while ((length = syscall(SYS_getdents64, fd, boost.listing, sizeof(boost.listing))) > 0) {
		for (long at = 0; at < length; at += ((struct entry *)(boost.listing + at))->length) {
			const struct entry *entry = (const struct entry *)(boost.listing + at);

			if (entry->name[0] != '.')
				raise_thread((pid_t)strtol(entry->name, NULL, 10), means);
		}
	}
	note(length < 0);
	close(fd);
}

static void raise_victim(pid_t pid, enum boost_means means)
{
	int64_t start = now_ns();
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", pid);

	/* First, as it is one call for all threads. Those on their way out are left where they are, without an error. */
	if (means & BOOST_CGROUP)
		note(write(boost.procs_fd, text, (size_t)length) < 0);
	if (means & ~BOOST_CGROUP)
		raise_threads(pid, means);
	boost.ns += now_ns() - start;
}

void timed_boost(const struct kill_context *context, enum boost_means means)
{
	start_clock(context, now_ns());
	raise_victim(context->pid, means);
}

/* ---- the thread of begin_boost() --------------------------------------- */

static void *raise_when_wanted(void *unused)
{
	struct failure ignored = { "" };

	(void)unused;
	/* Made by the killer, it would stay on the killer's CPU and wait there for the killer. */
	sched_setaffinity(0, sizeof(boost.all_cpus), &boost.all_cpus);
	take_priority(PRIORITY_KILLER, &ignored);
	for (unsigned int next = 0;; next++) {
		while (sem_wait(&raiser.wanted))
			;
		raise_victim(raiser.queue[next % QUEUE_LENGTH], raiser.means);
		sem_post(&raiser.finished);
	}
	return NULL;
}

static int start_raiser(struct failure *failure)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	sem_init(&raiser.wanted, 0, 0);
	sem_init(&raiser.finished, 0, 0);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, RAISER_STACK_BYTES);
	error = pthread_create(&thread, &attributes, raise_when_wanted, NULL);
	pthread_attr_destroy(&attributes);
	if (error)
		return fail(failure, "cannot start the thread that boosts: %s", strerrordesc_np(error));
	raiser.started = 1;
	return 0;
}

void begin_boost(const struct kill_context *context, enum boost_means means)
{
	static unsigned int next;

	start_clock(context, now_ns());
	if (raiser.begun == QUEUE_LENGTH) {
		raiser.dropped++;
		return;
	}
	raiser.means = means;
	raiser.queue[next++ % QUEUE_LENGTH] = context->pid;
	raiser.begun++;
	sem_post(&raiser.wanted);
}

/* ---- before and after the window --------------------------------------- */

int boost_probe(void)
{
	return access(CGROUP_TRIALS "/cgroup.procs", W_OK) ? errno : 0;
}

static int open_cgroup(struct failure *failure)
{
	if (mkdir(BOOSTED, 0755) && errno != EEXIST)
		return fail_errno(failure, "cannot make " BOOSTED);
	if (write_text(BOOSTED "/cpu.weight", GREATEST_WEIGHT, failure))
		return -1;
	boost.procs_fd = open(BOOSTED "/cgroup.procs", O_WRONLY | O_CLOEXEC);
	return boost.procs_fd < 0 ? fail_errno(failure, "cannot open " BOOSTED "/cgroup.procs") : 0;
}

int boost_prepare(struct failure *failure)
{
	for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
		CPU_SET(cpu, &boost.all_cpus);
	boost.ns = boost.threads = boost.error = 0;
	raiser.begun = raiser.dropped = 0;
	/* Takes the page faults of a buffer that the victim's fork has write-protected. */
	memset(boost.listing, 0, sizeof(boost.listing));
	if (boost.procs_fd < 0 && open_cgroup(failure))
		return -1;
	return raiser.started ? 0 : start_raiser(failure);
}

void boost_finish(struct trial *trial)
{
	for (; raiser.begun; raiser.begun--) {
		while (sem_wait(&raiser.finished))
			;
	}
	if (boost.error || raiser.dropped)
		trial->unmet = "the victim could not be raised";
	trial_measure(trial, "boost", boost.ns ? boost.ns : JSON_NONE, "ns");
	trial_measure(trial, "boost_threads", boost.ns ? boost.threads : JSON_NONE, "threads");
}
