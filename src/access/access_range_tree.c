/* SPDX-License-Identifier: ISC */
/*
 * Networks in CIDR form lie in each other or apart, never across. Sorted by their first address, the wider one first, they
 * are laid flat with a stack of those that are open at the moment:
 *
 *     10/8 at 7        [-----------------------]
 *     10.1/16 at 3          [------]                     boundaries: 0 -> nowhere, 10.0.0.0 -> 7, 10.1.0.0 -> 3,
 *     10.1.2/24 at 9          [--]                                   10.2.0.0 -> 7, 11.0.0.0 -> nowhere
 *
 * (10.1.2/24 comes later in the table than what holds it: it can never be the first, and makes no boundary.)
 *
 * The boundaries are the leaves of a static B+ tree without pointers, in lines of 64 bytes: at a million addresses a search
 * touches six lines, four of which stay in the nearer caches. A leaf holds the places beside the keys, so that the
 * answer costs no line of its own. Refused: a radix trie (a miss a bit or byte, and 128 bits deep), a table of the upper
 * 16 bits (block lists are crowded: one /16 may hold half of them), a hash for each length (33 and 129 look-ups).
 *
 *     leaf, IPv4: 8 keys, 8 places     leaf, IPv6: 3 keys (high words, low words), 3 places
 *     node, IPv4: 16 keys, 17 below    node, IPv6: 4 keys, 5 below
 *
 * Key i of a node is the least key below its part i + 1. The leaves stand first, then the nodes above them, the root
 * last. Unused keys of a node are all ones.
 */
#include "access/access_range_tree.h"

#include "access/access_sort.h"

#include <assert.h>

enum {
	LEAF_V4 = 8,
	NODE_V4 = 16,
	LEAF_V6 = 3,
	NODE_V6 = 4,
	STOREYS_MAX = 16, /* 5^14 > 2^32 */
	OPEN_MAX = 130,   /* one network of each length */
};

struct leaf_v4 {
	uint32_t key[LEAF_V4];
	uint32_t place[LEAF_V4];
};
struct node_v4 {
	uint32_t key[NODE_V4];
};
struct leaf_v6 {
	uint64_t high[LEAF_V6], low[LEAF_V6];
	uint32_t place[LEAF_V6];
	uint32_t unused;
};
struct node_v6 {
	uint64_t high[NODE_V6], low[NODE_V6];
};
_Static_assert(sizeof(struct leaf_v4) == ACCESS_RANGE_LINE && sizeof(struct node_v4) == ACCESS_RANGE_LINE, "line");
_Static_assert(sizeof(struct leaf_v6) == ACCESS_RANGE_LINE && sizeof(struct node_v6) == ACCESS_RANGE_LINE, "line");

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

/* The line of the storey below; a tree that lies stays inside it. */
static inline uint64_t step_down(const struct shape *s, unsigned storey, uint64_t node, uint64_t below, unsigned part)
{
	uint64_t next = node * below + part;
	return next < s->lines[storey - 1] ? next : s->lines[storey - 1] - 1;
}

uint32_t access_range_tree_find_v4(struct access_range_lines lines, struct access_range_tree tree, uint32_t address)
{
	struct shape s;
	if (!shape_of(tree, lines.count, NODE_V4 + 1, &s))
		return ACCESS_NOWHERE;
	uint64_t at = 0;
	for (unsigned storey = s.storeys - 1; storey > 0; storey--) {
		const struct node_v4 *n = line_at(lines, s.start[storey] + at);
		unsigned part = 0;
		if (n == NULL)
			return ACCESS_NOWHERE;
		for (unsigned i = 0; i < NODE_V4; i++)
			part += n->key[i] <= address;
		at = step_down(&s, storey, at, NODE_V4 + 1, part);
	}
	const struct leaf_v4 *leaf = line_at(lines, s.start[0] + at);
	unsigned held = 0;
	for (unsigned i = 0; leaf != NULL && i < LEAF_V4; i++)
		held += leaf->key[i] <= address;
	return held > 0 ? leaf->place[held - 1] : ACCESS_NOWHERE;
}

static inline bool reached(uint64_t key_high, uint64_t key_low, uint64_t high, uint64_t low)
{
	return (key_high < high) | ((key_high == high) & (key_low <= low));
}

uint32_t access_range_tree_find_v6(
	struct access_range_lines lines, struct access_range_tree tree, uint64_t high, uint64_t low)
{
	struct shape s;
	if (!shape_of(tree, lines.count, NODE_V6 + 1, &s))
		return ACCESS_NOWHERE;
	uint64_t at = 0;
	for (unsigned storey = s.storeys - 1; storey > 0; storey--) {
		const struct node_v6 *n = line_at(lines, s.start[storey] + at);
		unsigned part = 0;
		if (n == NULL)
			return ACCESS_NOWHERE;
		for (unsigned i = 0; i < NODE_V6; i++)
			part += reached(n->high[i], n->low[i], high, low);
		at = step_down(&s, storey, at, NODE_V6 + 1, part);
	}
	const struct leaf_v6 *leaf = line_at(lines, s.start[0] + at);
	unsigned held = 0;
	for (unsigned i = 0; leaf != NULL && i < LEAF_V6; i++)
		held += reached(leaf->high[i], leaf->low[i], high, low);
	return held > 0 ? leaf->place[held - 1] : ACCESS_NOWHERE;
}

/* Building. The key is what is sorted by: group, family, first address, length. */
struct range {
	unsigned char group[4]; /* big-endian */
	unsigned char family;   /* 0: IPv4 */
	unsigned char address[16];
	unsigned char length_bits;
	unsigned char unused[2];
	uint32_t place;
	uint32_t unused_too;
};
enum { RANGE_KEY = 22 };
_Static_assert(sizeof(struct range) == 32, "access_sort");

void access_range_add(struct access_pile *ranges, uint32_t group, const struct prefix *network, uint32_t place)
{
	struct range r = {.length_bits = network->length_bits, .place = place};
	uint32_t big = htobe32(group);
	memcpy(r.group, &big, sizeof big);
	r.family = !(network->length_bits >= 96 && addr_is_v4(&network->base));
	memcpy(r.address, network->base.bytes, sizeof r.address);
	access_pile_add_bytes(ranges, &r, sizeof r);
}

bool access_range_sort(struct access_pile *ranges)
{
	return access_sort_records(ranges, sizeof(struct range), RANGE_KEY);
}

/* From `high`:`low` on, this place. */
struct boundary {
	uint64_t high, low;
	uint32_t place;
};

#define V4_END UINT64_C(0x1000000000000) /* behind ::ffff:255.255.255.255 */

struct flattening {
	struct access_pile *lines; /* leaves are added as they fill */
	size_t first, in_leaf;     /* line of the first leaf; keys in the last one */
	bool v4;
	struct boundary written;   /* the last one in a leaf, if there is one */
	struct boundary pending;   /* perhaps replaced by a network that begins at the same address */
	bool has_pending;
	struct {
		uint64_t last_high, last_low; /* of the network, inclusive */
		uint32_t place;               /* the least of it and those around it */
	} open[OPEN_MAX];
	unsigned opened;
};

static void set_key(void *line, bool v4, size_t i, const struct boundary *b)
{
	if (v4) {
		struct leaf_v4 *leaf = line;
		leaf->key[i] = (uint32_t)b->low;
		leaf->place[i] = b->place;
	} else {
		struct leaf_v6 *leaf = line;
		leaf->high[i] = b->high;
		leaf->low[i] = b->low;
		leaf->place[i] = b->place;
	}
}

static void *last_line(struct access_pile *lines)
{
	return lines->failed ? NULL : lines->bytes + lines->used - ACCESS_RANGE_LINE;
}

static void *add_line(struct access_pile *lines)
{
	void *line = access_pile_add(lines, ACCESS_RANGE_LINE);
	if (line != NULL)
		memset(line, 0xff, ACCESS_RANGE_LINE);
	return line;
}

static size_t leaf_keys(bool v4)
{
	return v4 ? LEAF_V4 : LEAF_V6;
}

static void write_pending(struct flattening *f)
{
	if (!f->has_pending)
		return;
	const bool full = f->in_leaf == leaf_keys(f->v4);
	void *line = full || f->in_leaf == 0 ? add_line(f->lines) : last_line(f->lines);
	f->in_leaf = full ? 0 : f->in_leaf;
	if (line != NULL)
		set_key(line, f->v4, f->in_leaf++, &f->pending);
	f->written = f->pending;
	f->has_pending = false;
}

/* Unused keys of a leaf repeat the last one, so that the very last address finds its place, too. */
static void fill_last_leaf(struct flattening *f)
{
	write_pending(f);
	void *line = last_line(f->lines);
	while (line != NULL && f->in_leaf < leaf_keys(f->v4))
		set_key(line, f->v4, f->in_leaf++, &f->written);
}

static void add_boundary(struct flattening *f, uint64_t high, uint64_t low, uint32_t place)
{
	if (f->has_pending && f->pending.high == high && f->pending.low == low)
		f->has_pending = false;
	const uint32_t before = f->has_pending ? f->pending.place : f->written.place;
	const bool first = !f->has_pending && f->in_leaf == 0;
	if (!first && before == place)
		return;
	write_pending(f);
	f->pending = (struct boundary){high, low, place};
	f->has_pending = true;
}

static uint32_t place_around(const struct flattening *f)
{
	return f->opened > 0 ? f->open[f->opened - 1].place : ACCESS_NOWHERE;
}

static void close_innermost(struct flattening *f)
{
	uint64_t high = f->open[f->opened - 1].last_high, low = f->open[f->opened - 1].last_low;
	f->opened--;
	low++;
	high += low == 0;
	const bool at_end = f->v4 ? low == V4_END : (high | low) == 0;
	if (!at_end)
		add_boundary(f, high, low, place_around(f));
}

static uint64_t word_at(const unsigned char *bytes)
{
	uint64_t w;
	memcpy(&w, bytes, sizeof w);
	return be64toh(w);
}

static void open_network(struct flattening *f, const struct range *r)
{
	const uint64_t high = word_at(r->address), low = word_at(r->address + 8);
	const unsigned bits = r->length_bits;
	const uint64_t last_high = bits >= 64 ? high : high | UINT64_MAX >> bits;
	const uint64_t last_low = bits >= 128 ? low : bits > 64 ? low | UINT64_MAX >> (bits - 64) : UINT64_MAX;
	while (f->opened > 0 && !reached(high, low, f->open[f->opened - 1].last_high, f->open[f->opened - 1].last_low))
		close_innermost(f);
	uint32_t place = place_around(f);
	if (r->place < place)
		place = r->place;
	bool again = f->opened > 0 && f->open[f->opened - 1].last_high == last_high &&
		     f->open[f->opened - 1].last_low == last_low; /* the same network, or one that ends with it */
	if (!again)
		f->opened++;
	assert(f->opened <= OPEN_MAX);
	f->open[f->opened - 1].last_high = last_high;
	f->open[f->opened - 1].last_low = last_low;
	f->open[f->opened - 1].place = place;
	add_boundary(f, high, low, place);
}

/* The first key of a leaf becomes key `i` of a node. */
static void copy_key(void *node, size_t i, const void *leaf, bool v4)
{
	if (v4) {
		((struct node_v4 *)node)->key[i] = ((const struct leaf_v4 *)leaf)->key[0];
	} else {
		((struct node_v6 *)node)->high[i] = ((const struct leaf_v6 *)leaf)->high[0];
		((struct node_v6 *)node)->low[i] = ((const struct leaf_v6 *)leaf)->low[0];
	}
}

/* Key i of the node is the first one of part i + 1, whose first leaf is (first part + i + 1) * `leaves_a_part`. */
static void add_node(struct flattening *f, size_t leaves, size_t first_part, size_t leaves_a_part)
{
	void *node = add_line(f->lines);
	for (size_t i = 0; node != NULL && i < (f->v4 ? NODE_V4 : NODE_V6); i++) {
		const size_t leaf = (first_part + i + 1) * leaves_a_part;
		if (leaf >= leaves)
			break;
		copy_key(node, i, f->lines->bytes + (f->first + leaf) * ACCESS_RANGE_LINE, f->v4);
	}
}

static bool add_nodes(struct flattening *f, struct access_range_tree *out)
{
	const size_t below = f->v4 ? NODE_V4 + 1 : NODE_V6 + 1;
	const size_t leaves = f->lines->used / ACCESS_RANGE_LINE - f->first;
	size_t parts = leaves, leaves_a_part = 1;
	if (f->lines->failed || f->first + leaves * 2 > UINT32_MAX)
		return false;
	*out = (struct access_range_tree){(uint32_t)f->first, (uint32_t)leaves};
	while (parts > 1) {
		for (size_t i = 0; i < parts; i += below)
			add_node(f, leaves, i, leaves_a_part);
		parts = (parts + below - 1) / below;
		leaves_a_part *= below;
	}
	return !f->lines->failed;
}

static bool is_of(const struct range *r, uint32_t group, unsigned char family)
{
	uint32_t big = htobe32(group);
	return memcmp(r->group, &big, sizeof big) == 0 && r->family == family;
}

static bool build_one(const struct access_pile *ranges, size_t *from, uint32_t group, unsigned char family,
	struct access_pile *lines, struct access_range_tree *out)
{
	const struct range *r = (const void *)ranges->bytes;
	const size_t count = ranges->used / sizeof *r;
	struct flattening f = {.lines = lines, .first = lines->used / ACCESS_RANGE_LINE, .v4 = family == 0};
	*out = (struct access_range_tree){0, 0};
	if (*from >= count || !is_of(&r[*from], group, family))
		return true;
	add_boundary(&f, 0, 0, ACCESS_NOWHERE);
	while (*from < count && is_of(&r[*from], group, family))
		open_network(&f, &r[(*from)++]);
	while (f.opened > 0)
		close_innermost(&f);
	fill_last_leaf(&f);
	return add_nodes(&f, out);
}

bool access_range_tree_build(const struct access_pile *ranges, size_t *from, uint32_t group, struct access_pile *lines,
	struct access_range_trees *out)
{
	return build_one(ranges, from, group, 0, lines, &out->v4) && build_one(ranges, from, group, 1, lines, &out->v6);
}

