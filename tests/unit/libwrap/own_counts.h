/* SPDX-License-Identifier: ISC */
/*
 * own_counts - the memory in which limits and commands are counted is this test program's alone.
 *
 * The library counts in files of /run/knockwatch and /dev/shm, over all processes of the user. A test that does so
 * would leave them there, and be counted with another run of it. Root gets empty ones in their place, in a mount namespace that
 * ends with the program.
 */
#ifndef KW_TESTS_OWN_COUNTS_H
#define KW_TESTS_OWN_COUNTS_H

#include "table_check.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

/* A setup of cmocka, never a failure: a container may keep its root from it, and others than root have files of their own. */
static inline int own_counts_begin(void **state)
{
	(void)state;
	if (geteuid() != 0)
		return 0;
	const bool alone = unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("tmpfs", "/dev/shm", "tmpfs", 0, "mode=1777") == 0 &&
	       /* there where it is installed */
	       (mount("tmpfs", "/run/knockwatch", "tmpfs", 0, "mode=0755") == 0 || errno == ENOENT);
	if (!alone)
		print_message("no mount namespace (%s): this counts in the files of the host, and leaves them there\n", strerror(errno));
	return 0;
}

#endif
