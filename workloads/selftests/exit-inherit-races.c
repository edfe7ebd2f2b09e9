// SPDX-License-Identifier: GPL-2.0-only
/*
 * PIDFD_EXIT_INHERIT against everything that may happen meanwhile: many
 * waiters come, change and go while victims of every kind are made, killed,
 * traced, moved and raised. It is for the kernel's own checks to complain; the
 * test itself looks at errnos, and that nobody is left waiting.
 */
#include "ktap.h"
#include "exit-inherit.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

/* Long enough for some thousand victims in an emulated kernel; a stress run repeats the program. */
#define RACE_NS		(20 * NS_PER_S)

#define WAITERS		6
#define SLOTS		4	/* victims alive at a time */

/* The longest that a waiter stays, so that each sees many victims. */
#define LONGEST_WAIT_NS	(20 * NS_PER_MS)

#define PAUSE_NS	(3 * NS_PER_MS)

static atomic_int pidfds[SLOTS];
static atomic_int pids[SLOTS];
static atomic_bool over;
static atomic_ulong exits, timeouts, interrupted, refused, circles;
static atomic_int strange;		/* an errno that must not be */

/* xorshift; each thread has its own, seeded by number, so that a run can be had again. */
static uint32_t next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* ---- victims ----------------------------------------------------------- */

static void *pass_time(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void *leave(void *unused)
{
	return unused;
}

static void *fork_for_ever(void *unused)
{
	for (;;) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	return unused;
}

static void *map_for_ever(void *unused)
{
	for (;;) {
		char *memory = mmap(NULL, MIB, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

		munmap(memory, MIB);
	}
	return unused;
}

static void *start_for_ever(void *unused)
{
	pthread_t thread;

	for (;;)
		if (!pthread_create(&thread, NULL, leave, NULL))
			pthread_join(thread, NULL);
	return unused;
}

static void *execute(void *unused)
{
	sleep_ms(2);
	execl("/proc/self/exe", "exit-inherit-races", "sleep", NULL);
	return unused;
}

/* Each kind has threads of its body beside its leader. */
static void *(*const kinds[])(void *) = {
	pass_time, leave, fork_for_ever, map_for_ever, start_for_ever, execute,
};

#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))

__attribute__((noreturn))
static void be_victim(uint32_t number)
{
	pthread_t thread;
	uint32_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (i = 0; i < number / KINDS % 4; i++)
		pthread_create(&thread, NULL, kinds[number % KINDS], NULL);
	/* Some leave by themselves, some as the leader alone. */
	if (number % 7 == 0)
		_exit(0);
	if (number % 11 == 0)
		syscall(SYS_exit, 0);
	pass_time(NULL);
	_exit(0);
}

/* ---- waiters ----------------------------------------------------------- */

static void count(int error)
{
	switch (error) {
	case 0:
		atomic_fetch_add(&exits, 1);
		break;
	case ETIMEDOUT:
		atomic_fetch_add(&timeouts, 1);
		break;
	case EINTR:
		atomic_fetch_add(&interrupted, 1);
		break;
	case EINVAL:
		atomic_fetch_add(&refused, 1);
		break;
	case EDEADLK:
		atomic_fetch_add(&circles, 1);
		break;
	case EBADF:
	case ENOTTY:
		/* The slot's descriptor was closed, and its number is free or another file's. */
		break;
	default:
		atomic_store(&strange, error);
	}
}

static void *wait_for_victims(void *argument)
{
	uint32_t random = (uint32_t)(uintptr_t)argument + 1;

	while (!atomic_load(&over)) {
		const struct sched_param parameter = { .sched_priority = 1 + (int)(next(&random) % 40) };
		int pidfd = atomic_load(&pidfds[next(&random) % SLOTS]);
		int policy = (int)(next(&random) % 3);

		/* SCHED_OTHER, SCHED_FIFO, SCHED_RR. */
		sched_setscheduler(0, policy, policy ? &parameter : &(struct sched_param){ 0 });
		count(exit_inherit(pidfd, next(&random) % LONGEST_WAIT_NS) ? errno : 0);
		/* A victim that lives is refused at once; no loop may keep a CPU at such a priority. */
		sleep_ns(PAUSE_NS);
	}
	return NULL;
}

static pthread_t waiters[WAITERS];

/* Signals, and other priorities, for waiters and victims. */
static void *disturb(void *unused)
{
	uint32_t random = 4711;

	while (!atomic_load(&over)) {
		const struct sched_param parameter = { .sched_priority = 1 + (int)(next(&random) % 40) };
		pid_t pid = atomic_load(&pids[next(&random) % SLOTS]);

		pthread_kill(waiters[next(&random) % WAITERS], SIGUSR1);
		if (pid > 0) {
			int policy = next(&random) % 2 ? SCHED_FIFO : SCHED_IDLE;

			sched_setscheduler(pid, policy, policy == SCHED_FIFO ? &parameter : &(struct sched_param){ 0 });
		}
		sleep_ms(1);
	}
	return unused;
}

/* ---- the course of a victim's life --------------------------------------- */

static bool move(const char *cgroup, pid_t pid)
{
	char path[256];
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", pid);
	bool moved;
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return support_problem(__FILE__, __LINE__, "open %s", path);
	/* Not waited for yet, so it can be found, be it a zombie. */
	moved = write(fd, text, (size_t)length) == length;
	if (!moved)
		support_problem(__FILE__, __LINE__, "write %s to %s", text, path);
	close(fd);
	return moved;
}

static void end_victim(size_t slot, uint32_t number, const char *cgroup)
{
	int pidfd = atomic_load(&pidfds[slot]);
	pid_t pid = atomic_load(&pids[slot]);
	struct pollfd gone = { .fd = pidfd, .events = POLLIN };

	if (!pid)
		return;
	if (number % 3 == 0)
		REQUIRE(move(cgroup, pid));
	/* Held in its exit stop until we let go. */
	if (number % 5 == 0)
		ptrace(PTRACE_SEIZE, pid, NULL, (void *)PTRACE_O_TRACEEXIT);
	syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	if (number % 5 == 0) {
		int status;

		sleep_ms(1);
		while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status))
			ptrace(PTRACE_CONT, pid, NULL, NULL);
	} else {
		if (number % 2)
			count(exit_inherit(pidfd, FOR_EVER) ? errno : 0);
		REQUIRE(poll(&gone, 1, WAIT_LIMIT_MS) == 1);
		waitpid(pid, NULL, __WALL);
	}
	atomic_store(&pids[slot], 0);
	atomic_store(&pidfds[slot], -1);
	close(pidfd);
}

static bool start_victim(size_t slot, uint32_t number)
{
	pid_t pid = fork();

	if (!pid)
		be_victim(number);
	if (pid < 0)
		return support_problem(__FILE__, __LINE__, "fork");
	atomic_store(&pids[slot], pid);
	atomic_store(&pidfds[slot], (int)syscall(SYS_pidfd_open, pid, 0));
	return true;
}

static void race(const char *cgroup)
{
	int64_t end = now_ns() + RACE_NS;
	uint32_t random = 815;
	uint32_t number;

	for (number = 0; now_ns() < end && !ktap.failed; number++) {
		size_t slot = number % SLOTS;

		end_victim(slot, number, cgroup);
		if (!start_victim(slot, number))
			return;
		if (next(&random) % 4 == 0)
			sleep_ms(1 + (int)(next(&random) % 4));
	}
	for (size_t slot = 0; slot < SLOTS; slot++)
		end_victim(slot, 1, cgroup);
	ktap_note("%u victims", number);
}

static void waiters_against_victims(void)
{
	const struct sigaction action = { .sa_handler = ignore_signal };
	char cgroup[128];
	pthread_t disturber;
	size_t i;

	REQUIRE(cgroup_create(cgroup, sizeof(cgroup)));
	sigaction(SIGUSR1, &action, NULL);
	for (i = 0; i < SLOTS; i++)
		atomic_store(&pidfds[i], -1);
	for (i = 0; i < WAITERS; i++)
		REQUIRE(!pthread_create(&waiters[i], NULL, wait_for_victims, (void *)i));
	REQUIRE(!pthread_create(&disturber, NULL, disturb, NULL));
	race(cgroup);
	atomic_store(&over, true);
	pthread_join(disturber, NULL);
	for (i = 0; i < WAITERS; i++)
		pthread_join(waiters[i], NULL);
	ktap_note("%lu waits saw the end, %lu timed out, %lu were interrupted, %lu refused", atomic_load(&exits),
		  atomic_load(&timeouts), atomic_load(&interrupted), atomic_load(&refused));
	REQUIRE_MSG(!atomic_load(&strange), "%s", ktap_error_name(atomic_load(&strange)));
	REQUIRE(!atomic_load(&circles));
	REQUIRE(atomic_load(&exits) && atomic_load(&timeouts) && atomic_load(&refused));
}

int main(int argc, char **argv)
{
	static const struct ktap_case cases[] = {
		{ "waiters against victims of every kind", waiters_against_victims },
	};

	/* A victim that has executed itself. */
	if (argc == 2 && !strcmp(argv[1], "sleep"))
		pass_time(NULL);
	if (exit_inherit_probe()) {
		puts("KTAP version 1\n1..0 # SKIP pidfds have no PIDFD_EXIT_INHERIT");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), support_cleanup);
}
