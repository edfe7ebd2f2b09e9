// SPDX-License-Identifier: GPL-2.0-only
/* See support-scarce.h. */
#include "support-scarce.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reserves this large make the differences between levels much larger than what blurs them. */
#define MIN_FREE_KBYTES	"32768"
#define PCP_FRACTION	"100000"

/*
 * One is enough most times. But exit_mmap() declares a victim's memory freed
 * (MMF_OOM_SKIP) while up to 38 MiB are still in its mmu_gather; an allocation
 * that fails in between looks for the next victim, and the kernel panics if
 * there is none.
 */
#define SACRIFICES	4

/* A thread that could go deeper takes hundreds of pages in this time, even when emulated. */
#define HOLD_MS		500

const char *scarce_impossible(void)
{
	char text[1024];

	/* The first line is the heading. */
	if (read_file("/proc/swaps", text, sizeof(text)) > 0 && strchr(text, '/'))
		return "swap is on, so memory could be reclaimed";
	if (!zone_is_alone())
		return "memory is spread over several zones";
	return NULL;
}

bool scarce_tune(void)
{
	return vm_set("watermark_boost_factor", "0") &&
	       vm_set("percpu_pagelist_high_fraction", PCP_FRACTION) &&
	       vm_set("overcommit_memory", "1") && vm_set("min_free_kbytes", MIN_FREE_KBYTES);
}

/* How the OOM killer sees this process, and the children it starts from now on. */
static bool set_oom_score(const char *score)
{
	return write_file("/proc/self/oom_score_adj", score);
}

bool scarce_sacrifices(void)
{
	struct victim_shape shape = { .bytes = SACRIFICE_BYTES };
	struct victim sacrifice;
	bool started = set_oom_score("1000");

	for (int i = 0; started && i < SACRIFICES; i++)
		started = victim_start(&sacrifice, &shape);
	return set_oom_score("-1000") && started;
}

bool scarce_begin(size_t leave_bytes)
{
	struct victim ballast;

	return scarce_tune() && scarce_sacrifices() && ballast_start(&ballast, leave_bytes);
}

struct level {
	struct zone_state *zone;
	long pages;
};

static bool is_down(void *argument)
{
	const struct level *level = argument;

	return zone_read(level->zone) && level->zone->free <= level->pages + BLUR_PAGES;
}

bool scarce_settles_at(long pages, struct zone_state *zone)
{
	struct level level = { .zone = zone, .pages = pages };
	int64_t limit;
	int64_t end;

	if (!wait_for(is_down, &level, WAIT_LIMIT_MS))
		return false;
	limit = now_ns() + WAIT_LIMIT_MS * 1000000LL;
	end = now_ns() + HOLD_MS * 1000000LL;
	while (now_ns() < end) {
		sleep_ms(5);
		if (!zone_read(zone) || zone->free < pages - BLUR_PAGES || now_ns() > limit)
			return false;
		/* Somebody else needed the OOM killer; who loops takes what it freed. */
		if (zone->free > pages + BLUR_PAGES)
			end = now_ns() + HOLD_MS * 1000000LL;
	}
	return true;
}

long scarce_oom_kills(void)
{
	static char text[16384];
	static int fd = -1;
	const char *at;
	ssize_t length;

	if (fd < 0)
		fd = open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
	length = pread(fd, text, sizeof(text) - 1, 0);
	if (length <= 0)
		return -1;
	text[length] = '\0';
	at = strstr(text, "\noom_kill ");
	return at ? strtol(at + strlen("\noom_kill "), NULL, 10) : -1;
}
