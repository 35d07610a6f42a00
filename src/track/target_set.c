/* SPDX-License-Identifier: ISC */
#include "track/target_set.h"

#include "base/memory.h"

#include <math.h>
#include <roaring/roaring.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_CAPACITY = 16,
	REGISTERS = 1024,
};

/* Many targets: who says which port on which host is no longer kept, only each side. */
struct target_dense {
	roaring_bitmap_t *ports[TARGET_SPACES];
	roaring_bitmap_t *hosts;
	uint8_t registers[REGISTERS]; /* HyperLogLog over whole targets */
	uint32_t fresh;               /* targets added since the last estimate */
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
}

/* True if the estimate moved, or if port or host is new: the target was surely not there. */
static bool add_dense(struct target_dense *d, struct target t)
{
	uint64_t h = hash_target(t);
	uint8_t rank = (uint8_t)(__builtin_clzll((h << 10) | 1) + 1);
	uint8_t *reg = &d->registers[h >> 54];
	bool fresh = rank > *reg;
	if (fresh)
		*reg = rank;
	fresh |= roaring_bitmap_add_checked(d->ports[t.space], t.port);
	if (roaring_bitmap_get_cardinality(d->hosts) < TARGET_SET_HOSTS_MAX)
		fresh |= roaring_bitmap_add_checked(d->hosts, t.host);
	return fresh;
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
}

void target_set_add_ghost(struct target_set *s, uint8_t host6, uint16_t port, uint8_t space)
{
	s->has_ghost = true;
	s->ghost_host6 = host6;
	s->ghost_port = port;
	s->ghost_space = space;
}

/* The ghost's door seen in full: it was counted already, so it is no new target. */
static bool lay_ghost(struct target_set *s, struct target t)
{
	if (!s->has_ghost || t.port != s->ghost_port || t.space != s->ghost_space ||
		target_host6(t.host) != s->ghost_host6)
		return false;
	s->has_ghost = false;
	return true;
}

bool target_set_add(struct target_set *s, struct target t)
{
	bool was_ghost = lay_ghost(s, t);
	if (s->dense != NULL)
		return add_dense(s->dense, t) && !was_ghost;
	if ((s->count + 1) * 4 > s->capacity * 3)
		grow(s);
	struct target *slot = find_slot(s, t);
	if (slot->space != TARGET_SPACES) {
		slot->opened |= t.opened;
		return false;
	}
	*slot = t;
	s->count++;
	if (s->count > TARGET_SET_EXACT)
		turn_dense(s);
	return !was_ghost;
}

bool target_set_holds(const struct target_set *s, struct target t)
{
	if (s->dense != NULL)
		return roaring_bitmap_contains(s->dense->ports[t.space], t.port) &&
		       roaring_bitmap_contains(s->dense->hosts, t.host);
	return s->capacity != 0 && find_slot(s, t)->space != TARGET_SPACES;
}

bool target_set_mark_opened(struct target_set *s, struct target t)
{
	if (s->dense != NULL || s->capacity == 0)
		return false;
	struct target *slot = find_slot(s, t);
	if (slot->space == TARGET_SPACES || slot->opened)
		return false;
	slot->opened = 1;
	return true;
}

/* HyperLogLog with the small-range correction (linear counting). */
static uint32_t estimate(const struct target_dense *d)
{
	double sum = 0;
	int zeros = 0;
	for (int i = 0; i < REGISTERS; i++) {
		sum += ldexp(1, -d->registers[i]);
		zeros += d->registers[i] == 0;
	}
	double m = REGISTERS, alpha = 0.7213 / (1 + 1.079 / m), e = alpha * m * m / sum;
	if (e < 2.5 * m && zeros > 0)
		e = m * log(m / zeros);
	return (uint32_t)(e + 0.5);
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
	c.hosts = (uint32_t)roaring_bitmap_get_cardinality(d->hosts);
	if (c.hosts <= 1)
		c.targets = all;
	else if (all <= 1)
		c.targets = c.hosts;
	else
		c.targets = estimate(d);
	if (c.targets < all)
		c.targets = all;
	if (c.targets < c.hosts)
		c.targets = c.hosts;
	return c;
}

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static uint32_t count_distinct(uint64_t *values, uint32_t n)
{
	uint32_t distinct = 0;
	qsort(values, n, sizeof *values, compare_u64);
	for (uint32_t i = 0; i < n; i++)
		distinct += i == 0 || values[i] != values[i - 1];
	return distinct;
}

/* A ghost is a target of its own; its host is a new one unless one with the same 6 bits is there. */
static void count_ghost(const struct target_set *s, struct target_counts *c)
{
	bool host_there = false, port_there = false, space_there = false;
	for (uint32_t i = 0; i < s->capacity; i++) {
		const struct target *t = &s->slots[i];
		if (t->space == TARGET_SPACES)
			continue;
		host_there |= target_host6(t->host) == s->ghost_host6;
		space_there |= t->space == s->ghost_space;
		port_there |= t->space == s->ghost_space && t->port == s->ghost_port;
	}
	c->targets++;
	c->hosts += !host_there;
	c->spaces += !space_there;
	c->ports += !port_there && s->ghost_space <= TARGET_SCTP;
	c->protocols += !port_there && s->ghost_space == TARGET_PROTOCOL;
}

struct target_counts target_set_count(const struct target_set *s)
{
	struct target_counts c = {0};
	uint64_t ports[TARGET_SET_EXACT], hosts[TARGET_SET_EXACT];
	uint32_t n_ports = 0, n_hosts = 0;
	bool space_seen[TARGET_SPACES] = {false}, protocol_seen[256] = {false};
	if (s->dense != NULL)
		return count_dense(s->dense);
	for (uint32_t i = 0; i < s->capacity; i++) {
		const struct target *t = &s->slots[i];
		if (t->space == TARGET_SPACES)
			continue;
		space_seen[t->space] = true;
		hosts[n_hosts++] = t->host;
		if (t->space <= TARGET_SCTP)
			ports[n_ports++] = (uint64_t)t->space << 16 | t->port;
		if (t->space == TARGET_PROTOCOL) {
			c.protocols += !protocol_seen[t->port & 0xff];
			protocol_seen[t->port & 0xff] = true;
		}
	}
	for (int i = 0; i < TARGET_SPACES; i++)
		c.spaces += space_seen[i];
	c.targets = s->count;
	c.ports = count_distinct(ports, n_ports);
	c.hosts = count_distinct(hosts, n_hosts);
	if (s->has_ghost)
		count_ghost(s, &c);
	return c;
}

static bool add_port_to_set(uint32_t port, void *param)
{
	struct {
		struct port_set *set;
		enum port_set_proto proto;
	} *to = param;
	port_set_add(to->set, to->proto, (uint16_t)port);
	return true;
}

void target_set_collect_ports(const struct target_set *s, struct port_set *out)
{
	static const enum port_set_proto protos[] = {PORT_SET_TCP, PORT_SET_UDP, PORT_SET_SCTP};
	if (s->has_ghost && s->ghost_space <= TARGET_SCTP)
		port_set_add(out, protos[s->ghost_space], s->ghost_port);
	if (s->dense != NULL) {
		for (int i = TARGET_TCP; i <= TARGET_SCTP; i++) {
			struct {
				struct port_set *set;
				enum port_set_proto proto;
			} to = {out, protos[i]};
			roaring_iterate(s->dense->ports[i], add_port_to_set, &to);
		}
		return;
	}
	for (uint32_t i = 0; i < s->capacity; i++) {
		if (s->slots[i].space <= TARGET_SCTP)
			port_set_add(out, protos[s->slots[i].space], s->slots[i].port);
	}
}

size_t target_set_bytes(const struct target_set *s)
{
	if (s->dense == NULL)
		return s->capacity * sizeof *s->slots;
	size_t bytes = sizeof *s->dense + roaring_bitmap_size_in_bytes(s->dense->hosts);
	for (int i = 0; i < TARGET_SPACES; i++)
		bytes += roaring_bitmap_size_in_bytes(s->dense->ports[i]);
	return bytes;
}
