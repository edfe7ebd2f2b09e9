/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What victims do in more than one selftest, for struct victim_shape. A body
 * that waits does so for page->go; without a limit, since a victim ends with
 * its case at the latest. Conventions as in support.h.
 */
#ifndef REAPLAB_SELFTEST_SUPPORT_BODIES_H
#define REAPLAB_SELFTEST_SUPPORT_BODIES_H

#include "support.h"

/* For wait_for(), with the victim's page: bodies that don't wait for go tell by it that they are ready. */
bool is_going(void *page);

/* Exits by itself, with all its threads. */
void exit_when_told(struct victim_page *page, char *memory, size_t bytes);
/* The same without a pause between the word and the exit. */
void exit_on_the_word(struct victim_page *page, char *memory, size_t bytes);
/* Takes twice as much memory again, and so runs into its cgroup's limit. */
void exceed_limit(struct victim_page *page, char *memory, size_t bytes);
/* Leaves the number of its only thread beside the leader in page->result, and sets go. */
void tell_thread(struct victim_page *page, char *memory, size_t bytes);

#endif /* REAPLAB_SELFTEST_SUPPORT_BODIES_H */
