/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KTAP version 1, as Documentation/dev-tools/ktap.rst has it: one program,
 * one plan, one line per case, diagnostics as lines that begin with "# ".
 *
 * A case is a function. It ends early through one of the REQUIRE macros,
 * which fail it and say where, or through SKIP, which gives a reason.
 * Whatever it leaves behind is put away by the cleanup function that
 * ktap_run() calls after each case, so that a case needs no error paths, and
 * can be run again.
 *
 * REAPLAB_RACE_SECONDS in the environment makes the program last at least that
 * long: every case is repeated for its share of the time. Stress does that to
 * programs that race.
 *
 * Include it in the program's main source file only.
 */
#ifndef REAPLAB_KTAP_H
#define REAPLAB_KTAP_H

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The exit codes of kselftest.h. */
#define KTAP_PASS	0
#define KTAP_FAIL	1
#define KTAP_SKIP	4

/*
 * The longest a case may last. Every wait inside a case has its own shorter
 * limit; this one catches a call that never comes back. The slowest case
 * repeats a race a few hundred times and needs about 40 s in an emulated
 * kernel with KASAN and lockdep; hung-task detection speaks after 330 s there,
 * and its report is worth having on the console before we give up. A case that
 * is repeated has that long each time.
 */
#define KTAP_CASE_LIMIT_S	360

/* A case that is repeated says so this often: who reads us gives up on silence. */
#define KTAP_SIGN_OF_LIFE_NS	(60 * 1000000000LL)

struct ktap_case {
	const char *name;
	void (*run)(void);
};

struct ktap_state {
	size_t number;			/* of the running case, from 1 */
	const char *name;
	bool failed;
	bool skipped;
	char reason[256];		/* why it was skipped */
	size_t passed_count;
	size_t failed_count;
	size_t skipped_count;
};

static struct ktap_state ktap;

/* Prints one diagnostic line. */
__attribute__((format(printf, 1, 2)))
static inline void ktap_note(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("# ", stdout);
	vprintf(format, arguments);
	putchar('\n');
	va_end(arguments);
}

/*
 * Announces a warning that the test is about to provoke: a part of the line
 * "WARNING: at FILE:LINE FUNCTION" that the kernel will print. A test under
 * which the kernel complains of anything else has failed, whatever its cases
 * say. Oopses and reports of KASAN or of a stall can't be announced.
 */
static inline void ktap_expect_warning(const char *text)
{
	ktap_note("expects kernel warning: %s", text);
}

/* Fails the running case and says where and why; the case goes on. */
__attribute__((format(printf, 3, 4)))
static inline void ktap_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	ktap.failed = true;
	va_start(arguments, format);
	printf("# %s:%d: ", file, line);
	vprintf(format, arguments);
	putchar('\n');
	va_end(arguments);
}

/* Marks the running case as skipped. */
__attribute__((format(printf, 1, 2)))
static inline void ktap_skip(const char *format, ...)
{
	va_list arguments;

	ktap.skipped = true;
	va_start(arguments, format);
	vsnprintf(ktap.reason, sizeof(ktap.reason), format, arguments);
	va_end(arguments);
}

/* The name of an errno value, "0" for none. */
static inline const char *ktap_error_name(int error)
{
	const char *name = strerrorname_np(error);

	return name ? name : "(no such errno)";
}

/* Fails and leaves the case unless the condition holds. */
#define REQUIRE(condition)						\
	do {								\
		if (!(condition)) {					\
			ktap_fail(__FILE__, __LINE__, "not true: %s",	\
				  #condition);				\
			return;						\
		}							\
	} while (0)

/* The same, with values to print. */
#define REQUIRE_MSG(condition, format, ...)				\
	do {								\
		if (!(condition)) {					\
			ktap_fail(__FILE__, __LINE__,			\
				  "not true: %s (" format ")",		\
				  #condition, ##__VA_ARGS__);		\
			return;						\
		}							\
	} while (0)

/*
 * Fails and leaves the case unless the call fails with the errno expected,
 * or does not fail, where 0 is expected.
 */
#define REQUIRE_ERROR(call, expected)					\
	do {								\
		errno = 0;						\
		int error_seen = (call) < 0 ? errno : 0;		\
		int error_wanted = (expected);				\
									\
		if (error_seen != error_wanted) {			\
			ktap_fail(__FILE__, __LINE__,			\
				  "%s gave %s, expected %s", #call,	\
				  ktap_error_name(error_seen),		\
				  ktap_error_name(error_wanted));	\
			return;						\
		}							\
	} while (0)

/* Leaves the case as skipped, with a reason. */
#define SKIP(...)							\
	do {								\
		ktap_skip(__VA_ARGS__);					\
		return;							\
	} while (0)

/* Async-signal-safe: the case hangs, so only write() is used. */
static inline void ktap_timed_out(int signal_number)
{
	static const char before[] = "# the case lasted too long\nnot ok ";
	static const char after[] = "\nBail out! a case hangs\n";
	char digits[24];
	size_t at = sizeof(digits);
	size_t number = ktap.number;
	ssize_t ignored;

	(void)signal_number;
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	ignored = write(STDOUT_FILENO, before, sizeof(before) - 1);
	ignored = write(STDOUT_FILENO, digits + at, sizeof(digits) - at);
	ignored = write(STDOUT_FILENO, " - ", 3);
	ignored = write(STDOUT_FILENO, ktap.name, strlen(ktap.name));
	ignored = write(STDOUT_FILENO, after, sizeof(after) - 1);
	(void)ignored;
	_exit(KTAP_FAIL);
}

static inline int64_t ktap_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Runs a case for at least that long, once in any case, unless it fails or cannot run. */
static inline void ktap_repeat(const struct ktap_case *entry, void (*cleanup)(void), int64_t share_ns)
{
	int64_t begin = ktap_now_ns();
	int64_t sign = begin;
	int64_t spent = 0;
	unsigned int times = 0;

	do {
		alarm(KTAP_CASE_LIMIT_S);
		entry->run();
		if (cleanup)
			cleanup();
		alarm(0);
		/* A moment that was missed this time has been met before. */
		if (times++)
			ktap.skipped = false;
		spent = ktap_now_ns() - begin;
		if (spent < share_ns && begin + spent - sign >= KTAP_SIGN_OF_LIFE_NS) {
			sign = begin + spent;
			ktap_note("racing for %lld of %lld s", (long long)spent / 1000000000,
				  (long long)share_ns / 1000000000);
		}
	} while (!ktap.failed && !ktap.skipped && spent < share_ns);
	if (times > 1)
		ktap_note("%u times in %lld s", times, (long long)spent / 1000000000);
}

static inline void ktap_run_case(const struct ktap_case *entry, void (*cleanup)(void),
				 int64_t share_ns)
{
	ktap.number++;
	ktap.name = entry->name;
	ktap.failed = false;
	ktap.skipped = false;

	ktap_repeat(entry, cleanup, share_ns);

	if (ktap.failed) {
		ktap.failed_count++;
		printf("not ok %zu - %s\n", ktap.number, entry->name);
	} else if (ktap.skipped) {
		ktap.skipped_count++;
		printf("ok %zu - %s # SKIP %s\n", ktap.number, entry->name, ktap.reason);
	} else {
		ktap.passed_count++;
		printf("ok %zu - %s\n", ktap.number, entry->name);
	}
}

/*
 * Runs every case in order and prints plan, results and totals. Returns the
 * exit code: fail if a case failed, skip if none ran, else pass.
 */
static inline int ktap_run(const struct ktap_case *cases, size_t count, void (*cleanup)(void))
{
	struct sigaction timed_out = { .sa_handler = ktap_timed_out };
	const char *seconds = getenv("REAPLAB_RACE_SECONDS");
	int64_t end = ktap_now_ns() + (seconds ? strtoll(seconds, NULL, 10) * 1000000000 : 0);
	size_t i;

	/* By lines, so that what came before a crash has been printed. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGALRM, &timed_out, NULL);

	printf("KTAP version 1\n1..%zu\n", count);
	for (i = 0; i < count; i++)
		ktap_run_case(&cases[i], cleanup, (end - ktap_now_ns()) / (int64_t)(count - i));
	ktap_note("Totals: pass:%zu fail:%zu skip:%zu", ktap.passed_count, ktap.failed_count,
		  ktap.skipped_count);

	if (ktap.failed_count)
		return KTAP_FAIL;
	return ktap.passed_count ? KTAP_PASS : KTAP_SKIP;
}

#endif /* REAPLAB_KTAP_H */
