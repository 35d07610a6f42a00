/* SPDX-License-Identifier: ISC */
/*
 * store_error - what went wrong with the store, and what the person can type about it.
 *
 * A message names the file first, then what failed, what stayed unchanged, and what to do.
 */
#ifndef KW_STORE_STORE_ERROR_H
#define KW_STORE_STORE_ERROR_H

enum store_trouble {
	STORE_TROUBLE_NONE,
	STORE_TROUBLE_MISSING, /* nothing was recorded there yet */
	STORE_TROUBLE_DENIED,  /* not permitted */
	STORE_TROUBLE_NEWER,   /* made by a later program */
	STORE_TROUBLE_FOREIGN, /* a file of another program */
	STORE_TROUBLE_DAMAGED,
	STORE_TROUBLE_FULL, /* no space left */
	STORE_TROUBLE_BUSY, /* another process holds it */
	STORE_TROUBLE_OTHER,
	STORE_TROUBLES
};

struct store_error {
	enum store_trouble trouble;
	char text[768]; /* room for four paths of ordinary length */
};

/* `detail` in the words of that trouble, behind the path. */
void store_error_set(
	struct store_error *e, enum store_trouble trouble, const char *path, const char *detail);
/* From an SQLite result code and its detail. */
void store_error_from_sqlite(struct store_error *e, const char *path, int code, const char *detail);
/* From errno of a system call on `path`. */
void store_error_from_system(struct store_error *e, const char *path, int error_number);
void store_error_set_newer(struct store_error *e, const char *path, int found, int known);
void store_error_set_foreign(struct store_error *e, const char *path);

#endif
