/* SPDX-License-Identifier: ISC */
/*
 * import_match - is this file, or its beginning, one that was read into the journal before?
 *
 * Of the whole file, and of each beginning as long as a file that is known, the SHA-256 is made in one walk over
 * the bytes. A log that has grown since is known by that; one that is packed differently is not.
 *
 * Tests: tests/unit/store/test_import_match.c
 */
#ifndef KW_STORE_IMPORT_MATCH_H
#define KW_STORE_IMPORT_MATCH_H

#include "store/store_imports.h"

/* Reads the descriptor from its beginning; its place is not moved. `sum` gets bytes and sum of the whole file,
 * `known` the longest import that it begins with, or null (borrowed from `imports`). False with errno. */
bool import_match_find(int fd, const struct store_imports *imports, struct import *sum,
	const struct store_import **known);

#endif
