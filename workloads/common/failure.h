/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REAPLAB_FAILURE_H
#define REAPLAB_FAILURE_H

/*
 * Why something could not be done, in words for a human. Functions that can
 * fail take one, fill it and return -1; the first cause wins, so that a
 * clean-up that fails as well does not hide it.
 */
struct failure {
	char message[400];
};

/* Note the cause unless there is one already; returns -1, so that callers can return it. */
int fail(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with ": " and the text of the current errno behind it. */
int fail_errno(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
