// SPDX-License-Identifier: GPL-2.0-only
#include "background.h"
#include "ballast.h"
#include "candidates.h"
#include "decide.h"
#include "idlers.h"
#include "pressure.h"
#include "request.h"
#include "swap.h"

static struct background_request current;

int background_end(struct failure *failure)
{
	int result;

	/* In the order that makes room first: what thrashes, what is held, then the swap it is in. */
	result = pressure_end(failure);
	result |= candidates_end(failure);
	result |= ballast_end(failure);
	result |= swap_end(failure);
	result |= idlers_end(failure);
	current = (struct background_request){ 0 };
	return result;
}

static int set_up(struct failure *failure)
{
	if (current.idlers && idlers_begin(current.idlers, failure))
		return -1;
	if (current.swap_bytes && swap_begin(current.swap_bytes, failure))
		return -1;
	if (current.candidates && (decide_install(failure) || candidates_begin(&current, failure)))
		return -1;
	if (current.leave_bytes && ballast_begin(current.leave_bytes, failure))
		return -1;
	if ((current.thrashers || current.file_bytes) && pressure_begin(&current, failure))
		return -1;
	return 0;
}

int background_set(const char *const *words, int count, struct failure *failure)
{
	struct background_request request;

	if (background_request_parse(&request, words, count, failure) || background_end(failure))
		return -1;
	current = request;
	if (set_up(failure)) {
		/* Half a background is none. */
		background_end(failure);
		return -1;
	}
	return 0;
}

void background_pause(void)
{
	pressure_pause();
}

void background_resume(void)
{
	pressure_resume();
}

int background_before_kill(const char **unmet, struct failure *failure)
{
	if (current.leave_bytes && ballast_fit(unmet, failure))
		return -1;
	if (current.candidates && candidates_refill(failure))
		return -1;
	background_resume();
	if (!pressure_holds())
		*unmet = "a thrasher has died";
	else if (current.thrashers && !pressure_is_back())
		*unmet = "the guest did not come back to direct reclaim";
	return 0;
}
