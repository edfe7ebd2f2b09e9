// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mode 1 of approach pf-memalloc costs in code that does not expect
 * PF_MEMALLOC from user space: warnings of the kernel, and an fsync() that
 * reports success without having written. A case passes when the cost shows
 * as predicted, and says so; mode 2 has none of them.
 *
 * Both warnings are of the kind that a kernel gives once per boot. Where one
 * came earlier in this boot, that is enough. With panic_on_warn nothing is
 * provoked.
 */
#include "ktap.h"
#include "pf-memalloc.h"
#include "support.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define SCRATCH		"/tmp/pf-memalloc-scratch"
#define SCRATCH_BYTES	"16M"
#define ZRAM_CONTROL	"/sys/class/zram-control/"

/*
 * Writing to stat_refresh queues a work item on every CPU and flushes each;
 * one that has run by then raises no warning. The first try in five was
 * enough where this was tried.
 */
#define FLUSH_TRIES	500

static int scratch_number = -1;		/* of the zram device, -1 if there is none */
static char scratch_device[32];

/* ---- the kernel's log ------------------------------------------------- */

/* Records of the log that contain both texts; from the beginning of the log. */
static int log_count(const char *first, const char *second)
{
	char record[8192];
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int count = 0;
	ssize_t length;

	if (fd < 0) {
		support_problem(__FILE__, __LINE__, "open /dev/kmsg");
		return -1;
	}
	for (;;) {
		length = read(fd, record, sizeof(record) - 1);
		/* EPIPE: the record was overwritten before it was read; the next one follows. */
		if (length < 0 && errno == EPIPE)
			continue;
		if (length <= 0)
			break;
		record[length] = '\0';
		count += strstr(record, first) && strstr(record, second);
	}
	close(fd);
	return count;
}

static int flush_warnings(void)
{
	return log_count("PF_MEMALLOC task", "is flushing !WQ_MEM_RECLAIM");
}

static int ext4_warnings(void)
{
	return log_count("WARNING: ", "ext4_write_inode");
}

static bool panics_on_warn(void)
{
	char text[16];

	return read_file("/proc/sys/kernel/panic_on_warn", text, sizeof(text)) > 0 &&
	       text[0] != '0';
}

/* ---- the scratch file system ------------------------------------------ */

static int run_mke2fs(void *unused)
{
	int null = open("/dev/null", O_WRONLY);

	(void)unused;
	dup2(null, STDOUT_FILENO);
	/* A zram device has sectors of 4 KiB. */
	execlp("busybox", "busybox", "mke2fs", "-b", "4096", scratch_device, NULL);
	return 127;
}

static bool write_scratch(const char *name, const char *text)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/block/zram%d/%s", scratch_number, name);
	return write_file(path, text);
}

/*
 * An ext4 without a journal, on a zram device of its own: with a journal
 * fsync() commits that, and ext4_write_inode() is left to the flusher threads.
 */
static bool scratch_mount(void)
{
	char text[16];
	int code;

	if (read_file(ZRAM_CONTROL "hot_add", text, sizeof(text)) <= 0)
		return support_problem(__FILE__, __LINE__, "read " ZRAM_CONTROL "hot_add");
	scratch_number = (int)strtol(text, NULL, 10);
	snprintf(scratch_device, sizeof(scratch_device), "/dev/zram%d", scratch_number);
	if (!write_scratch("disksize", SCRATCH_BYTES))
		return false;
	code = run_in_child(run_mke2fs, NULL, WAIT_LIMIT_MS);
	if (code) {
		ktap_note("busybox mke2fs %s ended with %d", scratch_device, code);
		return false;
	}
	mkdir(SCRATCH, 0700);
	if (mount(scratch_device, SCRATCH, "ext4", 0, NULL))
		return support_problem(__FILE__, __LINE__, "mount %s as ext4", scratch_device);
	return true;
}

static void scratch_unmount(void)
{
	char number[16];

	if (scratch_number < 0)
		return;
	umount(SCRATCH);
	rmdir(SCRATCH);
	snprintf(number, sizeof(number), "%d", scratch_number);
	write_file(ZRAM_CONTROL "hot_remove", number);
	scratch_number = -1;
}

/* Write requests that the scratch device has completed, -1 if unknown. */
static long scratch_writes(void)
{
	char path[64];
	char text[256];
	long writes = -1;

	snprintf(path, sizeof(path), "/sys/block/zram%d/stat", scratch_number);
	if (read_file(path, text, sizeof(text)) <= 0 ||
	    sscanf(text, "%*d %*d %*d %*d %ld", &writes) != 1)
		return -1;
	return writes;
}

/*
 * Changes nothing but the inode of a file and syncs it in the mode given.
 * Returns how many writes that caused, or -1 if a call failed.
 */
static long sync_inode(unsigned long mode)
{
	static mode_t permissions = 0600;
	int fd = open(SCRATCH "/file", O_RDWR | O_CREAT | O_CLOEXEC, permissions);
	long before;
	long after = -1;
	bool synced;

	if (fd < 0 || fsync(fd))
		return -1;
	before = scratch_writes();
	permissions ^= 0100;
	if (!fchmod(fd, permissions) && !memalloc_set(mode)) {
		synced = !fsync(fd);
		memalloc_set(MEMALLOC_OFF);
		if (synced && before >= 0)
			after = scratch_writes();
	}
	close(fd);
	return after < 0 ? -1 : after - before;
}

/*
 * Flushes work items of the system work queue in the mode given until there is
 * a warning. Returns how many more there are than before, -1 on trouble.
 */
static int flush_work(unsigned long mode)
{
	int fd = open("/proc/sys/vm/stat_refresh", O_WRONLY | O_CLOEXEC);
	int before = flush_warnings();
	int warned = 0;

	if (fd < 0) {
		support_problem(__FILE__, __LINE__, "open /proc/sys/vm/stat_refresh");
		return -1;
	}
	for (int i = 0; i < FLUSH_TRIES && !warned; i++) {
		memalloc_set(mode);
		/* What it answers depends on the statistics, not on the flushing. */
		if (pwrite(fd, "1", 1, 0) < 0 && errno != EINVAL)
			ktap_note("stat_refresh: %s", ktap_error_name(errno));
		memalloc_set(MEMALLOC_OFF);
		/* Reading the log is slow; look often only at first. */
		if (i < 10 || i % 50 == 0 || i == FLUSH_TRIES - 1)
			warned = flush_warnings() - before;
	}
	close(fd);
	return warned;
}

/* ---- cases ------------------------------------------------------------ */

#define REQUIRE_SCRATCH()							\
	do {									\
		if (!path_exists(ZRAM_CONTROL "hot_add"))			\
			SKIP("no zram, so no place for a scratch ext4");	\
		REQUIRE(scratch_mount());					\
	} while (0)

static void oom_does_not_warn_of_flush(void)
{
	if (!path_exists("/proc/sys/vm/stat_refresh"))
		SKIP("no /proc/sys/vm/stat_refresh");
	REQUIRE(flush_work(MEMALLOC_BOUNDED) == 0);
}

static void oom_syncs_inodes(void)
{
	int seen = ext4_warnings();
	long writes;

	REQUIRE_SCRATCH();
	writes = sync_inode(MEMALLOC_OFF);
	REQUIRE_MSG(writes > 0, "mode 0: %ld writes", writes);
	writes = sync_inode(MEMALLOC_BOUNDED);
	REQUIRE_MSG(writes > 0, "mode 2: %ld writes", writes);
	REQUIRE(ext4_warnings() == seen);
}

static void full_warns_of_flush(void)
{
	if (panics_on_warn())
		SKIP("panic_on_warn is set");
	if (!path_exists("/proc/sys/vm/stat_refresh"))
		SKIP("no /proc/sys/vm/stat_refresh");
	ktap_expect_warning("check_flush_dependency");
	if (flush_warnings() > 0)
		ktap_note("the warning came earlier in this boot");
	else
		REQUIRE(flush_work(MEMALLOC_UNBOUNDED) > 0);
	ktap_note("known cost of mode 1: WARN in check_flush_dependency(), kernel/workqueue.c");
}

static void full_does_not_sync_inodes(void)
{
	long writes;

	if (panics_on_warn())
		SKIP("panic_on_warn is set");
	REQUIRE_SCRATCH();
	ktap_expect_warning("ext4_write_inode");
	writes = sync_inode(MEMALLOC_UNBOUNDED);
	REQUIRE_MSG(writes == 0, "%ld writes", writes);
	REQUIRE(ext4_warnings() > 0);
	ktap_note("known cost of mode 1: WARN in ext4_write_inode(), fs/ext4/inode.c");
	ktap_note("known cost of mode 1: fsync() returned 0 and wrote nothing");
}

static void cleanup(void)
{
	memalloc_set(MEMALLOC_OFF);
	scratch_unmount();
	support_cleanup();
}

static const struct ktap_case cases[] = {
	{ "mode 2 flushes work without a warning", oom_does_not_warn_of_flush },
	{ "mode 2 syncs inodes without a warning", oom_syncs_inodes },
	{ "mode 1 is warned of when it flushes work", full_warns_of_flush },
	{ "mode 1 is warned of by ext4, and fsync writes nothing", full_does_not_sync_inodes },
};

int main(void)
{
	if (!memalloc_exists()) {
		printf("KTAP version 1\n1..0 # SKIP this kernel has no PR_SET_MEMALLOC\n");
		return KTAP_SKIP;
	}
	return ktap_run(cases, sizeof(cases) / sizeof(cases[0]), cleanup);
}
