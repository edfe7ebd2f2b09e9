// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "json.h"
#include "trial.h"

static int64_t since(const struct trial *trial, int64_t time)
{
	return time ? time - trial->t0 : JSON_NONE;
}

/*
 * [previous, time, bytes] of every change. What was seen before t0 is summed
 * up in the first entry; a change whose read straddles t0 can only lie after it.
 */
static void report_samples(struct json *json, const struct trial *trial)
{
	const struct observation *observation = trial->observation;

	json_key(json, "samples");
	fputc('[', json->file);
	if (observation && trial->t0)
		fprintf(json->file, "[0,0,%" PRId64 "]", trial->t0_bytes);
	for (unsigned int i = 0; observation && trial->t0 && i < observation->count; i++) {
		const struct sample *sample = &observation->samples[i];
		int64_t previous = sample->previous_ns - trial->t0;

		if (sample->ns > trial->t0)
			fprintf(json->file, ",[%" PRId64 ",%" PRId64 ",%" PRId64 "]", previous > 0 ? previous : 0,
				sample->ns - trial->t0, sample->bytes);
	}
	fputc(']', json->file);
}

static void report_measures(struct json *json, const struct trial *trial)
{
	json_open(json, "measures");
	for (unsigned int i = 0; i < trial->measure_count; i++) {
		json_open(json, trial->measures[i].name);
		json_number(json, "value", trial->measures[i].value);
		json_text(json, "unit", trial->measures[i].unit);
		json_close(json);
	}
	json_close(json);
}

static void report_bytes(struct json *json, const struct trial *trial)
{
	int reached = trial->window_end && trial->t0;

	json_number(json, "held_bytes", reached ? trial->t0_bytes - trial->floor_bytes : JSON_NONE);
	json_number(json, "left_bytes", reached ? trial->left_bytes - trial->floor_bytes : JSON_NONE);
	json_number(json, "t0_bytes", reached ? trial->t0_bytes : JSON_NONE);
}

static void report_counters(struct json *json, const struct trial *trial)
{
	int reached = trial->window_end != 0;

	json_number(json, "allocstall", reached ? trial->after.allocstall - trial->before.allocstall : JSON_NONE);
	json_number(json, "pgscan_direct", reached ? trial->after.pgscan_direct - trial->before.pgscan_direct : JSON_NONE);
	json_number(json, "oom_kill", reached ? trial->after.oom_kill - trial->before.oom_kill : JSON_NONE);
}

void trial_report(const struct trial *trial, FILE *output)
{
	const struct kill_result *result = &trial->result;
	const struct observation *observation = trial->observation;
	int reached = trial->window_end != 0;
	struct json json = { .file = output };

	json_open(&json, NULL);
	json_text(&json, "type", "trial");
	json_text(&json, "setup", trial->unmet ? trial->unmet : "ok");
	report_bytes(&json, trial);
	json_errno(&json, "kill_errno", result->kill_errno);
	json_errno(&json, "reap_errno", result->reap_errno);
	json_number(&json, "kill_call_ns", trial->kill_call_ns);
	json_number(&json, "reap_call_ns", trial->reap_call_ns);
	json_number(&json, "exit_ns", since(trial, trial->exit_at));
	json_number(&json, "limit_ns", trial->request.limit_ns);
	json_number(&json, "decision_ns", trial->decision_ns);
	json_number(&json, "usable_ns", since(trial, trial->used_at));
	json_number(&json, "cpu_victim_ns", reached ? trial->victim_cpu_ns : JSON_NONE);
	json_number(&json, "cpu_killer_ns", reached ? trial->killer_cpu_ns : JSON_NONE);
	json_number(&json, "cpu_kthread_ns", reached ? trial->kthread_cpu_ns : JSON_NONE);
	json_text(&json, "teardown_by", trial->teardown_by);
	json_number(&json, "sample_gap_max_ns", observation ? observation->gap_max_ns : JSON_NONE);
	json_number(&json, "window_ns", reached && trial->t0 ? trial->window_end - trial->t0 : JSON_NONE);
	report_counters(&json, trial);
	json_text(&json, "clocksource", clocksource());
	report_samples(&json, trial);
	report_measures(&json, trial);
	/* All that the agent took: what the harness waited longer is its own. */
	json_number(&json, "elapsed_ns", now_ns() - trial->begun);
	json_text(&json, "error", trial->cleanup.message[0] ? trial->cleanup.message : NULL);
	json_close(&json);
}
