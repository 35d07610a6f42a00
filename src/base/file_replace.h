/* SPDX-License-Identifier: ISC */
/*
 * file_replace - writes a small file anew, so that there is always a whole one.
 *
 * Beside the old one under NAME.new, to disk, then renamed, and the directory to disk: whoever comes after a crash
 * or a power cut finds the one or the other. Follows no symbolic link.
 *
 * Tests: tests/unit/base/test_file_replace.c
 */
#ifndef KW_BASE_FILE_REPLACE_H
#define KW_BASE_FILE_REPLACE_H

#include <stdbool.h>
#include <sys/types.h>

/* Writes the whole file to `fd`, which stays the caller's; false with errno. */
typedef bool file_replace_write(void *context, int fd);

/* `mode` whatever the umask. False with errno: the old file stays then, and nothing is left beside it. */
bool file_replace(const char *directory, const char *name, mode_t mode, file_replace_write *write,
	void *context);

#endif
