/* SPDX-License-Identifier: ISC */
#include "track/target_set.h"

#include "base/memory.h"
#include "track/cardinality.h"

#include <roaring/roaring.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_CAPACITY = 16,
	REGISTERS = 1024,       /* of a dense set's estimate: error 1.04 / sqrt(1024) */
	SKETCH_REGISTERS = 256, /* of a sketch's: 6.5 % */
};

#define HOST_SALT UINT64_C(0x9e3779b97f4a7c15)

/* Many targets: who says which port on which host is no longer kept, only each side. */
struct target_dense {
	roaring_bitmap_t *ports[TARGET_SPACES];
	roaring_bitmap_t *hosts; /* exact while they are few: scattered hosts are dear to keep */
	uint8_t host_registers[REGISTERS];
	uint8_t registers[REGISTERS]; /* HyperLogLog over whole targets */
	uint32_t hosts_count;         /* in `hosts` */
	uint32_t additions;           /* since the heap was last measured */
};

struct target_sketch {
	uint8_t targets[SKETCH_REGISTERS];
	uint8_t ports[SKETCH_REGISTERS / 2];
	uint8_t hosts[SKETCH_REGISTERS / 2];
	uint8_t spaces;    /* bits of target_space seen */
	uint8_t protocols; /* distinct numbers, saturates at what was counted exactly */
};

void target_set_init(struct target_set *s)
{
	memset(s, 0, sizeof *s);
}

static void destroy_dense(struct target_dense *d)
{
	if (d == NULL)
		return;
	for (int i = 0; i < TARGET_SPACES; i++)
		roaring_bitmap_free(d->ports[i]);
	roaring_bitmap_free(d->hosts);
	free(d);
}

void target_set_clear(struct target_set *s)
{
	free(s->slots);
	destroy_dense(s->dense);
	free(s->sketch);
	target_set_init(s);
}

static uint64_t hash_target(struct target t)
{
	uint64_t word = (uint64_t)t.host << 32 | (uint64_t)t.port << 8 | t.space;
	word = (word ^ (word >> 32)) * UINT64_C(0xd6e8feb86659fd93);
	word = (word ^ (word >> 32)) * UINT64_C(0xd6e8feb86659fd93);
	return word ^ (word >> 32);
}

static bool is_same(const struct target *a, struct target b)
{
	return a->host == b.host && a->port == b.port && a->space == b.space;
}

/* The slot of a target, or the free slot where it belongs. */
static struct target *find_slot(const struct target_set *s, struct target t)
{
	uint32_t at = (uint32_t)hash_target(t) & (s->capacity - 1);
	while (s->slots[at].space != TARGET_SPACES && !is_same(&s->slots[at], t))
		at = (at + 1) & (s->capacity - 1);
	return &s->slots[at];
}

static void grow(struct target_set *s)
{
	struct target_set bigger = {0};
	bigger.capacity = s->capacity ? s->capacity * 2 : FIRST_CAPACITY;
	bigger.slots = memory_calloc(bigger.capacity, sizeof *bigger.slots);
	for (uint32_t i = 0; i < bigger.capacity; i++)
		bigger.slots[i].space = TARGET_SPACES;
	for (uint32_t i = 0; i < s->capacity; i++) {
		if (s->slots[i].space != TARGET_SPACES)
			*find_slot(&bigger, s->slots[i]) = s->slots[i];
	}
	free(s->slots);
	s->slots = bigger.slots;
	s->capacity = bigger.capacity;
	s->heap_bytes = s->capacity * sizeof *s->slots;
}

/* True if the estimate moved, or if port or host is new: the target was surely not there. */
static bool add_dense(struct target_dense *d, struct target t)
{
	bool fresh = cardinality_note(d->registers, 10, hash_target(t));
	fresh |= roaring_bitmap_add_checked(d->ports[t.space], t.port);
	fresh |= cardinality_note(d->host_registers, 10, cardinality_mix(t.host + HOST_SALT));
	if (d->hosts_count < TARGET_SET_HOSTS_EXACT &&
		roaring_bitmap_add_checked(d->hosts, t.host)) {
		d->hosts_count++;
		fresh = true;
	}
	d->additions += fresh;
	return fresh;
}

/* True if an estimate moved. Late targets are missed now and then: a sketch counts, it does not
 * know. */
static bool add_sketch(struct target_sketch *k, struct target t)
{
	bool fresh = cardinality_note(k->targets, 8, hash_target(t));
	fresh |= cardinality_note(k->hosts, 7, cardinality_mix(t.host + HOST_SALT));
	if (t.space <= TARGET_SCTP)
		fresh |= cardinality_note(
			k->ports, 7, cardinality_mix((uint64_t)t.port << 8 | t.space | 1u << 30));
	k->spaces |= (uint8_t)(1u << t.space);
	return fresh;
}

static size_t measure_dense(const struct target_dense *d)
{
	size_t bytes = sizeof *d + roaring_bitmap_size_in_bytes(d->hosts);
	for (int i = 0; i < TARGET_SPACES; i++)
		bytes += roaring_bitmap_size_in_bytes(d->ports[i]);
	/* What the bitmaps allocate beside their contents. */
	return bytes + (TARGET_SPACES + 1) * (sizeof(roaring_bitmap_t) + 32);
}

static void turn_dense(struct target_set *s)
{
	struct target_dense *d = memory_calloc(1, sizeof *d);
	for (int i = 0; i < TARGET_SPACES; i++)
		d->ports[i] = roaring_bitmap_create();
	d->hosts = roaring_bitmap_create();
	for (uint32_t i = 0; i < s->capacity; i++) {
		if (s->slots[i].space != TARGET_SPACES)
			add_dense(d, s->slots[i]);
	}
	free(s->slots);
	s->slots = NULL;
	s->capacity = s->count = 0;
	s->dense = d;
	s->heap_bytes = measure_dense(d);
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
	if (!s->has_ghost || t.port != s->ghost_port || t.space != s->ghost_space ||
		target_host8(t.host) != s->ghost_host8)
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

bool target_set_add(struct target_set *s, struct target t)
{
	bool was_ghost = lay_ghost(s, t);
	if (s->sketch != NULL)
		return add_sketch(s->sketch, t) && !was_ghost;
	if (s->dense != NULL) {
		bool fresh = add_dense(s->dense, t);
		if (s->dense->additions >= 256) {
			s->dense->additions = 0;
			s->heap_bytes = measure_dense(s->dense);
		}
		return fresh && !was_ghost;
	}
	if ((s->count + 1) * 4 > s->capacity * 3)
		grow(s);
	struct target *slot = find_slot(s, t);
	if (slot->space != TARGET_SPACES) {
		slot->state |= t.state;
		return false;
	}
	*slot = t;
	note_fresh(s, t);
	if (s->count > TARGET_SET_EXACT)
		turn_dense(s);
	return !was_ghost;
}

void target_set_prefetch(const struct target_set *s, struct target t)
{
	if (s->slots != NULL) {
		__builtin_prefetch(&s->slots[(uint32_t)hash_target(t) & (s->capacity - 1)], 1);
	} else if (s->sketch != NULL) {
		__builtin_prefetch(&s->sketch->targets[hash_target(t) >> 56], 1);
		__builtin_prefetch(&s->sketch->ports[0], 1);
		__builtin_prefetch(&s->sketch->ports[64], 1);
		__builtin_prefetch(&s->sketch->hosts[0], 1);
		__builtin_prefetch(&s->sketch->hosts[64], 1);
	}
}

bool target_set_mark(struct target_set *s, struct target t, enum target_state state)
{
	if (s->capacity == 0)
		return false;
	struct target *slot = find_slot(s, t);
	if (slot->space == TARGET_SPACES || (slot->state & state))
		return false;
	slot->state |= (uint8_t)state;
	return true;
}

static struct target_counts count_sketch(const struct target_sketch *k)
{
	return (struct target_counts){.targets = cardinality_estimate(k->targets, 8),
		.ports = cardinality_estimate(k->ports, 7),
		.hosts = cardinality_estimate(k->hosts, 7),
		.spaces = (uint32_t)__builtin_popcount(k->spaces),
		.protocols = k->protocols};
}

static struct target_counts count_dense(const struct target_dense *d)
{
	struct target_counts c = {0};
	uint32_t all = 0;
	for (int i = 0; i < TARGET_SPACES; i++) {
		uint32_t n = (uint32_t)roaring_bitmap_get_cardinality(d->ports[i]);
		all += n;
		c.spaces += n > 0;
		if (i == TARGET_TCP || i == TARGET_UDP || i == TARGET_SCTP)
			c.ports += n;
		if (i == TARGET_PROTOCOL)
			c.protocols = n;
	}
	c.hosts = d->hosts_count;
	if (c.hosts >= TARGET_SET_HOSTS_EXACT)
		c.hosts = cardinality_estimate(d->host_registers, 10);
	if (c.hosts <= 1)
		c.targets = all;
	else if (all <= 1)
		c.targets = c.hosts;
	else
		c.targets = cardinality_estimate(d->registers, 10);
	if (c.targets < all)
		c.targets = all;
	return c;
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
		const struct target *t = &s->slots[i];
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
		const struct target *t = &s->slots[i];
		if (t->space != TARGET_PROTOCOL)
			continue;
		distinct += !seen[t->port & 0xff];
		seen[t->port & 0xff] = true;
	}
	return distinct;
}

/* Several hosts and several ports: who shares what can only be seen by looking at all of them. */
static void count_mixed(const struct target_set *s, struct target_counts *c)
{
	uint32_t ports[TARGET_SET_EXACT], hosts[TARGET_SET_EXACT];
	uint32_t n_ports = 0, n_hosts = 0;
	for (uint32_t i = 0; i < s->capacity; i++) {
		const struct target *t = &s->slots[i];
		if (t->space == TARGET_SPACES)
			continue;
		hosts[n_hosts++] = t->host;
		if (t->space <= TARGET_SCTP)
			ports[n_ports++] = (uint32_t)t->space << 16 | t->port;
	}
	c->ports = count_distinct(ports, n_ports);
	c->hosts = count_distinct(hosts, n_hosts);
	c->protocols = s->by_space[TARGET_PROTOCOL] > 0 ? count_protocols(s) : 0;
}

struct target_counts target_set_count(const struct target_set *s)
{
	struct target_counts c = {.targets = s->count};
	if (s->sketch != NULL)
		return count_sketch(s->sketch);
	if (s->dense != NULL)
		return count_dense(s->dense);
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
	uint8_t space;
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

static bool write_dense_port(uint32_t port, void *param)
{
	struct range_writer *w = param;
	write_port(w, (uint32_t)w->space << 16 | port);
	return true;
}

/* What is listed of an exact set, ghost included: space << 16 | port. */
struct port_keys {
	uint32_t keys[TARGET_SET_EXACT + 1];
	unsigned count;
};

static void add_key(struct port_keys *k, uint8_t space, uint16_t port)
{
	if (space <= TARGET_SCTP)
		k->keys[k->count++] = (uint32_t)space << 16 | port;
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

/* Many keys: one bit each, read in order; the same for a hundred keys and for a thousand. */
static void write_many(struct range_writer *w, const struct port_keys *k)
{
	uint64_t bits[(TARGET_SCTP + 1) * 65536 / 64] = {0};
	for (unsigned i = 0; i < k->count; i++)
		bits[k->keys[i] / 64] |= UINT64_C(1) << k->keys[i] % 64;
	for (uint32_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
		for (uint64_t left = bits[i]; left != 0; left &= left - 1)
			write_port(w, i * 64 + (uint32_t)__builtin_ctzll(left));
	}
}

unsigned target_set_list_ports(const struct target_set *s, struct port_range *out, unsigned max)
{
	enum {
		FEW = 48 /* where sorting by insertion costs as much as the bits */
	};
	struct range_writer w = {.out = out, .max = max};
	if (s->dense != NULL) {
		for (w.space = TARGET_TCP; w.space <= TARGET_SCTP; w.space++)
			roaring_iterate(s->dense->ports[w.space], write_dense_port, &w);
		return w.count;
	}
	if (s->sketch != NULL)
		return 0;
	struct port_keys k;
	k.count = 0;
	if (s->has_ghost)
		add_key(&k, s->ghost_space, s->ghost_port);
	for (uint32_t i = 0; i < s->capacity; i++)
		add_key(&k, s->slots[i].space, s->slots[i].port);
	if (k.count <= FEW)
		write_few(&w, &k);
	else
		write_many(&w, &k);
	return w.count;
}

struct sketch_filler {
	struct target_sketch *sketch;
	uint8_t space;
};

static bool add_port_to_sketch(uint32_t port, void *param)
{
	struct sketch_filler *f = param;
	if (f->space <= TARGET_SCTP)
		cardinality_note(f->sketch->ports, 7,
			cardinality_mix((uint64_t)port << 8 | f->space | 1u << 30));
	f->sketch->spaces |= (uint8_t)(1u << f->space);
	return true;
}

/* A register of a smaller estimate stands for 2^drop of a larger one. The index bits that are
 * dropped now lead the rank: where they are all zero they lengthen it, else they are the whole of
 * it. */
static void fold_registers(const uint8_t *from, uint8_t *to, unsigned drop)
{
	for (unsigned i = 0; i < REGISTERS; i++) {
		unsigned dropped = i & ((1u << drop) - 1);
		uint8_t rank = from[i];
		if (rank == 0)
			continue;
		unsigned zeros = dropped == 0 ? drop + rank
					      : (unsigned)__builtin_clz(dropped) - (32 - drop) + 1;
		if (zeros > to[i >> drop])
			to[i >> drop] = (uint8_t)zeros;
	}
}

void target_set_shrink(struct target_set *s)
{
	struct target_counts before = target_set_count(s);
	struct target_sketch *k = memory_calloc(1, sizeof *k);
	for (uint32_t i = 0; i < s->capacity; i++) {
		if (s->slots[i].space != TARGET_SPACES)
			add_sketch(k, s->slots[i]);
	}
	if (s->dense != NULL) {
		fold_registers(s->dense->registers, k->targets, 2);
		fold_registers(s->dense->host_registers, k->hosts, 3);
		for (int i = 0; i < TARGET_SPACES; i++)
			roaring_iterate(s->dense->ports[i], add_port_to_sketch,
				&(struct sketch_filler){k, (uint8_t)i});
	}
	k->protocols = (uint8_t)(before.protocols > UINT8_MAX ? UINT8_MAX : before.protocols);
	target_set_clear(s);
	s->sketch = k;
	s->heap_bytes = sizeof *k;
}

size_t target_set_sketch_bytes(void)
{
	return sizeof(struct target_sketch);
}
