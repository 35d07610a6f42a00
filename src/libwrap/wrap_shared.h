/* SPDX-License-Identifier: ISC */
/*
 * wrap_shared - memory in which all processes of a user that decide count together, over their short lives.
 *
 * A file of fixed size, zero at first, mapped for as long as it is looked at: in /run/knockwatch where the process may
 * write there (root; the directory is made by whoever installs us), else in /dev/shm, one for each user. It is used only if it
 * is a file of the process's user with one name, that nobody else may write; its blocks are there before it is mapped, so
 * that a full file system cannot kill the process. Where none can be had (a chroot, a file system that is read only, a
 * name that another user took first) the process gets memory of its own, which it shares with the children it forks
 * afterwards: bounds then hold for them alone.
 *
 * What lies in the file is not to be believed by whoever reads it.
 *
 * Tests: tests/unit/libwrap/test_wrap_shared.c
 */
#ifndef KW_LIBWRAP_WRAP_SHARED_H
#define KW_LIBWRAP_WRAP_SHARED_H

#include <stdbool.h>
#include <stddef.h>

enum wrap_shared_kind {
	WRAP_SHARED_LIMITS, /* access_limit: ACCESS_LIMIT_BYTES */
	WRAP_SHARED_TRAPS,  /* access_window: ACCESS_WINDOW_BYTES */
};

struct wrap_shared {
	void *memory; /* null: no memory at all */
	size_t size;
	bool is_own;  /* of this process; it stays mapped to its end */
};

struct wrap_shared wrap_shared_open(enum wrap_shared_kind kind);
/* Nothing may point into it any more. errno stays. */
void wrap_shared_close(const struct wrap_shared *shared);

/* The same with files of one's own choice, tried in this order. For tests. */
struct wrap_shared wrap_shared_open_at(enum wrap_shared_kind kind, const char *const paths[], size_t count);

#endif
