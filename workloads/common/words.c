// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

static int parse_number(const struct word *word, const char *value, char *target, struct failure *failure)
{
	int64_t number;
	char *end;

	errno = 0;
	number = strtoll(value, &end, 10);
	if (errno || end == value || *end)
		return fail(failure, "word '%s': '%s' is not a whole number", word->name, value);
	if (number < word->minimum || number > word->maximum)
		return fail(failure, "word '%s': %s is not within %" PRId64 "..%" PRId64, word->name, value,
			    word->minimum, word->maximum);
	memcpy(target, &number, sizeof(number));
	return 0;
}

static int parse_choice(const struct word *word, const char *value, char *target, struct failure *failure)
{
	for (int i = 0; word->choices[i]; i++) {
		if (!strcmp(word->choices[i], value)) {
			memcpy(target, &i, sizeof(i));
			return 0;
		}
	}
	return fail(failure, "word '%s' cannot be '%s'", word->name, value);
}

static int parse_text(const struct word *word, const char *value, char *target, struct failure *failure)
{
	size_t length = strlen(value);

	if (!length || length >= word->size)
		return fail(failure, "word '%s': '%s' must have 1 to %zu characters", word->name, value, word->size - 1);
	memcpy(target, value, length + 1);
	return 0;
}

static int parse_word(const struct word *word, const char *value, void *into, struct failure *failure)
{
	char *target = (char *)into + word->offset;

	switch (word->kind) {
	case WORD_NUMBER:
		return parse_number(word, value, target, failure);
	case WORD_CHOICE:
		return parse_choice(word, value, target, failure);
	case WORD_TEXT:
		return parse_text(word, value, target, failure);
	}
	return fail(failure, "word '%s' has no kind", word->name);
}

int parse_words(const char *const *arguments, int count, const struct word *table, void *into, struct failure *failure)
{
	uint64_t seen = 0;

	for (int i = 0; i < count; i++) {
		const char *equals = strchr(arguments[i], '=');
		size_t length = equals ? (size_t)(equals - arguments[i]) : strlen(arguments[i]);
		int index = 0;

		while (table[index].name &&
		       (strlen(table[index].name) != length || strncmp(table[index].name, arguments[i], length) != 0))
			index++;
		if (!table[index].name)
			return fail(failure, "unknown word '%.*s'", (int)length, arguments[i]);
		if (!equals)
			return fail(failure, "word '%s' has no value", arguments[i]);
		if (seen & UINT64_C(1) << index)
			return fail(failure, "word '%s' comes twice", table[index].name);
		seen |= UINT64_C(1) << index;
		if (parse_word(&table[index], equals + 1, into, failure))
			return -1;
	}
	return 0;
}
