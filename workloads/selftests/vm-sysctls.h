/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What series with sysctls below /proc/sys/vm have to show of them alike.
 *
 * Include it after ktap.h, in the program's main source file only.
 */
#ifndef REAPLAB_VM_SYSCTLS_H
#define REAPLAB_VM_SYSCTLS_H

#include <fcntl.h>
#include <linux/securebits.h>
#include <sys/prctl.h>

#include "support.h"

#define VM_SYSCTLS	"/proc/sys/vm/"
#define OTHER_USER	1000

/* The errno of writing the text, 0 for none. */
static inline int set_error(const char *name, const char *text)
{
	char path[64];
	int error = 0;
	int fd;

	snprintf(path, sizeof(path), VM_SYSCTLS "%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		error = errno;
	close(fd);
	return error;
}

/* True if the value is this text; else says what it is. */
static inline bool reads(const char *name, const char *text)
{
	char path[64];
	char value[32];

	snprintf(path, sizeof(path), VM_SYSCTLS "%s", name);
	if (read_file(path, value, sizeof(value)) <= 0)
		return false;
	value[strcspn(value, "\n")] = '\0';
	if (!strcmp(value, text))
		return true;
	ktap_note("%s is %s, expected %s", name, value, text);
	return false;
}

/*
 * For run_in_child(), with a list of names that ends with NULL: another user,
 * with every capability there is, may set none of them. 0, or which one it is
 * that was not refused with EACCES; 255 if there is no becoming another user.
 */
static inline int set_as_another_user(void *names)
{
	char **name = names;
	int number;

	if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) ||
	    setresuid(OTHER_USER, OTHER_USER, OTHER_USER))
		return 255;
	for (number = 0; name[number]; number++)
		if (set_error(name[number], "0") != EACCES)
			return number + 1;
	return 0;
}

#endif /* REAPLAB_VM_SYSCTLS_H */
