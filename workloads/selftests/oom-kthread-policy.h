/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies for the OOM kthread: eBPF programs put together by hand, so that no
 * compiler and no library is needed, and attached to a kprobe of perf.
 *
 * Include it after oom-kthread.h, in the program's main source file only.
 */
#ifndef REAPLAB_OOM_KTHREAD_POLICY_H
#define REAPLAB_OOM_KTHREAD_POLICY_H

#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* After ours, or it would hide the names of registers that bpf.h uses. */
#include <asm/ptrace.h>

#define POLICY_HOOK	"oom_kthread_score"
#define KPROBE_TYPE	"/sys/bus/event_source/devices/kprobe/type"

/* Instructions, as Documentation/bpf/standardization/instruction-set.rst has them. */
#define LOAD(to, from, at)	{ BPF_LDX | BPF_MEM | BPF_DW, to, from, at, 0 }
#define MOVE(to, from)		{ BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0 }
#define MOVE32(to, from)	{ BPF_ALU | BPF_MOV | BPF_X, to, from, 0, 0 }
#define SET(to, value)		{ BPF_ALU64 | BPF_MOV | BPF_K, to, 0, 0, value }
#define SUBTRACT(to, from)	{ BPF_ALU64 | BPF_SUB | BPF_X, to, from, 0, 0 }
#define SHIFT_LEFT(to, bits)	{ BPF_ALU64 | BPF_LSH | BPF_K, to, 0, 0, bits }
#define SHIFT_RIGHT(to, bits)	{ BPF_ALU64 | BPF_ARSH | BPF_K, to, 0, 0, bits }
#define UNLESS(a, value, skip)	{ BPF_JMP | BPF_JNE | BPF_K, a, 0, skip, value }
#define CALL(function)		{ BPF_JMP | BPF_CALL, 0, 0, 0, function }
#define EXIT			{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 }

/* The arguments of the hook: where the calling convention of x86-64 has them. */
#define ARGUMENT_PID		offsetof(struct pt_regs, rdi)
#define ARGUMENT_BADNESS	offsetof(struct pt_regs, rsi)
#define ARGUMENT_ADJ		offsetof(struct pt_regs, rdx)

/* The score is in register 2, the context still in 1. */
#define ANSWER			CALL(BPF_FUNC_override_return), SET(BPF_REG_0, 0), EXIT

#define LENGTH(array)		(sizeof(array) / sizeof((array)[0]))

struct policy {
	int program;
	int probe;
};

/* The descriptor, or -1. */
static inline int program_load(const struct bpf_insn *instructions, size_t count)
{
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_KPROBE,
		.insns = (uintptr_t)instructions,
		.insn_cnt = (uint32_t)count,
		.license = (uintptr_t)"GPL",
	};

	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes));
}

/* A probe at the beginning of a function, on whatever CPU it runs; -1 if there can be none. */
static inline int probe_open(const char *function)
{
	struct perf_event_attr attributes = {
		.size = sizeof(attributes),
		.sample_period = 1,
		.kprobe_func = (uintptr_t)function,
	};
	char text[16];

	if (read_file(KPROBE_TYPE, text, sizeof(text)) <= 0)
		return -1;
	attributes.type = (uint32_t)strtoul(text, NULL, 10);
	return (int)syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
}

static inline void policy_detach(struct policy *policy)
{
	if (policy->probe >= 0)
		close(policy->probe);
	if (policy->program >= 0)
		close(policy->program);
	policy->probe = policy->program = -1;
}

static inline bool policy_attach(struct policy *policy, const struct bpf_insn *instructions,
				 size_t count)
{
	policy->probe = -1;
	policy->program = program_load(instructions, count);
	if (policy->program < 0)
		return support_problem(__FILE__, __LINE__, "loading the program");
	policy->probe = probe_open(POLICY_HOOK);
	if (policy->probe < 0)
		return support_problem(__FILE__, __LINE__, "probing " POLICY_HOOK);
	if (ioctl(policy->probe, PERF_EVENT_IOC_SET_BPF, policy->program) ||
	    ioctl(policy->probe, PERF_EVENT_IOC_ENABLE, 0))
		return support_problem(__FILE__, __LINE__, "attaching the program");
	return true;
}

/* Everybody gets the same score. */
static inline bool policy_same(struct policy *policy, int score)
{
	const struct bpf_insn program[] = { SET(BPF_REG_2, score), ANSWER };

	return policy_attach(policy, program, LENGTH(program));
}

/* One process is killed and no other. */
static inline bool policy_this_one(struct policy *policy, pid_t pid)
{
	const struct bpf_insn program[] = {
		LOAD(BPF_REG_3, BPF_REG_1, ARGUMENT_PID),
		MOVE32(BPF_REG_3, BPF_REG_3),
		SET(BPF_REG_2, 0),
		UNLESS(BPF_REG_3, pid, 1),
		SET(BPF_REG_2, 1),
		ANSWER,
	};

	return policy_attach(policy, program, LENGTH(program));
}

#endif /* REAPLAB_OOM_KTHREAD_POLICY_H */
