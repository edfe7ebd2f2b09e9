/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_REQUEST_H
#define REAPLAB_REQUEST_H

#include <stdint.h>

#include "failure.h"

enum memory_kind { MEMORY_PRIVATE, MEMORY_SHARED, MEMORY_FILE };
enum page_kind { PAGES_4K, PAGES_THP };
enum victim_state { STATE_RUNNING, STATE_FROZEN_V1, STATE_FROZEN_V2, STATE_D_STATE, STATE_EXIT_STOP };
enum victim_policy { POLICY_OTHER, POLICY_IDLE };
enum neighbour_kind { NEIGHBOUR_NONE, NEIGHBOUR_CLONE_VM, NEIGHBOUR_VFORK };

/* In one cgroup; the agent keeps a pidfd of each. */
#define VICTIMS_MAX 4096

extern const char *const memory_names[];
extern const char *const page_names[];
extern const char *const neighbour_names[];

/* The words of `trial`; bytes are bytes, times are ns. */
struct trial_request {
	char method[32];
	int memory;
	int pages;
	int state;
	int policy;
	int clock;		/* enum memory_clock_kind */
	int neighbour;		/* who shares the victim's memory and lives on */
	int64_t victims;	/* so many, with `bytes` between them */
	int64_t bytes;
	int64_t inherited_bytes;	/* shared copy-on-write with a parent that lives on */
	int64_t earlier_bytes;	/* of another victim, killed before; 0 = none */
	int64_t earlier_ms;	/* by so much */
	int64_t swapped_bytes;	/* of `bytes`, moved to swap */
	int64_t lock;		/* mlock(2)ed */
	int64_t owner;		/* of a robust lock that another process waits for */
	int64_t reader;		/* another process reads the victim's /proc files */
	int64_t vmas;
	int64_t threads;
	int64_t nice;
	char cpu_max[48];	/* "QUOTA/PERIOD" in µs; "" = none */
	int64_t spinner;
	int64_t victim_cpu;
	int64_t killer_cpu;
	int64_t killer_nice;	/* 0 = real-time priority, else SCHED_OTHER at this nice value */
	int64_t killer_spinner;	/* a nice-0 spinner beside the killer */
	int64_t observer_cpu;
	int64_t sample_ns;	/* sleep between two samples */
	int64_t load_cpu;
	int64_t observer;
	int64_t usable_bytes;
	int64_t limit_ns;
	int64_t exit_limit_ns;
	int64_t decide;
};

/* The words of `background`. */
struct background_request {
	int64_t thrashers;
	int64_t thrasher_bytes;
	int64_t swap_bytes;
	int64_t file_bytes;
	int64_t candidates;
	int64_t candidate_bytes;
	int64_t leave_bytes;
	int64_t idlers;
};

int trial_request_parse(struct trial_request *request, const char *const *words, int count, struct failure *failure);
int background_request_parse(struct background_request *request, const char *const *words, int count,
			     struct failure *failure);

#endif
