// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <unistd.h>

#include "clocks.h"
#include "request.h"
#include "words.h"

#define CPU_MAX 1023
#define LIMIT_MAX_NS (600 * NS_PER_S)
/* Below, the observer would all but spin. */
#define SAMPLE_MIN_NS (NS_PER_MS / 10)

const char *const memory_names[] = { "private", "shared", "file", NULL };
const char *const page_names[] = { "4k", "thp", NULL };
const char *const neighbour_names[] = { "none", "clone-vm", "vfork", NULL };
static const char *const clock_names[] = { "memory", "memory+swap", "mapped", NULL };
static const char *const state_names[] = { "running", "frozen-v1", "frozen-v2", "d-state", "exit-stop", NULL };
static const char *const policy_names[] = { "other", "idle", NULL };

static const struct word trial_words[] = {
	TEXT_WORD(struct trial_request, method),
	CHOICE_WORD(struct trial_request, memory, memory_names),
	CHOICE_WORD(struct trial_request, pages, page_names),
	CHOICE_WORD(struct trial_request, state, state_names),
	CHOICE_WORD(struct trial_request, policy, policy_names),
	CHOICE_WORD(struct trial_request, clock, clock_names),
	CHOICE_WORD(struct trial_request, neighbour, neighbour_names),
	NUMBER_WORD(struct trial_request, victims, 1, VICTIMS_MAX),
	NUMBER_WORD(struct trial_request, bytes, 4096, WORD_BYTES_MAX),
	NUMBER_WORD(struct trial_request, inherited_bytes, 0, WORD_BYTES_MAX),
	NUMBER_WORD(struct trial_request, earlier_bytes, 0, WORD_BYTES_MAX),
	NUMBER_WORD(struct trial_request, earlier_ms, 1, 10000),
	NUMBER_WORD(struct trial_request, swapped_bytes, 0, WORD_BYTES_MAX),
	NUMBER_WORD(struct trial_request, lock, 0, 1),
	NUMBER_WORD(struct trial_request, owner, 0, 1),
	NUMBER_WORD(struct trial_request, reader, 0, 1),
	NUMBER_WORD(struct trial_request, vmas, 1, 60000),
	NUMBER_WORD(struct trial_request, threads, 1, 4096),
	NUMBER_WORD(struct trial_request, nice, -20, 19),
	TEXT_WORD(struct trial_request, cpu_max),
	NUMBER_WORD(struct trial_request, spinner, 0, 1),
	NUMBER_WORD(struct trial_request, victim_cpu, 0, CPU_MAX),
	NUMBER_WORD(struct trial_request, killer_cpu, 0, CPU_MAX),
	NUMBER_WORD(struct trial_request, killer_nice, 0, 19),
	NUMBER_WORD(struct trial_request, killer_spinner, 0, 1),
	NUMBER_WORD(struct trial_request, observer_cpu, 0, CPU_MAX),
	NUMBER_WORD(struct trial_request, sample_ns, SAMPLE_MIN_NS, NS_PER_S),
	NUMBER_WORD(struct trial_request, load_cpu, 0, CPU_MAX),
	NUMBER_WORD(struct trial_request, observer, 0, 1),
	NUMBER_WORD(struct trial_request, usable_bytes, 0, WORD_BYTES_MAX),
	NUMBER_WORD(struct trial_request, limit_ns, NS_PER_MS, LIMIT_MAX_NS),
	NUMBER_WORD(struct trial_request, exit_limit_ns, NS_PER_MS, LIMIT_MAX_NS),
	NUMBER_WORD(struct trial_request, decide, 0, 1),
	{ .name = NULL },
};

static const struct word background_words[] = {
	NUMBER_WORD(struct background_request, thrashers, 0, 64),
	NUMBER_WORD(struct background_request, thrasher_bytes, 0, WORD_BYTES_MAX),
	NUMBER_WORD(struct background_request, swap_bytes, 0, WORD_BYTES_MAX),
	NUMBER_WORD(struct background_request, file_bytes, 0, WORD_BYTES_MAX),
	NUMBER_WORD(struct background_request, candidates, 0, 1000),
	NUMBER_WORD(struct background_request, candidate_bytes, 0, WORD_BYTES_MAX),
	NUMBER_WORD(struct background_request, leave_bytes, 0, WORD_BYTES_MAX),
	NUMBER_WORD(struct background_request, idlers, 0, 100000),
	{ .name = NULL },
};

static int check_cpus(const struct trial_request *request, struct failure *failure)
{
	const int64_t wanted[] = { request->victim_cpu, request->killer_cpu, request->observer_cpu, request->load_cpu };
	int64_t online = sysconf(_SC_NPROCESSORS_ONLN);

	for (unsigned int i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (wanted[i] >= online)
			return fail(failure, "CPU %" PRId64 " is asked for, the guest has %" PRId64, wanted[i], online);
	}
	return 0;
}

/* The victims of a nursery take no commands, and of several processes each condition would have to hold for all. */
static int check_combination(const struct trial_request *request, struct failure *failure)
{
	int commanded = request->state == STATE_D_STATE || request->cpu_max[0];
	int nursery = request->victims > 1 || request->inherited_bytes;

	if (nursery && (commanded || request->neighbour != NEIGHBOUR_NONE || request->state == STATE_EXIT_STOP ||
			request->owner || request->reader || request->decide || request->memory == MEMORY_FILE))
		return fail(failure, "words 'victims' and 'inherited_bytes' do not go with what needs a single victim");
	if (request->victims * request->threads > VICTIMS_MAX)
		return fail(failure, "the victims have more than %d threads together", VICTIMS_MAX);
	if (request->neighbour != NEIGHBOUR_NONE && commanded)
		return fail(failure, "word 'neighbour' does not go with 'state=d-state' or 'cpu_max'");
	if (request->earlier_bytes && (request->state != STATE_D_STATE || request->memory == MEMORY_FILE ||
				       request->killer_nice || request->decide))
		return fail(failure, "word 'earlier_bytes' goes with 'state=d-state' and a plain killer only");
	if (request->owner && request->usable_bytes)
		return fail(failure, "word 'owner' does not go with 'usable_bytes'");
	if (request->killer_nice && request->decide)
		return fail(failure, "word 'killer_nice' does not go with 'decide'");
	return 0;
}

int trial_request_parse(struct trial_request *request, const char *const *words, int count, struct failure *failure)
{
	*request = (struct trial_request){
		.vmas = 8, .threads = 1, .victims = 1, .victim_cpu = 1, .load_cpu = 1, .observer = 1, .exit_limit_ns = -1,
		.sample_ns = NS_PER_MS, .earlier_ms = 100,
	};
	if (parse_words(words, count, trial_words, request, failure))
		return -1;
	if (!request->method[0])
		return fail(failure, "word 'method' is missing");
	if (!request->bytes)
		return fail(failure, "word 'bytes' is missing");
	if (!request->limit_ns)
		return fail(failure, "word 'limit_ns' is missing");
	if (request->exit_limit_ns < 0)
		request->exit_limit_ns = request->limit_ns;
	if (check_combination(request, failure))
		return -1;
	return check_cpus(request, failure);
}

int background_request_parse(struct background_request *request, const char *const *words, int count,
			     struct failure *failure)
{
	*request = (struct background_request){ 0 };
	if (parse_words(words, count, background_words, request, failure))
		return -1;
	if (request->thrashers && !request->thrasher_bytes)
		return fail(failure, "word 'thrashers' needs 'thrasher_bytes'");
	if (request->candidates && !request->candidate_bytes)
		return fail(failure, "word 'candidates' needs 'candidate_bytes'");
	return 0;
}
