/* SPDX-License-Identifier: ISC */
#include "store/store_error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

static enum store_trouble trouble_of_code(int code)
{
	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return STORE_TROUBLE_DAMAGED;
	case SQLITE_FULL:
		return STORE_TROUBLE_FULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_TROUBLE_BUSY;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_CANTOPEN:
		return STORE_TROUBLE_DENIED;
	default:
		return STORE_TROUBLE_OTHER;
	}
}

/* One %s for the file, one for the detail, in this order; some repeat the file by number. */
static const char *const forms[STORE_TROUBLES] = {
	[STORE_TROUBLE_NONE] = "%1$s: %2$s",
	[STORE_TROUBLE_MISSING] =
		"%1$s: %2$s; nothing has been recorded there yet ('knockwatch watch' records)",
	[STORE_TROUBLE_DENIED] =
		"%1$s: not permitted (%2$s); use sudo, or become the user that owns it",
	[STORE_TROUBLE_NEWER] = "%1$s: %2$s",
	[STORE_TROUBLE_FOREIGN] = "%1$s: %2$s",
	[STORE_TROUBLE_DAMAGED] =
		"%1$s: damaged (%2$s). Nothing was changed. To save what is readable: "
		"sqlite3 %1$s .recover | sqlite3 %1$s.saved   To start anew: mv %1$s %1$s.damaged",
	[STORE_TROUBLE_FULL] =
		"%1$s: no space left (%2$s). What was stored is safe; new rows wait in "
		"memory until there is space again",
	[STORE_TROUBLE_BUSY] =
		"%1$s: in use by another process (%2$s); try again, or stop that process",
	[STORE_TROUBLE_OTHER] = "%1$s: %2$s",
};

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the table above is all there is */
void store_error_set(
	struct store_error *e, enum store_trouble t, const char *path, const char *detail)
{
	e->trouble = t;
	snprintf(e->text, sizeof e->text, forms[t], path, detail);
}
#pragma GCC diagnostic pop

void store_error_from_sqlite(struct store_error *e, const char *path, int code, const char *detail)
{
	store_error_set(e, trouble_of_code(code), path, detail);
}

void store_error_from_system(struct store_error *e, const char *path, int error_number)
{
	enum store_trouble t = STORE_TROUBLE_OTHER;
	if (error_number == ENOENT || error_number == ENOTDIR)
		t = STORE_TROUBLE_MISSING;
	else if (error_number == EACCES || error_number == EPERM || error_number == EROFS)
		t = STORE_TROUBLE_DENIED;
	else if (error_number == ENOSPC || error_number == EDQUOT)
		t = STORE_TROUBLE_FULL;
	store_error_set(e, t, path, strerror(error_number));
}

void store_error_set_newer(struct store_error *e, const char *path, int found, int known)
{
	char detail[160];
	snprintf(detail, sizeof detail,
		"made by a newer knockwatch (store version %d, this program knows %d). Nothing was "
		"changed; "
		"use the newer program",
		found, known);
	store_error_set(e, STORE_TROUBLE_NEWER, path, detail);
}

void store_error_set_foreign(struct store_error *e, const char *path)
{
	store_error_set(e, STORE_TROUBLE_FOREIGN, path,
		"a database of another program. Nothing was changed; choose another state "
		"directory");
}
