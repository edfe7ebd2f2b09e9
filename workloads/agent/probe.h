/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_PROBE_H
#define REAPLAB_PROBE_H

#include <stdio.h>

#define PROTOCOL_VERSION 1

/* Write what the guest is and which methods its kernel has, as one line of JSON. */
void probe_report(FILE *output);

#endif
