/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_WORDS_H
#define REAPLAB_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "failure.h"

enum word_kind {
	WORD_NUMBER,	/* int64_t, from minimum to maximum */
	WORD_CHOICE,	/* int: index into the NULL-terminated choices */
	WORD_TEXT,	/* char array of `size` bytes */
};

/* One `name=value` word a program understands, and where its value goes. */
struct word {
	const char *name;
	enum word_kind kind;
	size_t offset;
	size_t size;
	int64_t minimum, maximum;
	const char *const *choices;
};

#define NUMBER_WORD(type, field, low, high) \
	{ .name = #field, .kind = WORD_NUMBER, .offset = offsetof(type, field), .minimum = (low), .maximum = (high) }
#define CHOICE_WORD(type, field, list) \
	{ .name = #field, .kind = WORD_CHOICE, .offset = offsetof(type, field), .choices = (list) }
#define TEXT_WORD(type, field) \
	{ .name = #field, .kind = WORD_TEXT, .offset = offsetof(type, field), .size = sizeof(((type *)0)->field) }

/* No program here is asked for more than this; it keeps a slip of the finger from taking the guest down. */
#define WORD_BYTES_MAX (INT64_C(1) << 40)

/*
 * Read @count words into the structure at @into, which holds the defaults.
 * A word that is not in @table (ended by a NULL name), comes twice, or has a
 * value out of its range is an error that names it.
 */
int parse_words(const char *const *arguments, int count, const struct word *table, void *into, struct failure *failure);

#endif
