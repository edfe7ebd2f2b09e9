// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

long read_text(const char *path, char *text, size_t size)
{
	size_t length = 0;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	text[0] = '\0';
	if (fd < 0)
		return -1;
	/* The kernel's generated files come in pieces, whatever the size asked for. */
	do {
		got = read(fd, text + length, size - 1 - length);
		if (got > 0)
			length += (size_t)got;
	} while (got > 0 && length < size - 1);
	close(fd);
	text[length] = '\0';
	return got < 0 ? -1 : (long)length;
}

int write_text(const char *path, const char *text, struct failure *failure)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t length = (ssize_t)strlen(text);
	int result = 0;

	if (fd < 0)
		return fail_errno(failure, "cannot open %s", path);
	if (write(fd, text, (size_t)length) != length)
		result = fail_errno(failure, "cannot write '%s' to %s", text, path);
	close(fd);
	return result;
}

int64_t read_number_at(int fd)
{
	char text[32];
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);

	if (length <= 0)
		return -1;
	text[length] = '\0';
	return strtoll(text, NULL, 10);
}

int64_t number_after(const char *text, const char *key)
{
	size_t length = strlen(key);

	while (text) {
		if (!strncmp(text, key, length) && (text[length] == ' ' || text[length] == ':'))
			return strtoll(text + length + 1, NULL, 10);
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return -1;
}
