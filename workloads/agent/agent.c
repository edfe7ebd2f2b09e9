// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest agent: takes requests, kills, observes, reports.
 *
 *   agent serve            one request line on standard input, one line of JSON
 *                          on standard output, until `quit` or end of input
 *   agent probe            one request by hand
 *   agent trial WORDS...
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "background.h"
#include "decide.h"
#include "files.h"
#include "json.h"
#include "priority.h"
#include "probe.h"
#include "trial.h"

#define REQUEST_WORDS_MAX 64

enum outcome { ANSWERED, FINISHED };

static void report_error(FILE *output, const struct failure *failure)
{
	struct json json = { .file = output };

	json_open(&json, NULL);
	json_text(&json, "type", "error");
	json_text(&json, "message", failure->message);
	json_close(&json);
}

static void report_background(FILE *output)
{
	struct json json = { .file = output };

	json_open(&json, NULL);
	json_text(&json, "type", "background");
	json_true(&json, "ok");
	json_close(&json);
}

static enum outcome answer(const char *const *words, int count, FILE *output)
{
	struct failure failure = { "" };

	if (!strcmp(words[0], "quit") && count == 1)
		return FINISHED;
	if (!strcmp(words[0], "probe") && count == 1) {
		probe_report(output);
	} else if (!strcmp(words[0], "trial")) {
		trial_run(words + 1, count - 1, output, &failure);
	} else if (!strcmp(words[0], "background")) {
		/* A killer started under the former background would not be worth its name. */
		decide_end(&failure);
		if (!failure.message[0] && !background_set(words + 1, count - 1, &failure))
			report_background(output);
	} else {
		fail(&failure, "unknown request '%s'", words[0]);
	}
	if (failure.message[0])
		report_error(output, &failure);
	return ANSWERED;
}

/* One line in one write: a line that comes in pieces could be cut where the guest dies. */
static enum outcome answer_line(const char *const *words, int count)
{
	char *line = NULL;
	size_t length = 0;
	FILE *output = open_memstream(&line, &length);
	enum outcome outcome;

	if (!output)
		abort();
	outcome = answer(words, count, output);
	if (outcome == ANSWERED)
		fputc('\n', output);
	fclose(output);
	fwrite(line, 1, length, stdout);
	fflush(stdout);
	free(line);
	return outcome;
}

static void serve(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		const char *words[REQUEST_WORDS_MAX];
		char *rest = line;
		char *word;
		int count = 0;

		while ((word = strsep(&rest, " \t\r\n"))) {
			if (*word && count < REQUEST_WORDS_MAX)
				words[count++] = word;
			else if (*word)
				words[0] = "(too many words)";
		}
		if (count && answer_line(words, count) == FINISHED)
			break;
	}
	free(line);
}

/* What must hold before the first request: nothing of the agent may have to wait for memory later. */
static int prepare(struct failure *failure)
{
	/* A pidfd of each victim, and what else is open. */
	const struct rlimit files = { .rlim_cur = VICTIMS_MAX + 256, .rlim_max = VICTIMS_MAX + 256 };

	signal(SIGPIPE, SIG_IGN);
	if (setrlimit(RLIMIT_NOFILE, &files))
		return fail_errno(failure, "cannot open many files");
	if (write_text("/proc/self/oom_score_adj", "-1000", failure))
		return -1;
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		return fail_errno(failure, "cannot lock memory");
	return take_priority(PRIORITY_KILLER, failure) || trial_prepare(failure) ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct failure failure = { "" };

	if (argc < 2) {
		fputs("usage: agent serve | probe | trial WORD=VALUE...\n", stderr);
		return 2;
	}
	if (prepare(&failure)) {
		report_error(stdout, &failure);
		puts("");
		return 3;
	}
	if (!strcmp(argv[1], "serve"))
		serve();
	else
		answer_line((const char *const *)argv + 1, argc - 1);
	decide_end(&failure);
	background_end(&failure);
	return failure.message[0] ? 3 : 0;
}
