/* SPDX-License-Identifier: ISC */
#include "store/journal_torn.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { NAMES = 1000 }; /* crashes in one day that left a torn line */

static int create(int directory, uint32_t day, struct journal_file_name *name)
{
	struct journal_file_name plain = journal_file_name_of(day, false);
	for (int i = 1; i <= NAMES; i++) {
		snprintf(name->text, sizeof name->text, "%.10s.torn-%d", plain.text, i);
		int fd = journal_files_create(directory, name->text);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static bool copy(int from, int to, uint64_t at, uint64_t end)
{
	char bytes[8192];
	while (at < end) {
		size_t most = end - at < sizeof bytes ? (size_t)(end - at) : sizeof bytes;
		ssize_t n = pread(from, bytes, most, (off_t)at);
		if (n <= 0 || write(to, bytes, (size_t)n) != n) {
			errno = n == 0 ? EIO : errno;
			return false;
		}
		at += (uint64_t)n;
	}
	return true;
}

bool journal_torn_set_aside(int directory, int fd, uint32_t day, uint64_t from, uint64_t bytes,
	struct journal_file_name *name)
{
	int aside = create(directory, day, name);
	if (aside < 0)
		return false;
	errno = ENOSPC; /* what a short write means */
	bool done = copy(fd, aside, from, bytes) && fsync(aside) == 0 && fsync(directory) == 0 &&
		    ftruncate(fd, (off_t)from) == 0;
	int kept = errno;
	if (!done)
		unlinkat(directory, name->text, 0);
	close(aside);
	errno = kept;
	return done;
}
