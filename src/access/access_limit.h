/* SPDX-License-Identifier: ISC */
/*
 * access_limit - how often, and how many at once: counted in memory that several processes share.
 *
 * A pace is "count within span": that many may come at once, then one more each span / count (the generic cell rate
 * algorithm of ITU-T I.371: one number a key, no list of times). A crowd is "at most so many at a time"; who is inside is
 * a process, and a place is free again when that process is gone, so nobody has to tell of leaving.
 *
 * The memory is a shared mapping (or one's own): zero bytes are an empty table, all changes are single atomic
 * stores, so a process that is killed in the middle leaves nothing to mend. Whoever may write the
 * memory can lift every limit; who maps it must see to its owner. What lies in it is not believed: any bytes are safe.
 *
 * At its head is a random word, drawn by the first who comes, from which all hashes follow: who cannot read the memory
 * cannot choose addresses that fall into the places of somebody else.
 *
 * Full: of paces the key that would be free first gives way (at the worst somebody is let in who should wait); in
 * crowds a key looks through 1024 places, and one that finds none of them free is told so.
 *
 * Tests: tests/unit/access/test_access_limit.c
 */
#ifndef KW_ACCESS_ACCESS_LIMIT_H
#define KW_ACCESS_ACCESS_LIMIT_H

#include "net/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACCESS_LIMIT_HEAD_BYTES 64u
#define ACCESS_LIMIT_BYTES (ACCESS_LIMIT_HEAD_BYTES + (1536u << 10)) /* 64 Ki paces, 32 Ki places in crowds */

enum { ACCESS_LIMIT_CROWD_MAX = 1000 }; /* at a time, of one key */

/* Whose visits are counted together. */
struct access_limit_key {
	uint64_t value; /* never 0 */
};

/* One service, and the block of so many bits (of its own family) that the client is in; bits 0: all clients together. Holds
 * for this memory only, which may also be that of access_window: they have the same head. */
struct access_limit_key access_limit_key_of(
	void *memory, const char *service, const struct addr *client, unsigned v4_bits, unsigned v6_bits);

/* One visit more, at `now_ns` (a clock that does not jump): true if it is within `count` (at least 1) a
 * `span_ns`. A visit that is refused does not count. */
bool access_limit_pace(void *memory, struct access_limit_key key, unsigned count, uint64_t span_ns,
	uint64_t now_ns);

/* A process that stays as long as its visitor does. */
struct access_limit_visitor {
	uint32_t pid;
	uint32_t started; /* lower half of field 22 of /proc/PID/stat: pids are used again */
};

/* Asks whether it is still there. */
typedef bool access_limit_is_there(void *self, struct access_limit_visitor v);

enum access_limit_entry {
	ACCESS_LIMIT_INSIDE,
	ACCESS_LIMIT_REACHED, /* `most` are inside without it */
	ACCESS_LIMIT_FULL,    /* nowhere to count it: others, who are there, have all the places */
};

/* A place for `v`, if with it at most `most` (at most ACCESS_LIMIT_CROWD_MAX) are inside. A process that is inside already
 * is not counted twice. */
enum access_limit_entry access_limit_enter(void *memory, struct access_limit_key key, unsigned most,
	struct access_limit_visitor v, access_limit_is_there *is_there, void *self);

#endif
