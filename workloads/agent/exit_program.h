/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_EXIT_PROGRAM_H
#define REAPLAB_EXIT_PROGRAM_H

#include <sys/types.h>

/*
 * An eBPF program on the tracepoint sched_process_exit that tells when so many
 * threads of a process have exited, counted from now. Needs no type information
 * of the kernel. The descriptor it gives is readable from then on and the
 * caller's to close; -1 where the kernel doesn't let us.
 */
int exit_program_attach(pid_t pid, unsigned int threads);
void exit_program_detach(void);

#endif
