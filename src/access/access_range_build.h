/* SPDX-License-Identifier: ISC */
/*
 * access_range_build - makes the trees of access_range_tree.
 *
 * A network of a group goes on a pile, which is sorted once; then each group's part of it becomes trees. IPv4 networks (in prefix's
 * form, 96 bits and more below ::ffff:0:0) and those of IPv6 never hold each other's addresses.
 *
 * Tests: tests/unit/access/test_access_range_tree.c
 */
#ifndef KW_ACCESS_ACCESS_RANGE_BUILD_H
#define KW_ACCESS_ACCESS_RANGE_BUILD_H

#include "access/access_pile.h"
#include "access/access_range_tree.h"
#include "net/prefix.h"

void access_range_add(struct access_pile *ranges, uint32_t group, const struct prefix *network, uint32_t place);
bool access_range_sort(struct access_pile *ranges);

/*
 * Adds the trees of `group` to `lines`. `*from` is where in the sorted pile to go on; groups come in rising order. False without
 * memory, or beyond 2^32 lines.
 */
bool access_range_tree_build(const struct access_pile *ranges, size_t *from, uint32_t group, struct access_pile *lines,
	struct access_range_trees *out);

#endif
