/* SPDX-License-Identifier: ISC */
#include "access/access_range_tree.h"

#include "access/access_range_line.h"

enum { STOREYS_MAX = 16 }; /* 5^14 > 2^32 */

/* Where the storeys of a tree stand; 0 is the leaves. */
struct shape {
	uint64_t start[STOREYS_MAX];
	uint64_t lines[STOREYS_MAX];
	unsigned storeys;
};

/* `below` is a constant in each call. */
static inline __attribute__((always_inline)) bool shape_of(
	struct access_range_tree tree, uint64_t lines, uint64_t below, struct shape *out)
{
	uint64_t start = tree.first, here = tree.leaves;
	unsigned n = 0;
	for (;;) {
		out->start[n] = start;
		out->lines[n] = here;
		start += here;
		n++;
		if (here <= 1)
			break;
		here = (here + below - 1) / below;
	}
	out->storeys = n;
	return tree.leaves > 0 && start <= lines;
}

static inline const void *line_at(struct access_range_lines lines, uint64_t line)
{
	return access_bytes_at(lines.bytes, lines.offset + line * ACCESS_RANGE_LINE, ACCESS_RANGE_LINE);
}

static inline bool reached(uint64_t key_high, uint64_t key_low, const struct access_range_key *at)
{
	return (key_high < at->high) | ((key_high == at->high) & (key_low <= at->low));
}

/* How many keys of a node are not above what is looked for. */
typedef unsigned count_fn(const void *node, const struct access_range_key *at);

static inline unsigned count_v4(const void *node, const struct access_range_key *at)
{
	const struct access_range_node_v4 *n = node;
	unsigned count = 0;
	for (unsigned i = 0; i < ACCESS_RANGE_NODE_V4; i++)
		count += n->key[i] <= at->v4;
	return count;
}

static inline unsigned count_v6_half(const void *node, const struct access_range_key *at)
{
	const struct access_range_node_v6_half *n = node;
	unsigned count = 0;
	for (unsigned i = 0; i < ACCESS_RANGE_NODE_V6_HALF; i++)
		count += n->key[i] <= at->high;
	return count;
}

static inline unsigned count_v6(const void *node, const struct access_range_key *at)
{
	const struct access_range_node_v6 *n = node;
	unsigned count = 0;
	for (unsigned i = 0; i < ACCESS_RANGE_NODE_V6; i++)
		count += reached(n->high[i], n->low[i], at);
	return count;
}

static inline void ask_for_line(struct access_range_lines lines, uint64_t line)
{
	if (lines.bytes->memory != NULL)
		__builtin_prefetch(lines.bytes->memory + lines.offset + line * ACCESS_RANGE_LINE);
}

/* A way from the root to a leaf. */
struct way {
	struct shape shape;
	unsigned storey; /* 0: it has come to a leaf, or there is none */
	uint64_t at;     /* in its storey */
	uint64_t leaf;
};

/* One storey down; a tree that lies stays inside each. */
static inline __attribute__((always_inline)) void step_down(
	struct access_range_lines lines, struct way *w, const struct access_range_key *at, unsigned keys, count_fn *count)
{
	const struct shape *s = &w->shape;
	const void *node = line_at(lines, s->start[w->storey] + w->at);
	if (node == NULL) {
		w->storey = 0;
		w->leaf = ACCESS_RANGE_NO_LEAF;
		return;
	}
	const uint64_t next = w->at * (keys + 1) + count(node, at);
	w->storey--;
	w->at = next < s->lines[w->storey] ? next : s->lines[w->storey] - 1;
	w->leaf = s->start[w->storey] + w->at;
	ask_for_line(lines, w->leaf);
}

static inline __attribute__((always_inline)) void begin_way(
	struct access_range_lines lines, struct access_range_tree tree, unsigned keys, struct way *out)
{
	const bool is_tree = shape_of(tree, lines.count, keys + 1, &out->shape);
	out->storey = is_tree ? out->shape.storeys - 1 : 0;
	out->at = 0;
	out->leaf = is_tree ? out->shape.start[out->storey] : ACCESS_RANGE_NO_LEAF;
}

/* Side by side: where one waits for memory the other goes on. Made once for each form. */
static inline __attribute__((always_inline)) void descend(struct access_range_lines lines, struct access_range_tree first,
	struct access_range_tree second, const struct access_range_key *at, unsigned keys, count_fn *count, uint64_t leaves[2])
{
	struct way one, other;
	begin_way(lines, first, keys, &one);
	begin_way(lines, second, keys, &other);
	while (one.storey > 0 || other.storey > 0) {
		if (one.storey > 0)
			step_down(lines, &one, at, keys, count);
		if (other.storey > 0)
			step_down(lines, &other, at, keys, count);
	}
	leaves[0] = one.leaf;
	leaves[1] = other.leaf;
}

void access_range_trees_descend(struct access_range_lines lines, const struct access_range_trees *const trees[], unsigned count,
	const struct access_range_key *at, struct access_range_leaves leaves[])
{
	static const struct access_range_trees none;
	for (unsigned i = 0; i < count; i += 2) {
		const struct access_range_trees *one = trees[i], *other = i + 1 < count ? trees[i + 1] : &none;
		uint64_t line[2], second[2] = {ACCESS_RANGE_NO_LEAF, ACCESS_RANGE_NO_LEAF};
		if (at->is_v4) {
			descend(lines, one->v4, other->v4, at, ACCESS_RANGE_NODE_V4, count_v4, line);
		} else {
			descend(lines, one->v6_half, other->v6_half, at, ACCESS_RANGE_NODE_V6_HALF, count_v6_half, line);
			descend(lines, one->v6, other->v6, at, ACCESS_RANGE_NODE_V6, count_v6, second);
		}
		for (unsigned k = 0; k < 2 && i + k < count; k++)
			leaves[i + k] = (struct access_range_leaves){line[k], second[k]};
	}
}

static uint32_t place_in_v4(struct access_range_lines lines, uint64_t line, const struct access_range_key *at)
{
	const struct access_range_leaf_v4 *leaf = line != ACCESS_RANGE_NO_LEAF ? line_at(lines, line) : NULL;
	unsigned held = 0;
	for (unsigned i = 0; leaf != NULL && i < ACCESS_RANGE_LEAF_V4; i++)
		held += leaf->key[i] <= at->v4;
	return held > 0 ? leaf->place[held - 1] : ACCESS_NOWHERE;
}

static uint32_t place_in_v6_half(struct access_range_lines lines, uint64_t line, const struct access_range_key *at)
{
	const struct access_range_leaf_v6_half *leaf = line != ACCESS_RANGE_NO_LEAF ? line_at(lines, line) : NULL;
	unsigned held = 0;
	for (unsigned i = 0; leaf != NULL && i < ACCESS_RANGE_LEAF_V6_HALF; i++)
		held += leaf->key[i] <= at->high;
	return held > 0 ? leaf->place[held - 1] : ACCESS_NOWHERE;
}

static uint32_t place_in_v6(struct access_range_lines lines, uint64_t line, const struct access_range_key *at)
{
	const struct access_range_leaf_v6 *leaf = line != ACCESS_RANGE_NO_LEAF ? line_at(lines, line) : NULL;
	unsigned held = 0;
	for (unsigned i = 0; leaf != NULL && i < ACCESS_RANGE_LEAF_V6; i++)
		held += reached(leaf->high[i], leaf->low[i], at);
	return held > 0 ? leaf->place[held - 1] : ACCESS_NOWHERE;
}

uint32_t access_range_place_in(
	struct access_range_lines lines, const struct access_range_leaves *leaves, const struct access_range_key *at)
{
	if (at->is_v4)
		return place_in_v4(lines, leaves->line, at);
	const uint32_t half = place_in_v6_half(lines, leaves->line, at), whole = place_in_v6(lines, leaves->second, at);
	return half < whole ? half : whole;
}
