/* SPDX-License-Identifier: ISC */
/*
 * store_imports - the files that were read into the journal, for ever, so that none is booked twice.
 */
#ifndef KW_STORE_STORE_IMPORTS_H
#define KW_STORE_STORE_IMPORTS_H

#include "store/import_json.h"
#include "store/store.h"

#define STORE_IMPORTS_MAX 100000 /* files that are known again; the smallest of more */

struct store_import {
	struct import file;
	struct wall_time at; /* when it was recorded */
};

struct store_imports {
	struct store_import *rows; /* the smallest first */
	size_t count;
};

/* False with the reason, and nothing to clear. */
bool store_imports_ask(const struct store *s, struct store_imports *out, struct store_error *error);
void store_imports_clear(struct store_imports *list);

#endif
