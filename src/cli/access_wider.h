/* SPDX-License-Identifier: ISC */
/*
 * access_wider - which entries of the set lie inside another one, for whoever takes no block inside a block.
 *
 * An entry is inside another that has the same verdict, a shorter prefix and its addresses, of the same family: "::/0" holds
 * no IPv4. Of several around it the widest counts, which is itself inside none. Sorts: n log n, whatever the entries are.
 *
 * Tests: tests/unit/cli/test_access_wider.c
 */
#ifndef KW_CLI_ACCESS_WIDER_H
#define KW_CLI_ACCESS_WIDER_H

#include "access/access_set.h"

#include <stddef.h>

/* wider[i], of `count`: the widest entry around items[i], or null. They point into `items`. */
void access_wider_find(const struct access_set_entry *items, size_t count, const struct access_set_entry **wider);

#endif
