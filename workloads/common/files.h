/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_FILES_H
#define REAPLAB_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "failure.h"

/* Read @path whole into @text (zero-terminated, cut at @size - 1). Returns the length or -1 with errno set. */
long read_text(const char *path, char *text, size_t size);

/* Write @text to an existing file in one write(2). */
int write_text(const char *path, const char *text, struct failure *failure);

/* A number from the start of an open file; -1 where there is none. */
int64_t read_number_at(int fd);

/* The number behind the line "@key N" of @text; -1 where there is none. */
int64_t number_after(const char *text, const char *key);

#endif
