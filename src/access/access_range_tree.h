/* SPDX-License-Identifier: ISC */
/*
 * access_range_tree - which of many networks that lie in each other names an address first?
 *
 * Each network comes with the place of its word in the table. They are laid flat when the trees are made (access_range_build): the
 * addresses fall into ranges, and each range knows the least place among all networks around it. One search answers for
 * all lengths at once. Places grow with the table: least = first.
 *
 * The tree is made of lines of 64 bytes, the size of a cache line. What is read may be anything: a search stays inside `lines`
 * and gives some place, or none; what cannot be read is told by the bytes.
 *
 * Tests: tests/unit/access/test_access_range_tree.c
 */
#ifndef KW_ACCESS_ACCESS_RANGE_TREE_H
#define KW_ACCESS_ACCESS_RANGE_TREE_H

#include "access/access_bytes.h"

#define ACCESS_NOWHERE UINT32_MAX /* no place */
enum { ACCESS_RANGE_LINE = 64 };

/* As it stands in the file. */
struct access_range_tree {
	uint32_t first;  /* line */
	uint32_t leaves; /* 0: an empty tree */
};

struct access_range_lines {
	struct access_bytes *bytes; /* borrowed */
	uint64_t offset, count;     /* where in them, a multiple of 64; lines */
};

/* Those of one group. */
struct access_range_trees {
	struct access_range_tree v4, v6_half, v6; /* v6_half: of the networks of at most 64 bits */
};

/* What is looked for, in host order. */
struct access_range_key {
	bool is_v4;
	uint32_t v4;
	uint64_t high, low; /* IPv6 */
};

/* Where an address is in the trees of a group, whatever stands there. */
#define ACCESS_RANGE_NO_LEAF UINT64_MAX
struct access_range_leaves {
	uint64_t line, second; /* IPv6: of the halves, of whole addresses */
};

/*
 * In two steps, for who has several groups to ask: the way down all their trees, which asks memory for the leaves, and what is in
 * them. ACCESS_NOWHERE: no network holds the address.
 */
void access_range_trees_descend(struct access_range_lines lines, const struct access_range_trees *const trees[], unsigned count,
	const struct access_range_key *at, struct access_range_leaves leaves[]);
uint32_t access_range_place_in(
	struct access_range_lines lines, const struct access_range_leaves *leaves, const struct access_range_key *at);

#endif
