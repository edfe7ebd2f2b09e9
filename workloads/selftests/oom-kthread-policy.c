// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies of the OOM kthread that eBPF programs make: what they are given,
 * what their answer does and what it can't do, who may attach them, and that
 * the kernel's own policy is back without them.
 */
#include <linux/capability.h>
#include <poll.h>
#include <sys/wait.h>

#include "ktap.h"
#include "oom-kthread.h"
#include "oom-kthread-policy.h"

#define SMALL_BYTES	(16 * MIB)
#define LARGE_BYTES	(48 * MIB)

/* Less than the small one gives. */
#define LITTLE_BYTES	(6 * MIB)

/* No badness, which counts pages, is so high. */
#define HIGH		0x40000000

/* The optimizer of kprobes starts after some ticks and waits for all tasks. */
#define OPTIMIZER_MS	2000

static struct policy attached = { .program = -1, .probe = -1 };

static void policy_cleanup(void)
{
	kthread_cleanup();
	policy_detach(&attached);
}

static bool start_both(struct victim *small, struct victim *large)
{
	return candidate_start(small, SMALL_BYTES, 0) && candidate_start(large, LARGE_BYTES, 0);
}

static void a_policy_chooses(void)
{
	struct victim small;
	struct victim large;

	REQUIRE(start_both(&small, &large));
	REQUIRE(policy_this_one(&attached, small.pid));
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_killed(&small));
	REQUIRE(is_spared(&large));
}

/* A kprobe that has become a jump could not override anything. */
static void its_probe_is_not_optimized_away(void)
{
	struct victim small;
	struct victim large;

	REQUIRE(start_both(&small, &large));
	REQUIRE(policy_this_one(&attached, small.pid));
	sleep_ms(OPTIMIZER_MS);
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_killed(&small));
	REQUIRE(is_spared(&large));
}

static void it_is_given_the_badness(void)
{
	const struct bpf_insn least_first[] = {
		LOAD(BPF_REG_3, BPF_REG_1, ARGUMENT_BADNESS),
		SET(BPF_REG_2, HIGH),
		SUBTRACT(BPF_REG_2, BPF_REG_3),
		ANSWER,
	};
	struct victim small;
	struct victim large;

	REQUIRE(start_both(&small, &large));
	REQUIRE(policy_attach(&attached, least_first, LENGTH(least_first)));
	REQUIRE(memory_missing(LITTLE_BYTES));
	REQUIRE(is_killed(&small));
	REQUIRE(is_spared(&large));
}

/* Only the low half of the low half of the register belongs to it. */
static void it_is_given_the_score(void)
{
	const struct bpf_insn score_alone[] = {
		LOAD(BPF_REG_2, BPF_REG_1, ARGUMENT_ADJ),
		SHIFT_LEFT(BPF_REG_2, 48),
		SHIFT_RIGHT(BPF_REG_2, 48),
		ANSWER,
	};
	struct victim small;
	struct victim large;
	struct victim below;

	REQUIRE(start_both(&small, &large));
	REQUIRE(candidate_start(&below, LARGE_BYTES, -1));
	REQUIRE(score_set(small.pid, 1));
	REQUIRE(policy_attach(&attached, score_alone, LENGTH(score_alone)));
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_killed(&small));
	/* Scores of zero and below zero. */
	REQUIRE(is_spared(&large));
	REQUIRE(is_spared(&below));
}

/* What is not above zero spares, errors included. */
static void it_may_spare_all(void)
{
	static const int scores[] = { 0, -1, -EPERM };
	struct victim small;
	struct victim large;
	size_t i;

	REQUIRE(start_both(&small, &large));
	for (i = 0; i < LENGTH(scores); i++) {
		REQUIRE(policy_same(&attached, scores[i]));
		REQUIRE(threshold_set(ALWAYS_KIB));
		REQUIRE(is_spared(&small));
		REQUIRE(is_spared(&large));
		REQUIRE(threshold_set(0));
		policy_detach(&attached);
	}
}

static void it_may_take_who_is_below_zero(void)
{
	struct victim candidate;

	REQUIRE(candidate_start(&candidate, SMALL_BYTES, -900));
	REQUIRE(policy_same(&attached, 1));
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_killed(&candidate));
}

/* It would have killed init as well, and the guest would be gone. */
static void it_is_not_asked_for_the_exempt_and_init(void)
{
	struct victim exempt;
	struct victim other;

	REQUIRE(trace_oom_events());
	REQUIRE(candidate_start(&exempt, LARGE_BYTES, -1000));
	REQUIRE(candidate_start(&other, SMALL_BYTES, 0));
	REQUIRE(policy_same(&attached, HIGH));
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_killed(&other));
	REQUIRE(is_spared(&exempt));
	REQUIRE(trace_count("mark_victim:", NULL) == 1);
}

static void the_kernels_own_is_back_on_detach(void)
{
	struct victim small;
	struct victim large;

	REQUIRE(start_both(&small, &large));
	REQUIRE(policy_same(&attached, 0));
	REQUIRE(memory_missing(LITTLE_BYTES));
	REQUIRE(is_spared(&large));
	policy_detach(&attached);
	REQUIRE(is_killed(&large));
	REQUIRE(is_spared(&small));
}

/* Spares all as long as it lives. */
static void own_a_policy(struct victim_page *page, char *memory, size_t bytes)
{
	struct policy policy;

	(void)memory;
	(void)bytes;
	atomic_store(&page->result, policy_same(&policy, 0) ? 1 : 2);
}

static bool has_attached(void *argument)
{
	const struct victim *owner = argument;

	return atomic_load(&owner->page->result) != 0;
}

static void the_kernels_own_is_back_when_the_owner_dies(void)
{
	const struct victim_shape shape = { .body = own_a_policy };
	struct victim owner;
	struct victim candidate;

	REQUIRE(candidate_start(&candidate, SMALL_BYTES, 0));
	REQUIRE(victim_start(&owner, &shape));
	REQUIRE(wait_for(has_attached, &owner, WAIT_LIMIT_MS));
	REQUIRE(atomic_load(&owner.page->result) == 1);
	REQUIRE(threshold_set(ALWAYS_KIB));
	REQUIRE(is_spared(&candidate));
	REQUIRE(victim_kill(&owner));
	REQUIRE(victim_wait(&owner, true, WAIT_LIMIT_MS));
	REQUIRE(is_killed(&candidate));
}

/* A program that only looks changes nothing. */
static void a_program_without_an_answer_changes_nothing(void)
{
	const struct bpf_insn silent[] = { SET(BPF_REG_0, 0), EXIT };
	struct victim small;
	struct victim large;

	REQUIRE(start_both(&small, &large));
	REQUIRE(policy_attach(&attached, silent, LENGTH(silent)));
	REQUIRE(memory_missing(LITTLE_BYTES));
	REQUIRE(is_killed(&large));
	REQUIRE(is_spared(&small));
}

/* The mark is what opens the hook; its neighbour has none. */
static void no_other_function_can_be_answered_for(void)
{
	const struct bpf_insn program[] = { SET(BPF_REG_2, 1), ANSWER };

	attached.program = program_load(program, LENGTH(program));
	REQUIRE(attached.program >= 0);
	attached.probe = probe_open("oom_badness");
	REQUIRE(attached.probe >= 0);
	REQUIRE_ERROR(ioctl(attached.probe, PERF_EVENT_IOC_SET_BPF, attached.program), EINVAL);
}

/* Without one of the two capabilities, and without the one that stands for both. */
static int attach_without(void *argument)
{
	const struct bpf_insn program[] = { SET(BPF_REG_2, 1), ANSWER };
	unsigned int capability = *(unsigned int *)argument;

	if (!drop_capability(CAP_SYS_ADMIN) || !drop_capability(capability))
		return 1;
	if (program_load(program, LENGTH(program)) >= 0 || errno != EPERM)
		return 2;
	/* The probe is perf's. */
	if (capability == CAP_PERFMON && (probe_open(POLICY_HOOK) >= 0 || errno != EACCES))
		return 3;
	return 0;
}

static void it_takes_capabilities_to_attach(void)
{
	unsigned int needed[] = { CAP_BPF, CAP_PERFMON };
	size_t i;

	for (i = 0; i < LENGTH(needed); i++) {
		int step = run_in_child(attach_without, &needed[i], WAIT_LIMIT_MS);

		REQUIRE_MSG(step == 0, "capability %u, step %d", needed[i], step);
	}
}

int main(void)
{
	static const struct ktap_case cases[] = {
		{ "a policy chooses", a_policy_chooses },
		{ "its probe is not optimized away", its_probe_is_not_optimized_away },
		{ "it is given the badness", it_is_given_the_badness },
		{ "it is given oom_score_adj", it_is_given_the_score },
		{ "it may spare all", it_may_spare_all },
		{ "it may take who is below zero", it_may_take_who_is_below_zero },
		{ "it is not asked for the exempt and init", it_is_not_asked_for_the_exempt_and_init },
		{ "the kernel's own is back on detach", the_kernels_own_is_back_on_detach },
		{ "the kernel's own is back when the owner dies",
		  the_kernels_own_is_back_when_the_owner_dies },
		{ "a program without an answer changes nothing",
		  a_program_without_an_answer_changes_nothing },
		{ "no other function can be answered for", no_other_function_can_be_answered_for },
		{ "it takes capabilities to attach", it_takes_capabilities_to_attach },
	};

	if (!kernel_has_kthread()) {
		puts(NO_KTHREAD);
		return KTAP_SKIP;
	}
	if (!exempt_ourselves())
		return KTAP_FAIL;
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), policy_cleanup);
}
