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
 */
#include "access/access_range_build.h"

#include "access/access_range_line.h"
#include "access/access_sort.h"

#include <assert.h>

enum { OPEN_MAX = 130 }; /* one network of each length */

/* Keys of a line. */
static const struct {
	size_t leaf, node;
} keys_of[] = {
	[ACCESS_RANGE_V4] = {ACCESS_RANGE_LEAF_V4, ACCESS_RANGE_NODE_V4},
	[ACCESS_RANGE_V6_HALF] = {ACCESS_RANGE_LEAF_V6_HALF, ACCESS_RANGE_NODE_V6_HALF},
	[ACCESS_RANGE_V6] = {ACCESS_RANGE_LEAF_V6, ACCESS_RANGE_NODE_V6},
};

/* The key is what is sorted by: group, form, first address, length. */
struct range {
	unsigned char group[4]; /* big-endian */
	unsigned char form;     /* enum access_range_form */
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
	if (network->length_bits >= 96 && addr_is_v4(&network->base))
		r.form = ACCESS_RANGE_V4;
	else
		r.form = network->length_bits <= 64 ? ACCESS_RANGE_V6_HALF : ACCESS_RANGE_V6;
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
	enum access_range_form form;
	struct boundary written;   /* the last one in a leaf, if there is one */
	struct boundary pending;   /* perhaps replaced by a network that begins at the same address */
	bool has_pending;
	struct {
		uint64_t last_high, last_low; /* of the network, inclusive */
		uint32_t place;               /* the least of it and those around it */
	} open[OPEN_MAX];
	unsigned opened;
};

static void set_key(void *line, enum access_range_form form, size_t i, const struct boundary *b)
{
	switch (form) {
	case ACCESS_RANGE_V4:
		((struct access_range_leaf_v4 *)line)->key[i] = (uint32_t)b->low;
		((struct access_range_leaf_v4 *)line)->place[i] = b->place;
		break;
	case ACCESS_RANGE_V6_HALF:
		((struct access_range_leaf_v6_half *)line)->key[i] = b->high;
		((struct access_range_leaf_v6_half *)line)->place[i] = b->place;
		break;
	case ACCESS_RANGE_V6:
		((struct access_range_leaf_v6 *)line)->high[i] = b->high;
		((struct access_range_leaf_v6 *)line)->low[i] = b->low;
		((struct access_range_leaf_v6 *)line)->place[i] = b->place;
		break;
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

static void write_pending(struct flattening *f)
{
	if (!f->has_pending)
		return;
	const bool full = f->in_leaf == keys_of[f->form].leaf;
	void *line = full || f->in_leaf == 0 ? add_line(f->lines) : last_line(f->lines);
	f->in_leaf = full ? 0 : f->in_leaf;
	if (line != NULL)
		set_key(line, f->form, f->in_leaf++, &f->pending);
	f->written = f->pending;
	f->has_pending = false;
}

/* Unused keys of a leaf repeat the last one, so that the very last address finds its place, too. */
static void fill_last_leaf(struct flattening *f)
{
	write_pending(f);
	void *line = last_line(f->lines);
	while (line != NULL && f->in_leaf < keys_of[f->form].leaf)
		set_key(line, f->form, f->in_leaf++, &f->written);
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
	const bool at_end = f->form == ACCESS_RANGE_V4 ? low == V4_END : (high | low) == 0;
	if (!at_end)
		add_boundary(f, high, low, place_around(f));
}

static uint64_t word_at(const unsigned char *bytes)
{
	uint64_t w;
	memcpy(&w, bytes, sizeof w);
	return be64toh(w);
}

/* The innermost open network. */
static bool is_behind(uint64_t high, uint64_t low, const struct flattening *f)
{
	const uint64_t last = f->open[f->opened - 1].last_high;
	return high > last || (high == last && low > f->open[f->opened - 1].last_low);
}

static void open_network(struct flattening *f, const struct range *r)
{
	const uint64_t high = word_at(r->address), low = word_at(r->address + 8);
	const unsigned bits = r->length_bits;
	const uint64_t last_high = bits >= 64 ? high : high | UINT64_MAX >> bits;
	const uint64_t last_low = bits >= 128 ? low : bits > 64 ? low | UINT64_MAX >> (bits - 64) : UINT64_MAX;
	while (f->opened > 0 && is_behind(high, low, f))
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
static void copy_key(void *node, size_t i, const void *leaf, enum access_range_form form)
{
	switch (form) {
	case ACCESS_RANGE_V4:
		((struct access_range_node_v4 *)node)->key[i] = ((const struct access_range_leaf_v4 *)leaf)->key[0];
		break;
	case ACCESS_RANGE_V6_HALF:
		((struct access_range_node_v6_half *)node)->key[i] = ((const struct access_range_leaf_v6_half *)leaf)->key[0];
		break;
	case ACCESS_RANGE_V6:
		((struct access_range_node_v6 *)node)->high[i] = ((const struct access_range_leaf_v6 *)leaf)->high[0];
		((struct access_range_node_v6 *)node)->low[i] = ((const struct access_range_leaf_v6 *)leaf)->low[0];
		break;
	}
}

/* Key i of the node is the first one of part i + 1, whose first leaf is (first part + i + 1) * `leaves_a_part`. */
static void add_node(struct flattening *f, size_t leaves, size_t first_part, size_t leaves_a_part)
{
	void *node = add_line(f->lines);
	for (size_t i = 0; node != NULL && i < keys_of[f->form].node; i++) {
		const size_t leaf = (first_part + i + 1) * leaves_a_part;
		if (leaf >= leaves)
			break;
		copy_key(node, i, f->lines->bytes + (f->first + leaf) * ACCESS_RANGE_LINE, f->form);
	}
}

static bool add_nodes(struct flattening *f, struct access_range_tree *out)
{
	const size_t below = keys_of[f->form].node + 1;
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

static bool is_of(const struct range *r, uint32_t group, enum access_range_form form)
{
	uint32_t big = htobe32(group);
	return memcmp(r->group, &big, sizeof big) == 0 && r->form == form;
}

static bool build_one(const struct access_pile *ranges, size_t *from, uint32_t group, enum access_range_form form,
	struct access_pile *lines, struct access_range_tree *out)
{
	const struct range *r = (const void *)ranges->bytes;
	const size_t count = ranges->used / sizeof *r;
	struct flattening f = {.lines = lines, .first = lines->used / ACCESS_RANGE_LINE, .form = form};
	*out = (struct access_range_tree){0, 0};
	if (*from >= count || !is_of(&r[*from], group, form))
		return true;
	add_boundary(&f, 0, 0, ACCESS_NOWHERE);
	while (*from < count && is_of(&r[*from], group, form))
		open_network(&f, &r[(*from)++]);
	while (f.opened > 0)
		close_innermost(&f);
	fill_last_leaf(&f);
	return add_nodes(&f, out);
}

bool access_range_tree_build(const struct access_pile *ranges, size_t *from, uint32_t group, struct access_pile *lines,
	struct access_range_trees *out)
{
	return build_one(ranges, from, group, ACCESS_RANGE_V4, lines, &out->v4) &&
	       build_one(ranges, from, group, ACCESS_RANGE_V6_HALF, lines, &out->v6_half) &&
	       build_one(ranges, from, group, ACCESS_RANGE_V6, lines, &out->v6);
}

