/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_JSON_H
#define REAPLAB_JSON_H

#include <stdint.h>
#include <stdio.h>

/* Writes one line of JSON, member by member; commas look after themselves. */
struct json {
	FILE *file;
	int started;	/* the current object has a member already */
};

/* What stands for "not reached" or "not applicable": written as null. */
#define JSON_NONE INT64_MIN

/* Begin an object; @key is NULL for the outermost. */
void json_open(struct json *json, const char *key);
void json_close(struct json *json);
void json_text(struct json *json, const char *key, const char *value);	/* value NULL -> null */
void json_number(struct json *json, const char *key, int64_t value);
void json_true(struct json *json, const char *key);

/* An errno by name, "0" for success; negative -> null. */
void json_errno(struct json *json, const char *key, int error);

/* Begin the value of a member that is written by hand. */
void json_key(struct json *json, const char *key);

#endif
