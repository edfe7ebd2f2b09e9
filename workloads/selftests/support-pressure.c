// SPDX-License-Identifier: GPL-2.0-only
/* See support-pressure.h. */
#include "support-pressure.h"
#include "support-zram.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What the loads share, and what each wants of it. */
#define LEAVE_BYTES	(96 * MIB)
#define LOADS		3
#define LOAD_BYTES	(64 * MIB)
#define SWAP_BYTES	(256 * MIB)

/*
 * The loads reach their second round while they swap: seconds, or minutes with
 * KASAN on an emulated guest of a busy host. Five minutes of silence would be
 * taken for a hang.
 */
#define PRESSURE_LIMIT_MS	240000

const char *pressure_impossible(void)
{
	if (!zram_exists())
		return "no zram, so no swap";
	if (!zone_is_alone())
		return "memory is spread over several zones";
	return NULL;
}

/* Goes round its memory for ever; filling it is the first round. */
static void load_body(struct victim_page *page, char *unused, size_t unused_bytes)
{
	char *memory = map_anonymous(LOAD_BYTES);

	(void)unused;
	(void)unused_bytes;
	write_file("/proc/self/oom_score_adj", "1000");
	while (memory && !atomic_load(&page->stop)) {
		for (size_t at = 0; at < LOAD_BYTES; at += PAGE_BYTES)
			memory[at]++;
		atomic_fetch_add(&page->rounds, 1);
	}
}

/* Pages swapped out since boot. */
static long swapped_out(void)
{
	static char text[16384];
	const char *at;

	if (read_file("/proc/vmstat", text, sizeof(text)) <= 0)
		return -1;
	at = strstr(text, "\npswpout ");
	return at ? strtol(at + strlen("\npswpout "), NULL, 10) : -1;
}

static bool has_swapped(void *argument)
{
	const long *before = argument;

	/* As much as the loads want beyond what there is. */
	return swapped_out() > *before + (long)((LOADS * LOAD_BYTES - LEAVE_BYTES) / PAGE_BYTES);
}

bool pressure_begin(void)
{
	struct victim_shape shape = { .body = load_body };
	struct victim load;
	struct victim ballast;
	long before = swapped_out();

	if (!zram_create(SWAP_BYTES) || !zram_swap_on(SWAP_BYTES) ||
	    !ballast_start(&ballast, LEAVE_BYTES))
		return false;
	for (int i = 0; i < LOADS; i++)
		if (!victim_start(&load, &shape))
			return false;
	if (wait_for(has_swapped, &before, PRESSURE_LIMIT_MS))
		return true;
	errno = ETIMEDOUT;
	return support_problem(__FILE__, __LINE__, "the loads do not swap");
}

void pressure_end(void)
{
	/* The loads first, or swapping in all they have would take long. */
	support_cleanup();
	zram_remove();
}
