// SPDX-License-Identifier: GPL-2.0-only
/*
 * vm.expedite_always = 1: by which signals, however sent, a process is handed
 * to the reapers, and by which ends it is not.
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "ktap.h"
#include "expedite-always.h"

static const struct victim_shape plain = { .bytes = VICTIM_BYTES, .threads = 2 };

/* ---- signals that count ----------------------------------------------- */

/* The signal is sent by the function; the victim is frozen, so it stays to be looked at. */
static void strip_by(bool (*send)(const struct victim *victim), struct victim_shape shape)
{
	struct victim victim;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_in_cgroup(&victim, shape));
	REQUIRE(freezer_v1(victim.pid, true));
	REQUIRE(send(&victim));
	REQUIRE(is_stripped_soon());
	REQUIRE(reaped_times(1));
	REQUIRE(stays(&victim));
	expedite_cleanup();
}

static bool by_kill(const struct victim *victim)
{
	return kill(victim->pid, SIGKILL) == 0;
}

static bool by_term(const struct victim *victim)
{
	return kill(victim->pid, SIGTERM) == 0;
}

static bool by_real_time_signal(const struct victim *victim)
{
	return kill(victim->pid, SIGRTMIN + 3) == 0;
}

static bool to_the_thread(const struct victim *victim)
{
	return syscall(SYS_tgkill, victim->pid, victim->pid, SIGKILL) == 0;
}

static bool to_the_group(const struct victim *victim)
{
	return setpgid(victim->pid, victim->pid) == 0 && kill(-victim->pid, SIGKILL) == 0;
}

static bool by_cgroup_kill(const struct victim *victim)
{
	char file[160];

	(void)victim;
	snprintf(file, sizeof(file), "%s/cgroup.kill", cgroup);
	return write_file(file, "1");
}

static void any_way_to_kill(void)
{
	strip_by(victim_kill, plain);
	strip_by(by_kill, plain);
	strip_by(to_the_thread, plain);
	strip_by(to_the_group, plain);
	strip_by(by_cgroup_kill, plain);
}

/*
 * No thread of a frozen process is ready to take a signal other than SIGKILL,
 * so here the victim runs, and may be quicker than the reaper.
 */
static void queue_by(bool (*send)(const struct victim *victim), struct victim_shape shape)
{
	struct victim victim;

	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_in_cgroup(&victim, shape));
	REQUIRE(send(&victim));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(trace_count("wake_reaper:", NULL) == 1);
	expedite_cleanup();
}

static void any_signal_that_kills(void)
{
	queue_by(by_kill, plain);
	queue_by(by_term, plain);
	queue_by(by_real_time_signal, plain);
}

/* The timer's interrupt sends it. */
static void set_alarm(struct victim_page *page, char *memory, size_t bytes)
{
	const struct itimerval soon = { .it_value = { .tv_usec = 100000 } };

	(void)page;
	(void)memory;
	(void)bytes;
	/* Not what the test itself has for it, which the victim has inherited. */
	signal(SIGALRM, SIG_DFL);
	setitimer(ITIMER_REAL, &soon, NULL);
}

static bool by_itself(const struct victim *victim)
{
	(void)victim;
	return true;
}

static void from_an_interrupt(void)
{
	struct victim_shape shape = plain;

	shape.body = set_alarm;
	queue_by(by_itself, shape);
}

static void kill_itself(struct victim_page *page, char *memory, size_t bytes)
{
	(void)page;
	(void)memory;
	(void)bytes;
	raise(SIGKILL);
}

static void from_the_process_itself(void)
{
	struct victim_shape shape = plain;

	shape.body = kill_itself;
	queue_by(by_itself, shape);
}

static void threads_without_a_leader(void)
{
	struct victim_shape shape = plain;

	shape.leader_exits = true;
	strip_by(victim_kill, shape);
}

/* ---- signals that do not ---------------------------------------------- */

static bool is_going(void *argument)
{
	return atomic_load(&((struct victim_page *)argument)->go);
}

enum disposition { CAUGHT, BLOCKED, IGNORED };

static void nothing(int signal_number)
{
	(void)signal_number;
}

/* Set before the victim is made. */
static enum disposition disposition;

static void dispose(struct victim_page *page, char *memory, size_t bytes)
{
	struct sigaction action = { .sa_handler = disposition == IGNORED ? SIG_IGN : nothing };
	sigset_t all;

	(void)memory;
	(void)bytes;
	sigfillset(&all);
	if (disposition == BLOCKED)
		sigprocmask(SIG_BLOCK, &all, NULL);
	else
		sigaction(SIGTERM, &action, NULL);
	atomic_store(&page->go, true);
}

static void lives_with(enum disposition chosen)
{
	struct victim_shape shape = { .bytes = VICTIM_BYTES, .body = dispose, .neighbour = true };
	struct victim victim;

	disposition = chosen;
	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_in_cgroup(&victim, shape));
	REQUIRE(wait_for(is_going, victim.page, WAIT_LIMIT_MS));
	REQUIRE(kill(victim.pid, SIGTERM) == 0);
	REQUIRE(nobody_is_reaped());
	REQUIRE(stays(&victim));
	REQUIRE(neighbour_checks(&victim, 3, WAIT_LIMIT_MS));
	expedite_cleanup();
}

static void signals_that_do_not_kill(void)
{
	lives_with(CAUGHT);
	lives_with(BLOCKED);
	lives_with(IGNORED);
}

static void leave(struct victim_page *page, char *memory, size_t bytes)
{
	(void)page;
	(void)memory;
	(void)bytes;
	_exit(0);
}

static void ways_out_without_a_signal(void)
{
	struct victim_shape shape = plain;
	struct victim victim;

	/* exit_group() with threads. */
	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	shape.body = leave;
	REQUIRE(start_in_cgroup(&victim, shape));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(nobody_is_reaped());
	expedite_cleanup();

	/* Signals that dump core, whether or not a core is wanted. */
	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_in_cgroup(&victim, plain));
	REQUIRE(kill(victim.pid, SIGQUIT) == 0);
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(nobody_is_reaped());
	expedite_cleanup();

	/* A tracer gets to see SIGTERM first. */
	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_in_cgroup(&victim, plain));
	REQUIRE(ptrace(PTRACE_SEIZE, victim.pid, NULL, NULL) == 0);
	REQUIRE(kill(victim.pid, SIGTERM) == 0);
	REQUIRE(wait_for_state(victim.pid, "t", WAIT_LIMIT_MS));
	REQUIRE(nobody_is_reaped());
	REQUIRE(keeps(VICTIM_BYTES));
}

/* ---- a core dump ------------------------------------------------------ */

#define CORE_PATTERN	"/proc/sys/kernel/core_pattern"
#define RECEIVE		"receive"

/* Does not read, so that the process that dumps waits for it; ends with the dump. */
static int receive_core(void)
{
	struct pollfd hangup = { .fd = STDIN_FILENO };

	return poll(&hangup, 1, -1) == 1 ? 0 : 1;
}

static bool writes_core(void *pid)
{
	char path[64];
	char text[4096];

	snprintf(path, sizeof(path), "/proc/%d/status", *(pid_t *)pid);
	return read_file(path, text, sizeof(text)) > 0 && strstr(text, "CoreDumping:\t1");
}

static void a_core_dump_is_left_alone(void)
{
	char self[128] = "";
	char pattern[128];
	char before[128];
	struct victim victim;
	bool dumps;

	if (read_file(CORE_PATTERN, before, sizeof(before)) < 0)
		SKIP("this kernel dumps no core");
	REQUIRE(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	snprintf(pattern, sizeof(pattern), "|%.100s " RECEIVE, self);
	REQUIRE(vm_set(EXPEDITE_ALWAYS, "1"));
	REQUIRE(start_in_cgroup(&victim, plain));
	REQUIRE(write_file(CORE_PATTERN, pattern));
	dumps = kill(victim.pid, SIGQUIT) == 0 &&
		wait_for(writes_core, &victim.pid, WAIT_LIMIT_MS);
	write_file(CORE_PATTERN, before);
	REQUIRE(dumps);
	REQUIRE(nobody_is_reaped());
	/* Ends the dump, and with it the victim, by its own hand. */
	REQUIRE(victim_kill(&victim));
	REQUIRE(victim_wait(&victim, true, WAIT_LIMIT_MS));
	REQUIRE(nobody_is_reaped());
}

int main(int count, char **arguments)
{
	static const struct ktap_case cases[] = {
		{ "every way to send SIGKILL", any_way_to_kill },
		{ "every signal that kills", any_signal_that_kills },
		{ "a signal from an interrupt", from_an_interrupt },
		{ "a signal from the process itself", from_the_process_itself },
		{ "threads without a leader are found", threads_without_a_leader },
		{ "signals that do not kill take nothing", signals_that_do_not_kill },
		{ "ends without a fatal signal are left alone", ways_out_without_a_signal },
		{ "a core dump is left alone", a_core_dump_is_left_alone },
	};

	/* Made by the kernel, to receive a core. */
	if (count == 2 && !strcmp(arguments[1], RECEIVE))
		return receive_core();
	if (!kernel_has_expedite_always()) {
		puts(NO_EXPEDITE);
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), expedite_cleanup);
}
