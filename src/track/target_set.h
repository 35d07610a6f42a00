/* SPDX-License-Identifier: ISC */
/*
 * target_set - the distinct (host, port, protocol) targets of one source: exact while they are few,
 * compact when they are many.
 *
 * Up to TARGET_SET_EXACT targets every one is kept, so that counts and port lists are exact. Beyond,
 * the set turns into port bitmaps (exact), up to 1024 hosts (exact), and estimates (HyperLogLog with
 * 1024 registers, Flajolet et al. 2007: standard error 3.3 %); where only one host is left,
 * or one port of up to 1024 hosts, the count stays exact all the same. Where memory is short, a set becomes
 * a sketch of 512 bytes: three estimates (targets: error 6.5 %; ports, hosts: 9.2 %) and no list of ports.
 *
 * Memory: every set has a cell of its own, which holds up to 48 targets or a sketch, so that it never
 * fails. More comes from a room that all sets of a pool share: 1 to 16 KiB while exact, up to 36 KiB
 * beyond.
 */
#ifndef KW_TRACK_TARGET_SET_H
#define KW_TRACK_TARGET_SET_H

#include "net/addr.h"
#include "net/port_set.h"
#include "track/cardinality.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TARGET_SET_CELL 512 /* bytes: 64 slots of a hash table, or a sketch */
#define TARGET_SET_EXACT 1024
#define TARGET_SET_HOSTS_EXACT 1024 /* beyond, hosts are estimated like targets */

/* What the port number of a target means. */
enum target_space {
	TARGET_TCP,
	TARGET_UDP,
	TARGET_SCTP,
	TARGET_ICMP,     /* port = type */
	TARGET_PROTOCOL, /* port = IP protocol number */
	TARGET_SPACES
};

struct target {
	uint32_t host; /* IPv4 address, or 32 bits of a hash of an IPv6 one */
	uint16_t port;
	uint8_t space; /* enum target_space */
	uint8_t state; /* bits of enum target_state, as far as known */
};

enum target_state {
	TARGET_OPENED = 1,  /* it answered, or is known to be offered: not a failure */
	TARGET_SETTLED = 2, /* and the source completed the handshake, or broke it off */
};

struct block_pool;

/* Where the sets of a pool find memory beyond their cells. */
struct target_room {
	struct block_pool *blocks;
	size_t spare; /* bytes that they must leave there */
};

enum target_form {
	TARGET_FORM_EXACT,
	TARGET_FORM_DENSE,
	TARGET_FORM_SKETCH,
};

/* Beside a sketch: the target that was counted last, and what its estimates need. */
struct target_sketch_sums {
	struct target last; /* its space is TARGET_SPACES before the first */
	uint8_t spaces;     /* bits of target_space seen */
	uint8_t protocols;  /* what was counted before it was a sketch */
	struct cardinality targets, ports, hosts;
};

struct target_set {
	void *at; /* slots (in the cell, or in the room), dense, or the sketch in the cell, as
			      `form` says; null before the first target */
	uint16_t capacity; /* slots, a power of two; 0 unless exact */
	uint16_t count;    /* distinct targets while exact */
	uint8_t form;      /* enum target_form */
	bool many_hosts,
		many_ports; /* some target has another host, another (space, port), than `first` */
	union {
		struct { /* unless a sketch */
			/* A target whose host is known by 8 bits only (what the doorkeeper kept).
			 * Counted until the same door is seen in full. */
			bool has_ghost;
			uint8_t ghost_host8, ghost_space;
			uint16_t ghost_port;
			struct target first; /* while exact: what the others are compared with */
			uint32_t by_space[TARGET_SPACES]; /* distinct targets in each space */
		};
		struct target_sketch_sums sums; /* of a sketch */
	};
	void *cell;                     /* TARGET_SET_CELL bytes; borrowed */
	const struct target_room *room; /* borrowed */
};

/* The bytes of it that are read for a target that is known. */
#define TARGET_SET_FRONT 26

struct target_counts {
	uint32_t targets, ports, hosts, spaces; /* spaces: how many different target_space values */
	uint32_t protocols;                     /* of TARGET_PROTOCOL: distinct numbers */
};

/* An empty set. The cell (TARGET_SET_CELL bytes, aligned to 8, any contents) and the room must
 * outlive it. */
void target_set_init(struct target_set *s, void *cell, const struct target_room *room);
/* Gives back what was taken from the room; the set is then empty again. */
void target_set_clear(struct target_set *s);

/* Adds the target of which only a little is known; at most one, into an exact set. */
void target_set_add_ghost(struct target_set *s, uint8_t host8, uint16_t port, uint8_t space);

/* The 8 bits by which a doorkeeper knows a host: they differ between all hosts of one IPv4 /24, so that
 * a sweep over it is told apart without error. */
static inline uint8_t target_host8(uint32_t host)
{
	return (uint8_t)(host + (((host >> 8) * UINT32_C(0x9e3779b1)) >> 24));
}

/* The host with these eight bits in the /24 of another. */
static inline uint32_t target_host_beside(uint32_t host, uint8_t host8)
{
	return (host & ~UINT32_C(0xff)) | (uint8_t)(host8 - target_host8(host & ~UINT32_C(0xff)));
}

/* Adds a target; true if it was not there. Where the room is used up the set becomes a sketch. The state of a known target is or-ed in. */
bool target_set_add(struct target_set *s, struct target t);

/* Gives a target this state too, if it is there and exact; true if it was there without it. */
bool target_set_mark(struct target_set *s, struct target t, enum target_state state);

/* Asks the processor to fetch what target_set_add will need. */
void target_set_prefetch(const struct target_set *s, struct target t);

/* A few instructions where all targets share a host or a port; else a walk of microseconds: not for
 * every packet. */
struct target_counts target_set_count(const struct target_set *s);

/* Writes the TCP, UDP and SCTP ports as sorted ranges, at most `max`; returns how many there are (which
 * may be more). A sketch has none to tell. */
unsigned target_set_list_ports(const struct target_set *s, struct port_range *out, unsigned max);

/* Turns the set into a sketch. */
void target_set_shrink(struct target_set *s);

static inline uint32_t target_host_of(const struct addr *a)
{
	if (addr_is_v4(a))
		return addr_v4(a);
	uint64_t mixed = (addr_high_word(a) ^ addr_low_word(a) * UINT64_C(0x9e3779b97f4a7c15)) *
			 UINT64_C(0xbf58476d1ce4e5b9);
	return (uint32_t)(mixed >> 32);
}

#endif
