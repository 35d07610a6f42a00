/* SPDX-License-Identifier: ISC */
/*
 * access_index_table - is the table still what its index was made of?
 *
 * Tests: by those of access_index
 */
#ifndef KW_ACCESS_ACCESS_INDEX_TABLE_H
#define KW_ACCESS_ACCESS_INDEX_TABLE_H

#include "access/access_image.h"
#include "access/access_reader.h"

/* Asks the kernel. A table that was not there is the same as long as it is not. */
bool access_index_table_is_same(const char *path, const struct access_image_table *was);
/* Is it the same, and does the line stand in it, at its place? Reads it. */
bool access_index_table_has(const char *path, const struct access_image_table *was, const struct access_line *line);

#endif
