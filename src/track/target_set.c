/* SPDX-License-Identifier: ISC */
#include "track/target_set.h"

#include "track/block_pool.h"
#include "track/port_bits.h"
#include "track/target_dense.h"
#include "track/target_sketch.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

enum {
	FIRST_CAPACITY = 16,
	CELL_CAPACITY = TARGET_SET_CELL / sizeof(struct target),
};

_Static_assert(
	offsetof(struct target_set, sums.protocols) < TARGET_SET_FRONT, "the front of a set");
_Static_assert(offsetof(struct target_set, ghost_port) < TARGET_SET_FRONT, "the front of a set");

void target_set_init(struct target_set *s, void *cell, const struct target_room *room)
{
	*s = (struct target_set){.cell = cell, .room = room};
}

static struct target *slots_of(const struct target_set *s)
{
	return s->form == TARGET_FORM_EXACT ? s->at : NULL;
}

static size_t slots_bytes(uint32_t capacity)
{
	return capacity * sizeof(struct target);
}

void target_set_clear(struct target_set *s)
{
	if (s->form == TARGET_FORM_DENSE)
		target_dense_destroy(s->at, s->room);
	else if (s->capacity > CELL_CAPACITY)
		block_pool_give(s->room->blocks, s->at, slots_bytes(s->capacity));
	target_set_init(s, s->cell, s->room);
}

/* A target without its state in one word: one comparison tells two of them apart. */
static inline uint64_t word_of(struct target t)
{
	uint64_t word;
	t.state = 0;
	memcpy(&word, &t, sizeof word);
	return word;
}

/* Where to look first for a target of this word. Neighbouring hosts and ports come to lie apart; more is
 * not asked of it, and whoever makes them meet walks through a thousand slots of his own. */
static inline uint32_t slot_of(uint64_t word, uint32_t capacity)
{
	return (uint32_t)(word * UINT64_C(0x9e3779b97f4a7c15) >> 48) & (capacity - 1);
}

/* The slot of a target, or the free slot where it belongs. */
static inline struct target *find_slot(struct target *slots, uint32_t capacity, struct target t)
{
	uint64_t wanted = word_of(t);
	uint32_t at = slot_of(wanted, capacity);
	while (word_of(slots[at]) != wanted && slots[at].space != TARGET_SPACES)
		at = (at + 1) & (capacity - 1);
	return &slots[at];
}

/* Moves the targets from `from`, which may have lain in the same memory, into `capacity` slots. */
static void refill(
	struct target_set *s, struct target *slots, uint32_t capacity, const struct target *from)
{
	for (uint32_t i = 0; i < capacity; i++)
		slots[i] = (struct target){.space = TARGET_SPACES};
	for (uint32_t i = 0; i < s->capacity; i++) {
		if (from[i].space != TARGET_SPACES)
			*find_slot(slots, capacity, from[i]) = from[i];
	}
	s->at = slots;
	s->capacity = (uint16_t)capacity;
}

/* Twice the slots; false without memory. */
static bool grow(struct target_set *s)
{
	struct target before[CELL_CAPACITY], *old = s->at;
	uint32_t capacity = s->capacity ? s->capacity * 2u : FIRST_CAPACITY, held = s->capacity;
	if (capacity <= CELL_CAPACITY) {
		if (held > 0)
			memcpy(before, old, slots_bytes(held));
		refill(s, s->cell, capacity, before);
		return true;
	}
	struct target *bigger =
		block_pool_take(s->room->blocks, slots_bytes(capacity), s->room->spare);
	if (bigger == NULL)
		return false;
	refill(s, bigger, capacity, old);
	if (held > CELL_CAPACITY)
		block_pool_give(s->room->blocks, old, slots_bytes(held));
	return true;
}

static bool add_to_sketch(struct target_set *s, struct target t)
{
	s->sums.spaces |= (uint8_t)(1u << t.space);
	return target_sketch_add(s->at, &s->sums, t);
}

static bool add_to_dense(struct target_set *s, struct target t)
{
	switch (target_dense_add(s->at, s->room, t)) {
	case TARGET_DENSE_FRESH:
		return true;
	case TARGET_DENSE_KNOWN:
		return false;
	case TARGET_DENSE_FULL:
		break;
	}
	target_set_shrink(s);
	return add_to_sketch(s, t);
}

static bool fill_dense(const struct target_set *s, struct target_dense *d)
{
	const struct target *slots = slots_of(s);
	for (uint32_t i = 0; i < s->capacity; i++) {
		if (slots[i].space != TARGET_SPACES &&
			target_dense_add(d, s->room, slots[i]) == TARGET_DENSE_FULL)
			return false;
	}
	return true;
}

/* The slots are given back only when all that was in them is safe: until then memory may run out. */
static void turn_dense(struct target_set *s)
{
	struct target_dense *d = target_dense_create(s->room);
	if (d != NULL && fill_dense(s, d)) {
		block_pool_give(s->room->blocks, s->at, slots_bytes(s->capacity));
		s->at = d;
		s->form = TARGET_FORM_DENSE;
		s->capacity = s->count = 0;
		return;
	}
	if (d != NULL)
		target_dense_destroy(d, s->room);
	target_set_shrink(s);
}

void target_set_add_ghost(struct target_set *s, uint8_t host8, uint16_t port, uint8_t space)
{
	s->has_ghost = true;
	s->ghost_host8 = host8;
	s->ghost_port = port;
	s->ghost_space = space;
}

/* The ghost's door seen in full: it was counted already, so it is no new target. */
static bool lay_ghost(struct target_set *s, struct target t)
{
	if (s->form == TARGET_FORM_SKETCH || !s->has_ghost || t.port != s->ghost_port ||
		t.space != s->ghost_space || target_host8(t.host) != s->ghost_host8)
		return false;
	s->has_ghost = false;
	return true;
}

/* Books a target that was just found to be new. */
static void note_fresh(struct target_set *s, struct target t)
{
	if (s->count++ == 0)
		s->first = t;
	s->many_hosts |= t.host != s->first.host;
	s->many_ports |= t.port != s->first.port || t.space != s->first.space;
	s->by_space[t.space]++;
}

static bool add_exact(struct target_set *s, struct target t)
{
	if ((s->count + 1u) * 4 > s->capacity * 3u && !grow(s)) {
		target_set_shrink(s);
		return add_to_sketch(s, t);
	}
	struct target *slot = find_slot(s->at, s->capacity, t);
	if (slot->space != TARGET_SPACES) {
		slot->state |= t.state;
		return false;
	}
	*slot = t;
	note_fresh(s, t);
	if (s->count > TARGET_SET_EXACT)
		turn_dense(s);
	return true;
}

bool target_set_add(struct target_set *s, struct target t)
{
	bool was_ghost = lay_ghost(s, t), fresh = false;
	switch ((enum target_form)s->form) {
	case TARGET_FORM_EXACT:
		fresh = add_exact(s, t);
		break;
	case TARGET_FORM_DENSE:
		fresh = add_to_dense(s, t);
		break;
	case TARGET_FORM_SKETCH:
		fresh = add_to_sketch(s, t);
		break;
	}
	return fresh && !was_ghost;
}

void target_set_prefetch(const struct target_set *s, struct target t)
{
	const struct target_sketch *k = s->at;
	if (s->capacity > 0) {
		__builtin_prefetch(&slots_of(s)[slot_of(word_of(t), s->capacity)], 1);
	} else if (s->form == TARGET_FORM_SKETCH) {
		__builtin_prefetch(&k->targets[target_hash_whole(t) >> 56], 1);
		if (t.port != s->sums.last.port) {
			__builtin_prefetch(&k->ports[0], 1);
			__builtin_prefetch(&k->ports[64], 1);
		}
		if (t.host != s->sums.last.host) {
			__builtin_prefetch(&k->hosts[0], 1);
			__builtin_prefetch(&k->hosts[64], 1);
		}
	}
}

bool target_set_mark(struct target_set *s, struct target t, enum target_state state)
{
	if (s->capacity == 0)
		return false;
	struct target *slot = find_slot(s->at, s->capacity, t);
	if (slot->space == TARGET_SPACES || (slot->state & state))
		return false;
	slot->state |= (uint8_t)state;
	return true;
}

static struct target_counts count_sketch(const struct target_sketch_sums *s)
{
	return (struct target_counts){.targets = cardinality_read(s->targets, TARGET_SKETCH_BITS),
		.ports = cardinality_read(s->ports, TARGET_SKETCH_SIDE_BITS),
		.hosts = cardinality_read(s->hosts, TARGET_SKETCH_SIDE_BITS),
		.spaces = (uint32_t)__builtin_popcount(s->spaces),
		.protocols = s->protocols};
}

/* Distinct values among up to TARGET_SET_EXACT, by a throw-away hash table. */
static uint32_t count_distinct(const uint32_t *values, uint32_t n)
{
	enum { SLOTS = 2 * TARGET_SET_EXACT };
	uint32_t table[SLOTS], distinct = 0;
	uint32_t mask = 15;
	while (mask + 1 < n * 2)
		mask = mask * 2 + 1;
	memset(table, 0xff, (mask + 1) * sizeof *table);
	bool has_last = false; /* the one value that marks a free slot */
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = (values[i] * UINT32_C(0x9e3779b1)) >> 16 & mask;
		if (values[i] == UINT32_MAX) {
			has_last = true;
			continue;
		}
		while (table[at] != UINT32_MAX && table[at] != values[i])
			at = (at + 1) & mask;
		distinct += table[at] == UINT32_MAX;
		table[at] = values[i];
	}
	return distinct + has_last;
}

/* A ghost is a target of its own; its host is a new one unless one with the same 8 bits is there.
 */
static void count_ghost(const struct target_set *s, struct target_counts *c)
{
	bool host_there = false, port_there = false, space_there = false;
	for (uint32_t i = 0; i < s->capacity; i++) {
		const struct target *t = &slots_of(s)[i];
		if (t->space == TARGET_SPACES)
			continue;
		host_there |= target_host8(t->host) == s->ghost_host8;
		space_there |= t->space == s->ghost_space;
		port_there |= t->space == s->ghost_space && t->port == s->ghost_port;
	}
	c->targets++;
	c->hosts += !host_there;
	c->spaces += !space_there;
	c->ports += !port_there && s->ghost_space <= TARGET_SCTP;
	c->protocols += !port_there && s->ghost_space == TARGET_PROTOCOL;
}

/* Distinct protocol numbers, which are below 256. */
static uint32_t count_protocols(const struct target_set *s)
{
	bool seen[256] = {false};
	uint32_t distinct = 0;
	for (uint32_t i = 0; i < s->capacity; i++) {
		const struct target *t = &slots_of(s)[i];
		if (t->space != TARGET_PROTOCOL)
			continue;
		distinct += !seen[t->port & 0xff];
		seen[t->port & 0xff] = true;
	}
	return distinct;
}

static uint32_t protocols_of(const struct target_set *s)
{
	if (s->form == TARGET_FORM_DENSE)
		return target_dense_count(s->at).protocols;
	return s->by_space[TARGET_PROTOCOL] > 0 ? count_protocols(s) : 0;
}

/* Several hosts and several ports: who shares what can only be seen by looking at all of them. Most hosts
 * are of the same /24 as the first one: for these a bit each will do. */
static void count_mixed(const struct target_set *s, struct target_counts *c)
{
	struct port_bits ports;
	uint64_t near[256 / 64] = {0};
	uint32_t far[TARGET_SET_EXACT], n_far = 0;
	port_bits_clear(&ports);
	for (uint32_t i = 0; i < s->capacity; i++) {
		const struct target *t = &slots_of(s)[i];
		if (t->space == TARGET_SPACES)
			continue;
		uint32_t apart = t->host ^ s->first.host;
		if (apart < 256)
			near[apart / 64] |= UINT64_C(1) << apart % 64;
		else
			far[n_far++] = t->host;
		if (t->space <= TARGET_SCTP)
			c->ports += port_bits_add(&ports, port_bits_key(t->space, t->port));
	}
	c->hosts = n_far > 0 ? count_distinct(far, n_far) : 0;
	for (unsigned i = 0; i < 256 / 64; i++)
		c->hosts += (uint32_t)__builtin_popcountll(near[i]);
	c->protocols = protocols_of(s);
}

struct target_counts target_set_count(const struct target_set *s)
{
	struct target_counts c = {.targets = s->count};
	if (s->form == TARGET_FORM_SKETCH)
		return count_sketch(&s->sums);
	if (s->form == TARGET_FORM_DENSE)
		return target_dense_count(s->at);
	for (int i = 0; i < TARGET_SPACES; i++)
		c.spaces += s->by_space[i] > 0;
	if (s->many_hosts && s->many_ports) {
		count_mixed(s, &c);
	} else if (s->many_hosts) {
		c.hosts = s->count;
		c.ports = s->first.space <= TARGET_SCTP;
		c.protocols = s->first.space == TARGET_PROTOCOL;
	} else if (s->count > 0) {
		c.hosts = 1;
		c.ports = s->by_space[TARGET_TCP] + s->by_space[TARGET_UDP] +
			  s->by_space[TARGET_SCTP];
		c.protocols = s->by_space[TARGET_PROTOCOL];
	}
	if (s->has_ghost)
		count_ghost(s, &c);
	return c;
}

struct range_writer {
	struct port_range *out;
	unsigned max, count;
	uint32_t last; /* proto << 16 | port of the port before */
};

/* Ports come in rising order of (protocol, port). */
static void write_port(struct range_writer *w, uint32_t key)
{
	static const enum port_set_proto protos[] = {PORT_SET_TCP, PORT_SET_UDP, PORT_SET_SCTP};
	bool follows = w->count > 0 && key == w->last + 1 && (key & 0xffff) != 0;
	if (w->count > 0 && key == w->last)
		return;
	w->last = key;
	if (!follows && w->count++ < w->max)
		w->out[w->count - 1] =
			(struct port_range){protos[key >> 16], (uint16_t)key, (uint16_t)key};
	else if (follows && w->count <= w->max)
		w->out[w->count - 1].last = (uint16_t)key;
}

static void write_dense(struct range_writer *w, const struct target_dense *d)
{
	for (unsigned space = TARGET_TCP; space <= TARGET_SCTP; space++) {
		for (uint32_t port = 0; target_dense_next_port(d, (uint8_t)space, &port); port++)
			write_port(w, (uint32_t)space << 16 | port);
	}
}

/* What is listed of an exact set, ghost included: space << 16 | port. */
struct port_keys {
	uint32_t keys[TARGET_SET_EXACT + 1];
	unsigned count;
};

static void add_key(struct port_keys *k, uint8_t space, uint16_t port)
{
	if (space <= TARGET_SCTP)
		k->keys[k->count++] = port_bits_key(space, port);
}

/* Few keys: by insertion. */
static void write_few(struct range_writer *w, struct port_keys *k)
{
	for (unsigned i = 1; i < k->count; i++) {
		uint32_t key = k->keys[i];
		unsigned at = i;
		for (; at > 0 && k->keys[at - 1] > key; at--)
			k->keys[at] = k->keys[at - 1];
		k->keys[at] = key;
	}
	for (unsigned i = 0; i < k->count; i++)
		write_port(w, k->keys[i]);
}

/* Many keys: one bit each, read in order. */
static void write_many(struct range_writer *w, const struct port_keys *k)
{
	struct port_bits b;
	port_bits_clear(&b);
	for (unsigned i = 0; i < k->count; i++)
		port_bits_add(&b, k->keys[i]);
	for (uint32_t key = 0; port_bits_next(&b, &key); key++)
		write_port(w, key);
}

/* What an exact set has to list; where all share a port, that one. */
static void gather_keys(const struct target_set *s, struct port_keys *k)
{
	k->count = 0;
	if (s->has_ghost)
		add_key(k, s->ghost_space, s->ghost_port);
	if (!s->many_ports && s->count > 0) {
		add_key(k, s->first.space, s->first.port);
		return;
	}
	for (uint32_t i = 0; i < s->capacity; i++)
		add_key(k, slots_of(s)[i].space, slots_of(s)[i].port);
}

unsigned target_set_list_ports(const struct target_set *s, struct port_range *out, unsigned max)
{
	enum {
		FEW = 16 /* where sorting by insertion costs as much as the bits */
	};
	struct range_writer w = {.out = out, .max = max};
	if (s->form == TARGET_FORM_DENSE)
		write_dense(&w, s->at);
	if (s->form != TARGET_FORM_EXACT)
		return w.count;
	struct port_keys k;
	gather_keys(s, &k);
	if (k.count <= FEW)
		write_few(&w, &k);
	else
		write_many(&w, &k);
	return w.count;
}

void target_set_shrink(struct target_set *s)
{
	struct target_sketch k;
	struct target_sketch_sums sums = target_sketch_start();
	memset(&k, 0, sizeof k);
	if (s->form == TARGET_FORM_SKETCH)
		return;
	uint32_t protocols = protocols_of(s);
	uint8_t spaces = 0;
	for (int i = 0; i < TARGET_SPACES; i++)
		spaces |= (uint8_t)((s->by_space[i] > 0) << i);
	for (uint32_t i = 0; i < s->capacity; i++) {
		if (slots_of(s)[i].space != TARGET_SPACES)
			target_sketch_add(&k, &sums, slots_of(s)[i]);
	}
	if (s->form == TARGET_FORM_DENSE) {
		spaces |= target_dense_fold(s->at, &k);
		sums = target_sketch_sum_up(&k);
	}
	target_set_clear(s);
	s->form = TARGET_FORM_SKETCH;
	s->at = memcpy(s->cell, &k, sizeof k);
	s->sums = sums;
	s->sums.spaces = spaces;
	s->sums.protocols = (uint8_t)(protocols > UINT8_MAX ? UINT8_MAX : protocols);
}
