// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <string.h>

#include "json.h"

static void write_string(FILE *file, const char *text)
{
	fputc('"', file);
	for (; *text; text++) {
		unsigned char character = (unsigned char)*text;

		if (character == '"' || character == '\\')
			fprintf(file, "\\%c", character);
		else if (character < ' ')
			fprintf(file, "\\u%04x", character);
		else
			fputc(character, file);
	}
	fputc('"', file);
}

void json_key(struct json *json, const char *key)
{
	if (json->started)
		fputc(',', json->file);
	json->started = 1;
	if (!key)
		return;
	write_string(json->file, key);
	fputc(':', json->file);
}

void json_open(struct json *json, const char *key)
{
	json_key(json, key);
	fputc('{', json->file);
	json->started = 0;
}

void json_close(struct json *json)
{
	fputc('}', json->file);
	json->started = 1;
}

void json_text(struct json *json, const char *key, const char *value)
{
	json_key(json, key);
	if (value)
		write_string(json->file, value);
	else
		fputs("null", json->file);
}

void json_number(struct json *json, const char *key, int64_t value)
{
	json_key(json, key);
	if (value == JSON_NONE)
		fputs("null", json->file);
	else
		fprintf(json->file, "%" PRId64, value);
}

void json_true(struct json *json, const char *key)
{
	json_key(json, key);
	fputs("true", json->file);
}

void json_errno(struct json *json, const char *key, int error)
{
	const char *name = error > 0 ? strerrorname_np(error) : "0";

	json_text(json, key, error < 0 ? NULL : name ? name : "unknown");
}
