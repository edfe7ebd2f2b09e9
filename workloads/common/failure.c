// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "failure.h"

static void note(struct failure *failure, const char *format, va_list arguments, const char *cause)
{
	char text[sizeof(failure->message)];

	if (failure->message[0])
		return;
	vsnprintf(text, sizeof(text), format, arguments);
	snprintf(failure->message, sizeof(failure->message), "%.300s%s%s", text, cause ? ": " : "", cause ? cause : "");
}

int fail(struct failure *failure, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(failure, format, arguments, NULL);
	va_end(arguments);
	return -1;
}

int fail_errno(struct failure *failure, const char *format, ...)
{
	const char *cause = strerrordesc_np(errno);
	va_list arguments;

	va_start(arguments, format);
	note(failure, format, arguments, cause ? cause : "unknown error");
	va_end(arguments);
	return -1;
}
