/* SPDX-License-Identifier: ISC */
/*
 * access_image_file - an image on disk: "hosts.deny.idx" beside hosts.deny.
 *
 * Whoever can write the file can hide a rule. It is used only if it and its directory belong to root or to the effective user
 * and nobody else may write them; a symbolic link is not followed.
 *
 * The file is mapped, so that a program that asks once reads six pages of thirty megabytes. It is written under another name, to
 * disk, and renamed: the file under the name is always whole, and whoever has the old one mapped keeps it. What no reader can
 * be safe from is root truncating the file in place: its pages are gone, and the program is killed by
 * SIGBUS, as with a library that is truncated. Small files (64 KiB) are copied instead, which takes no longer, and leaves that
 * to tables of thousands of rules.
 *
 * Tests: tests/unit/access/test_access_image_file.c
 */
#ifndef KW_ACCESS_ACCESS_IMAGE_FILE_H
#define KW_ACCESS_ACCESS_IMAGE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

struct access_image_file {
	void *bytes;
	size_t size;
	bool mapped; /* or owned memory */
};

/* The image beside the table at `path`. False with the reason in `why`. */
bool access_image_file_open(const char *path, struct access_image_file *out, char *why, size_t why_size);
void access_image_file_close(struct access_image_file *f);

/* Puts it there, mode 0644. -1 with errno. */
int access_image_file_write(const char *path, const struct iovec *pieces, unsigned count);

#endif
