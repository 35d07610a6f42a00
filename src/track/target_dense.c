/* SPDX-License-Identifier: ISC */
#include "track/target_dense.h"

#include "track/block_pool.h"

#include <string.h>

enum {
	BITS = 10, /* of an estimate: error 1.04 / sqrt(1024) = 3.3 % */
	REGISTERS = 1 << BITS,
	PORT_SPACES = TARGET_SCTP + 1,
	PAGE_PORTS = 8192,
	PAGES = 65536 / PAGE_PORTS,
	PAGE_BYTES = PAGE_PORTS / 8,
	TYPE_SPACES = TARGET_SPACES - PORT_SPACES, /* ICMP types, protocol numbers: below 256 */
	HOSTS_FIRST = 256,                         /* slots of the host table: 1 KiB */
	HOSTS_MOST = 2 * TARGET_SET_HOSTS_EXACT,
};

struct target_dense {
	uint8_t registers[REGISTERS]; /* of whole targets */
	uint8_t host_registers[REGISTERS];
	uint64_t *pages[PORT_SPACES][PAGES]; /* a bit a port; null = none of them */
	uint64_t types[TYPE_SPACES][256 / 64];
	uint32_t counts[TARGET_SPACES];            /* distinct ports of each space */
	struct cardinality targets, host_estimate; /* of the registers */
	uint32_t *hosts; /* open addressing, 0 = free; null once they are too many */
	uint32_t hosts_room, hosts_count;
	bool has_host_zero;
};

_Static_assert(sizeof(struct target_dense) <= 4096, "the header promises 4 KiB");

struct target_dense *target_dense_create(const struct target_room *room)
{
	struct target_dense *d =
		block_pool_take(room->blocks, sizeof(struct target_dense), room->spare);
	if (d == NULL)
		return NULL;
	d->targets = d->host_estimate = cardinality_start(BITS);
	d->hosts_room = HOSTS_FIRST;
	d->hosts = block_pool_take(room->blocks, HOSTS_FIRST * sizeof *d->hosts, room->spare);
	if (d->hosts != NULL)
		return d;
	block_pool_give(room->blocks, d, sizeof *d);
	return NULL;
}

static void drop_hosts(struct target_dense *d, const struct target_room *room)
{
	block_pool_give(room->blocks, d->hosts, d->hosts_room * sizeof *d->hosts);
	d->hosts = NULL;
}

void target_dense_destroy(struct target_dense *d, const struct target_room *room)
{
	for (int space = 0; space < PORT_SPACES; space++) {
		for (int page = 0; page < PAGES; page++)
			block_pool_give(room->blocks, d->pages[space][page], PAGE_BYTES);
	}
	drop_hosts(d, room);
	block_pool_give(room->blocks, d, sizeof *d);
}

static bool set_bit(uint64_t *words, unsigned bit)
{
	uint64_t mask = UINT64_C(1) << bit % 64;
	bool fresh = !(words[bit / 64] & mask);
	words[bit / 64] |= mask;
	return fresh;
}

/* The words that hold a port's bit; null without memory. */
static uint64_t *words_of(struct target_dense *d, const struct target_room *room, struct target t)
{
	if (t.space >= PORT_SPACES)
		return d->types[t.space - PORT_SPACES];
	uint64_t **page = &d->pages[t.space][t.port / PAGE_PORTS];
	if (*page == NULL)
		*page = block_pool_take(room->blocks, PAGE_BYTES, room->spare);
	return *page;
}

static enum target_dense_answer add_port(
	struct target_dense *d, const struct target_room *room, struct target t)
{
	uint64_t *words = words_of(d, room, t);
	if (words == NULL)
		return TARGET_DENSE_FULL;
	if (!set_bit(words, t.space < PORT_SPACES ? t.port % PAGE_PORTS : t.port & 0xff))
		return TARGET_DENSE_KNOWN;
	d->counts[t.space]++;
	return TARGET_DENSE_FRESH;
}

/* The slot of a host, or the free one where it belongs. */
static uint32_t *find_host(uint32_t *hosts, uint32_t slots, uint32_t host)
{
	uint32_t at = (host * UINT32_C(0x9e3779b1)) >> 16 & (slots - 1);
	while (hosts[at] != 0 && hosts[at] != host)
		at = (at + 1) & (slots - 1);
	return &hosts[at];
}

static bool grow_hosts(struct target_dense *d, const struct target_room *room)
{
	uint32_t slots = d->hosts_room * 2;
	uint32_t *bigger = block_pool_take(room->blocks, slots * sizeof *bigger, room->spare);
	if (bigger == NULL)
		return false;
	for (uint32_t i = 0; i < d->hosts_room; i++) {
		if (d->hosts[i] != 0)
			*find_host(bigger, slots, d->hosts[i]) = d->hosts[i];
	}
	drop_hosts(d, room);
	d->hosts = bigger;
	d->hosts_room = slots;
	return true;
}

static enum target_dense_answer add_host(
	struct target_dense *d, const struct target_room *room, uint32_t host)
{
	if (d->hosts == NULL)
		return TARGET_DENSE_KNOWN;
	if (host == 0) {
		bool known = d->has_host_zero;
		d->has_host_zero = true;
		d->hosts_count += !known;
		return known ? TARGET_DENSE_KNOWN : TARGET_DENSE_FRESH;
	}
	if (d->hosts_count * 4 >= d->hosts_room * 3 && d->hosts_room < HOSTS_MOST &&
		!grow_hosts(d, room))
		return TARGET_DENSE_FULL;
	uint32_t *slot = find_host(d->hosts, d->hosts_room, host);
	if (*slot == host)
		return TARGET_DENSE_KNOWN;
	*slot = host;
	if (++d->hosts_count >= TARGET_SET_HOSTS_EXACT)
		drop_hosts(d, room);
	return TARGET_DENSE_FRESH;
}

enum target_dense_answer target_dense_add(
	struct target_dense *d, const struct target_room *room, struct target t)
{
	bool moved = cardinality_count(&d->targets, d->registers, BITS, target_hash_whole(t));
	moved |= cardinality_count(&d->host_estimate, d->host_registers, BITS, target_hash_host(t));
	enum target_dense_answer port = add_port(d, room, t), host = add_host(d, room, t.host);
	if (port == TARGET_DENSE_FULL || host == TARGET_DENSE_FULL)
		return TARGET_DENSE_FULL;
	return moved || port == TARGET_DENSE_FRESH || host == TARGET_DENSE_FRESH
		       ? TARGET_DENSE_FRESH
		       : TARGET_DENSE_KNOWN;
}

struct target_counts target_dense_count(const struct target_dense *d)
{
	struct target_counts c = {.protocols = d->counts[TARGET_PROTOCOL]};
	uint32_t all = 0;
	for (int i = 0; i < TARGET_SPACES; i++) {
		all += d->counts[i];
		c.spaces += d->counts[i] > 0;
		c.ports += i <= TARGET_SCTP ? d->counts[i] : 0;
	}
	c.hosts = d->hosts_count;
	if (d->hosts == NULL)
		c.hosts = cardinality_read(d->host_estimate, BITS);
	if (c.hosts <= 1)
		c.targets = all;
	else if (all <= 1)
		c.targets = c.hosts;
	else
		c.targets = cardinality_read(d->targets, BITS);
	if (c.targets < all)
		c.targets = all;
	return c;
}

bool target_dense_next_port(const struct target_dense *d, uint8_t space, uint32_t *port)
{
	while (*port < 65536) {
		const uint64_t *page = d->pages[space][*port / PAGE_PORTS];
		if (page == NULL) {
			*port = (*port / PAGE_PORTS + 1) * PAGE_PORTS;
			continue;
		}
		uint64_t word = page[*port % PAGE_PORTS / 64] >> *port % 64;
		if (word != 0) {
			*port += (uint32_t)__builtin_ctzll(word);
			return true;
		}
		*port = (*port / 64 + 1) * 64;
	}
	return false;
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

uint8_t target_dense_fold(const struct target_dense *d, struct target_sketch *out)
{
	uint8_t spaces = 0;
	for (int i = 0; i < TARGET_SPACES; i++)
		spaces |= (uint8_t)((d->counts[i] > 0) << i);
	fold_registers(d->registers, out->targets, BITS - TARGET_SKETCH_BITS);
	fold_registers(d->host_registers, out->hosts, BITS - TARGET_SKETCH_SIDE_BITS);
	for (unsigned space = 0; space < PORT_SPACES; space++) {
		for (uint32_t port = 0; target_dense_next_port(d, (uint8_t)space, &port); port++) {
			struct target t = {.port = (uint16_t)port, .space = (uint8_t)space};
			cardinality_note(out->ports, TARGET_SKETCH_SIDE_BITS, target_hash_port(t));
		}
	}
	return spaces;
}
