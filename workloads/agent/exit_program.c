// SPDX-License-Identifier: GPL-2.0-only
/* See exit_program.h. */
#include <linux/bpf.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "exit_program.h"

/* A single record is all it ever holds. */
#define RING_BYTES 4096

#define STACK_KEY (-4)	/* of the counter, and what is put into the ring */

/* Instructions by the names that the kernel's documentation gives them. */
#define OPERATE(class, operation, register, number) \
	{ .code = (class) | (operation) | BPF_K, .dst_reg = (register), .imm = (int32_t)(number) }
#define COPY(to, from) { .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = (to), .src_reg = (from) }
#define LEAVE_IF(comparison, register, number, distance) \
	{ .code = BPF_JMP | (comparison) | BPF_K, .dst_reg = (register), .off = (distance), .imm = (int32_t)(number) }
#define CALL(function) { .code = BPF_JMP | BPF_CALL, .imm = (function) }
#define LOAD_MAP(to, fd) \
	{ .code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = (to), .src_reg = BPF_PSEUDO_MAP_FD, .imm = (fd) }, { 0 }

static int link_fd = -1;

static int bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof(*attributes));
}

static int create_map(enum bpf_map_type type, uint32_t key_bytes, uint32_t value_bytes, uint32_t entries)
{
	union bpf_attr attributes = { 0 };

	attributes.map_type = type;
	attributes.key_size = key_bytes;
	attributes.value_size = value_bytes;
	attributes.max_entries = entries;
	return bpf(BPF_MAP_CREATE, &attributes);
}

/*
 * It runs on every thread that exits:
 *
 *	if (tgid == pid && counter++ == threads - 1)
 *		put a record into the ring;
 */
static int load_program(pid_t pid, unsigned int threads, int counter_fd, int ring_fd)
{
	const struct bpf_insn program[] = {
		CALL(BPF_FUNC_get_current_pid_tgid),
		OPERATE(BPF_ALU64, BPF_RSH, BPF_REG_0, 32),
		LEAVE_IF(BPF_JNE, BPF_REG_0, pid, 17),

		{ .code = BPF_ST | BPF_MEM | BPF_W, .dst_reg = BPF_REG_10, .off = STACK_KEY },
		LOAD_MAP(BPF_REG_1, counter_fd),
		COPY(BPF_REG_2, BPF_REG_10),
		OPERATE(BPF_ALU64, BPF_ADD, BPF_REG_2, STACK_KEY),
		CALL(BPF_FUNC_map_lookup_elem),
		LEAVE_IF(BPF_JEQ, BPF_REG_0, 0, 10),
		OPERATE(BPF_ALU64, BPF_MOV, BPF_REG_1, 1),
		{
			.code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = BPF_REG_0, .src_reg = BPF_REG_1,
			.imm = BPF_ADD | BPF_FETCH,
		},
		LEAVE_IF(BPF_JNE, BPF_REG_1, threads - 1, 7),

		LOAD_MAP(BPF_REG_1, ring_fd),
		COPY(BPF_REG_2, BPF_REG_10),
		OPERATE(BPF_ALU64, BPF_ADD, BPF_REG_2, STACK_KEY),
		OPERATE(BPF_ALU64, BPF_MOV, BPF_REG_3, -STACK_KEY),
		OPERATE(BPF_ALU64, BPF_MOV, BPF_REG_4, 0),
		CALL(BPF_FUNC_ringbuf_output),

		OPERATE(BPF_ALU64, BPF_MOV, BPF_REG_0, 0),
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attributes = { 0 };

	attributes.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT;
	attributes.insns = (uintptr_t)program;
	attributes.insn_cnt = sizeof(program) / sizeof(program[0]);
	attributes.license = (uintptr_t)"GPL";
	return bpf(BPF_PROG_LOAD, &attributes);
}

static int attach(int program_fd)
{
	union bpf_attr attributes = { 0 };

	attributes.raw_tracepoint.name = (uintptr_t)"sched_process_exit";
	attributes.raw_tracepoint.prog_fd = (uint32_t)program_fd;
	return bpf(BPF_RAW_TRACEPOINT_OPEN, &attributes);
}

static void close_if_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

int exit_program_attach(pid_t pid, unsigned int threads)
{
	int counter_fd = create_map(BPF_MAP_TYPE_ARRAY, sizeof(uint32_t), sizeof(uint64_t), 1);
	int ring_fd = create_map(BPF_MAP_TYPE_RINGBUF, 0, 0, RING_BYTES);
	int program_fd = -1;

	if (counter_fd >= 0 && ring_fd >= 0)
		program_fd = load_program(pid, threads, counter_fd, ring_fd);
	if (program_fd >= 0)
		link_fd = attach(program_fd);
	/* The link holds the program, and that its maps. */
	close_if_open(counter_fd);
	close_if_open(program_fd);
	if (link_fd >= 0)
		return ring_fd;
	close_if_open(ring_fd);
	return -1;
}

void exit_program_detach(void)
{
	close_if_open(link_fd);
	link_fd = -1;
}
