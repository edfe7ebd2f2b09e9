// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clocks.h"
#include "pages.h"
#include "program.h"

/* Out of the way of the descriptors a started program gets by number. */
#define FIRST_FREE_FD 10

static int moved_up(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD);

	if (fd >= 0)
		close(fd);
	return moved;
}

int meeting_open(struct meeting *meeting, struct failure *failure)
{
	void *page = MAP_FAILED;

	meeting->page = NULL;
	meeting->page_fd = moved_up(memfd_create("rendezvous", MFD_CLOEXEC));
	meeting->go_fd = moved_up(eventfd(0, EFD_CLOEXEC));
	if (meeting->page_fd >= 0 && meeting->go_fd >= 0 && !ftruncate(meeting->page_fd, PAGE_BYTES))
		page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, meeting->page_fd, 0);
	if (page == MAP_FAILED || mlock(page, PAGE_BYTES))
		return fail_errno(failure, "cannot make a page to share");
	meeting->page = page;
	meeting_reset(meeting);
	return 0;
}

void meeting_close(struct meeting *meeting)
{
	if (!meeting->page)
		return;
	munmap(meeting->page, PAGE_BYTES);
	close(meeting->page_fd);
	close(meeting->go_fd);
	meeting->page = NULL;
}

void meeting_reset(const struct meeting *meeting)
{
	memset(meeting->page, 0, sizeof(*meeting->page));
}

void meeting_go(const struct meeting *meeting)
{
	uint64_t one = 1;

	atomic_store(&meeting->page->go, now_ns());
	/* Cannot fail: the counter is read down to zero on every turn. */
	(void)!write(meeting->go_fd, &one, sizeof(one));
}
