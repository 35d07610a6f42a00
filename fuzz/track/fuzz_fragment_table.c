/* SPDX-License-Identifier: ISC */
/*
 * Any pieces in any order: the table tells only what it may, joins only TCP headers of which both halves came, and
 * says the same when it is asked again from the beginning.
 *
 * Each piece is eight bytes: number, offset (2, in bytes), length (2), what it is, digest, time passed.
 */
#include "track/fragment_table.h"

#include "net/ip_proto.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PIECE_BYTES = 8 };
enum what {
	WHAT_MORE = 1,
	WHAT_V6 = 2,
	WHAT_TCP = 4,
	WHAT_PORTS = 8,
	WHAT_FLAGS = 16,
	WHAT_SLOW = 32
};

static struct event piece_of(const uint8_t *d, int64_t *now_us)
{
	struct event e;
	event_clear(&e);
	*now_us += d[5] & WHAT_SLOW ? d[7] * INT64_C(250000) : d[7];
	e.time.us = *now_us;
	e.src.bytes[15] = 1;
	e.dst.bytes[15] = 2;
	if (!(d[5] & WHAT_V6))
		e.src.bytes[10] = e.src.bytes[11] = e.dst.bytes[10] = e.dst.bytes[11] = 0xff;
	e.proto = d[5] & WHAT_TCP ? IP_PROTO_TCP : IP_PROTO_UDP;
	e.has = EVENT_HAS_FRAGMENT;
	e.has |= (uint16_t)(d[5] & WHAT_PORTS ? EVENT_HAS_PORTS : 0);
	e.has |= (uint16_t)(d[5] & WHAT_FLAGS ? EVENT_HAS_TCP_FLAGS : 0);
	e.fragment_id = d[0];
	e.fragment_offset = (uint16_t)(d[1] | d[2] << 8);
	e.fragment_length = (uint16_t)(d[3] | d[4] << 8);
	e.fragment_more = d[5] & WHAT_MORE;
	e.fragment_digest = d[6];
	e.tcp_flags = d[6];
	return e;
}

static uint64_t play(const uint8_t *data, size_t size)
{
	struct fragment_table *t = fragment_table_create();
	struct keyed_hash hash;
	uint64_t told = 0;
	int64_t now_us = 0;
	keyed_hash_init_seeded(&hash, 4711);
	for (; size >= PIECE_BYTES; data += PIECE_BYTES, size -= PIECE_BYTES) {
		struct event e = piece_of(data, &now_us), joined;
		event_clear(&joined);
		unsigned news = fragment_table_note(t, &hash, &e, &joined);
		assert(news < 2 * FRAGMENT_JOINED);
		assert((news & (FRAGMENT_OVERLAPS | FRAGMENT_SHREDDED)) !=
			(FRAGMENT_OVERLAPS | FRAGMENT_SHREDDED));
		if (news & FRAGMENT_JOINED) {
			assert(e.proto == IP_PROTO_TCP && (joined.has & EVENT_HAS_PORTS) &&
				(joined.has & EVENT_HAS_TCP_FLAGS));
			assert(joined.probe == event_probe_of_tcp(joined.tcp_flags));
		} else {
			assert(joined.has == 0);
		}
		told = told * 31 + news;
	}
	fragment_table_destroy(t);
	return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	assert(play(data, size) == play(data, size));
	return 0;
}
