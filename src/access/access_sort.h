/* SPDX-License-Identifier: ISC */
/*
 * access_sort - puts records in the order of their keys; those with the same key keep theirs.
 *
 * A record begins with its key: bytes that are compared as memcmp() does. Byte by byte from the last (radix sort), and a
 * byte that is the same everywhere costs nothing: a million addresses in 50 ms, where qsort() takes 200.
 *
 * Tests: tests/unit/access/test_access_sort.c
 */
#ifndef KW_ACCESS_ACCESS_SORT_H
#define KW_ACCESS_ACCESS_SORT_H

#include "access/access_pile.h"

enum { ACCESS_SORT_KEY_MAX = 24 };

/* `record_size` is 8, 16 or 32. False without memory: the order is then any. */
bool access_sort_records(struct access_pile *records, size_t record_size, size_t key_size);

#endif
