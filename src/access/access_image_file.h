/* SPDX-License-Identifier: ISC */
/*
 * access_image_file - an image on disk: "hosts.deny.idx" beside hosts.deny.
 *
 * Whoever can write the file can hide a rule. It is used only if it and its directory belong to root or to the effective user
 * and nobody else may write them; a symbolic link is not followed.
 *
 * The file is written under another name, to disk, and renamed: the file under the name is always whole, and whoever has
 * the old one open keeps it. Should somebody shorten it or write over it all the same, what is read then does not fit its sums.
 *
 * Tests: tests/unit/access/test_access_image_file.c
 */
#ifndef KW_ACCESS_ACCESS_IMAGE_FILE_H
#define KW_ACCESS_ACCESS_IMAGE_FILE_H

#include "access/access_image.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

/*
 * The image beside the table at `path`, to be read in pieces, with a descriptor that stays open; a page or less is read at once.
 * An empty file gives no bytes. False with the reason in `why`.
 */
bool access_image_file_open(const char *path, struct access_bytes *out, char *why, size_t why_size);
/* Which state of which file it is now; zeros where there is none. */
struct access_image_table access_image_file_state(const char *path);

/* Puts it there; whoever may read the table may read it. -1 with errno. */
int access_image_file_write(const char *path, const struct iovec *pieces, unsigned count);

#endif
