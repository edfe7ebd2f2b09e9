/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_MEMALLOC_H
#define REAPLAB_MEMALLOC_H

/* The private prctl numbers of the pf-memalloc series: prctl(PR_SET_MEMALLOC, mode, 0, 0, 0). */
#define PR_SET_MEMALLOC 0x4d454d01
#define PR_GET_MEMALLOC 0x4d454d02

#define MEMALLOC_OFF 0
#define MEMALLOC_UNBOUNDED 1	/* PF_MEMALLOC, the whole of the reserves */
#define MEMALLOC_BOUNDED 2	/* as far as an OOM victim may reach into them */

#endif
