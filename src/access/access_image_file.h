/* SPDX-License-Identifier: ISC */
/*
 * access_image_file - an image on disk: "hosts.deny.idx" beside hosts.deny.
 *
 * Whoever can write the file can hide a rule. It is used only if it and its directory belong to root or to the effective user
 * and nobody else may write them; a symbolic link is not followed.
 *
 * The file is written under another name, to disk, and renamed: the file under the name is always whole, and whoever has
 * the old one open keeps it. A program that asks once reads the pieces that it needs. One that asks often has it mapped,
 * or in memory if it is small (64 KiB). What a mapping cannot be safe from is root truncating the file in place: its
 * pages are gone, and the program is killed by SIGBUS, as with a library that is truncated. So: tables of thousands
 * of rules, in programs that stay, and root must use rename, as access_index_build does.
 *
 * Tests: tests/unit/access/test_access_image_file.c
 */
#ifndef KW_ACCESS_ACCESS_IMAGE_FILE_H
#define KW_ACCESS_ACCESS_IMAGE_FILE_H

#include "access/access_bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

/*
 * The image beside the table at `path`: mapped or copied for who asks often, else to be read in pieces, with a descriptor
 * that stays open. False with the reason in `why`.
 */
bool access_image_file_open(const char *path, bool often, struct access_bytes *out, char *why, size_t why_size);

/* Puts it there, mode 0644. -1 with errno. */
int access_image_file_write(const char *path, const struct iovec *pieces, unsigned count);

#endif
