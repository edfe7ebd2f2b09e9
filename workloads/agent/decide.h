/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_DECIDE_H
#define REAPLAB_DECIDE_H

#include "trial.h"

/* Put the killer program on the disk: a page of it can be evicted there, one of the initramfs cannot. */
int decide_install(struct failure *failure);

/* Have a killer of the method's kind wait for its turn; one that stands already is kept. */
int decide_prepare(struct trial *trial, struct failure *failure);

/* Say go; wait for the killer's decision and kill, at most limit_ns. Fills in the times and t0. */
int decide_and_kill(struct trial *trial, struct failure *failure);

/* Where the killer leaves the time of its kill, for the observer. */
const _Atomic int64_t *decide_t0(void);

/* End the killer. */
int decide_end(struct failure *failure);

#endif
