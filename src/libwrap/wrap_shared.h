/* SPDX-License-Identifier: ISC */
/*
 * wrap_shared - memory in which all processes of a user that decide count together, over their short lives.
 *
 * A file of fixed size, zero at first, mapped for as long as it is looked at. Root's is in /run/knockwatch, which root
 * makes where it is missing, and nowhere that others may write. Others' are in /run/knockwatch/limits (root's, mode 1733), each
 * with its user's number in its name.
 *
 * The directory must be root's or the process's own, and nobody else may take names away in it. The file must be the process's
 * user's, with one name, and nobody else may write it; its blocks are there before it is mapped, and they are not asked for
 * beyond RLIMIT_FSIZE, so that neither a full file system nor that limit can kill the process.
 *
 * Where there is no such file (no directory, as in a chroot or where we are not installed; no room; a name that another user
 * took first) the process gets memory of its own, which it shares with the children it forks afterwards. Whoever makes
 * it says in the log that bounds hold for them alone, and why: once a process.
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
	void *memory;      /* null: no memory at all */
	size_t size;
	bool is_own;       /* of this process and its children; it stays mapped to its end */
	bool is_fresh;     /* own, and nobody can have counted in it before */
	bool is_inherited; /* own, made by a process that this one comes from */
};

struct wrap_shared wrap_shared_open(enum wrap_shared_kind kind);
/* Nothing may point into it any more. errno stays. */
void wrap_shared_close(const struct wrap_shared *shared);

/* The same with a file of one's own choice. For tests. */
struct wrap_shared wrap_shared_open_in(enum wrap_shared_kind kind, const char *directory, const char *name);

#endif
