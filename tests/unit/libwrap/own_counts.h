/* SPDX-License-Identifier: ISC */
/*
 * own_counts - the memory in which limits and commands are counted is this test program's alone.
 *
 * The library counts in files of /run/knockwatch, over all processes of the user. A test that does so would leave them
 * there, and be counted with another run of it. So a test has an empty /run, in a mount namespace that ends with the program;
 * for others than root in a namespace of users, too, in which they stay who they are.
 */
#ifndef KW_TESTS_OWN_COUNTS_H
#define KW_TESTS_OWN_COUNTS_H

#include "table_check.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static inline bool own_counts_write(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	const bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (fd >= 0)
		close(fd);
	return done;
}

/* As the same user, who may mount in there. */
static inline bool own_counts_may_mount(void)
{
	char users[40], groups[40];
	snprintf(users, sizeof users, "%u %u 1", (unsigned)geteuid(), (unsigned)geteuid());
	snprintf(groups, sizeof groups, "%u %u 1", (unsigned)getegid(), (unsigned)getegid());
	return unshare(CLONE_NEWUSER) == 0 && own_counts_write("/proc/self/setgroups", "deny") &&
	       own_counts_write("/proc/self/uid_map", users) && own_counts_write("/proc/self/gid_map", groups);
}

static inline bool own_counts_make_places(void)
{
	return geteuid() == 0 || (mkdir("/run/knockwatch", 0755) == 0 && mkdir("/run/knockwatch/limits", 0700) == 0);
}

/* A setup of cmocka, never a failure: a container may keep its root from it. Others than root would have no place to count, and
 * skip what would come. */
static inline int own_counts_begin(void **state)
{
	(void)state;
	if ((geteuid() == 0 || own_counts_may_mount()) && unshare(CLONE_NEWNS) == 0 &&
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 && mount("tmpfs", "/run", "tmpfs", 0, "mode=0755") == 0 &&
		own_counts_make_places())
		return 0;
	print_message("no mount namespace (%s): this would count in the files of the host\n", strerror(errno));
	if (geteuid() != 0)
		exit(77); /* to meson: skipped */
	return 0;
}

#endif
