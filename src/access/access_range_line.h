/* SPDX-License-Identifier: ISC */
/*
 * access_range_line - the lines that the trees of access_range_tree are made of.
 *
 * The boundaries are the leaves of a static B+ tree without pointers, in lines of 64 bytes: among a million IPv4 boundaries a search
 * touches five lines, the upper ones of which stay in the nearer caches. A leaf holds the places beside the keys, so that the
 * answer costs no line of its own. IPv6 networks of at most 64 bits, nearly all there are, have a tree of the upper halves: with
 * whole addresses it has nine storeys for seven at a million boundaries, and nearly twice the lines. Refused: a radix trie (a miss a
 * bit or byte, and 128 bits deep), a table of the upper 16 bits (block lists are crowded: one /16 may hold half of them), a hash for
 * each length (33 and 129 look-ups).
 *
 *     leaf, IPv4: 8 keys, 8 places     upper halves: 5 keys, 5 places     IPv6: 3 keys (high words, low words), 3 places
 *     node, IPv4: 16 keys, 17 below    upper halves: 8 keys, 9 below      IPv6: 4 keys, 5 below
 *
 * A boundary is an address from which on another place holds (access_range_build). Key i of a node is the least key below its part
 * i + 1. The leaves stand first, then the nodes above them, the root last. Unused keys of a node are all ones.
 *
 * Tests: by those of access_range_tree
 */
#ifndef KW_ACCESS_ACCESS_RANGE_LINE_H
#define KW_ACCESS_ACCESS_RANGE_LINE_H

#include "access/access_range_tree.h"

enum access_range_form { ACCESS_RANGE_V4, ACCESS_RANGE_V6_HALF, ACCESS_RANGE_V6 };

enum {
	ACCESS_RANGE_LEAF_V4 = 8,
	ACCESS_RANGE_NODE_V4 = 16,
	ACCESS_RANGE_LEAF_V6_HALF = 5,
	ACCESS_RANGE_NODE_V6_HALF = 8,
	ACCESS_RANGE_LEAF_V6 = 3,
	ACCESS_RANGE_NODE_V6 = 4,
};

struct access_range_leaf_v4 {
	uint32_t key[ACCESS_RANGE_LEAF_V4];
	uint32_t place[ACCESS_RANGE_LEAF_V4];
};
struct access_range_node_v4 {
	uint32_t key[ACCESS_RANGE_NODE_V4];
};
struct access_range_leaf_v6_half {
	uint64_t key[ACCESS_RANGE_LEAF_V6_HALF];
	uint32_t place[ACCESS_RANGE_LEAF_V6_HALF];
	uint32_t unused;
};
struct access_range_node_v6_half {
	uint64_t key[ACCESS_RANGE_NODE_V6_HALF];
};
struct access_range_leaf_v6 {
	uint64_t high[ACCESS_RANGE_LEAF_V6], low[ACCESS_RANGE_LEAF_V6];
	uint32_t place[ACCESS_RANGE_LEAF_V6];
	uint32_t unused;
};
struct access_range_node_v6 {
	uint64_t high[ACCESS_RANGE_NODE_V6], low[ACCESS_RANGE_NODE_V6];
};
_Static_assert(sizeof(struct access_range_leaf_v4) == ACCESS_RANGE_LINE, "line");
_Static_assert(sizeof(struct access_range_node_v4) == ACCESS_RANGE_LINE, "line");
_Static_assert(sizeof(struct access_range_leaf_v6_half) == ACCESS_RANGE_LINE, "line");
_Static_assert(sizeof(struct access_range_node_v6_half) == ACCESS_RANGE_LINE, "line");
_Static_assert(sizeof(struct access_range_leaf_v6) == ACCESS_RANGE_LINE, "line");
_Static_assert(sizeof(struct access_range_node_v6) == ACCESS_RANGE_LINE, "line");

#endif
