/* SPDX-License-Identifier: ISC */
#include "track/fragment_table.h"

#include "base/memory.h"
#include "net/ip_proto.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { WAYS = 4, BUCKETS = FRAGMENT_DATAGRAMS / WAYS };

#define DATAGRAM_BYTES_MAX 65535
#define FLAGS_OFFSET                                                                               \
	8 /* where the piece begins that holds the flags, if the first has only the ports */

struct piece {
	uint16_t offset, length;
	uint32_t digest; /* 0 = not known */
};

/* The two halves of a TCP header. */
struct header {
	bool has_ports, has_flags, joined;
	uint16_t src_port, dst_port, window;
	uint8_t flags;
	uint32_t seq;
};

struct datagram {
	uint64_t key; /* 0 = free */
	int64_t last_us;
	uint32_t end;     /* of the data, in bytes; 0 = the last piece has not come */
	uint32_t covered; /* bytes of all pieces */
	uint16_t count;   /* pieces kept */
	bool told;        /* what is wrong with it */
	struct header header;
	struct piece pieces[FRAGMENT_PIECES];
};

struct fragment_table {
	uint64_t evictions;
	struct datagram items[BUCKETS][WAYS];
};

struct fragment_table *fragment_table_create(void)
{
	return memory_calloc(1, sizeof(struct fragment_table));
}

void fragment_table_destroy(struct fragment_table *t)
{
	free(t);
}

uint64_t fragment_table_evictions(const struct fragment_table *t)
{
	return t->evictions;
}

/* Source, destination, protocol and number make a datagram (RFC 791, 3.2); over IPv6 the protocol does not
 * (RFC 8200, 4.5), for it stands in the first piece alone. */
static uint64_t key_of(const struct keyed_hash *hash, const struct event *e)
{
	uint64_t proto = addr_is_v4(&e->src) ? e->proto : 0;
	uint64_t from = keyed_hash_pair(hash, addr_high_word(&e->src), addr_low_word(&e->src));
	uint64_t to = keyed_hash_pair(hash, addr_high_word(&e->dst) ^ from, addr_low_word(&e->dst));
	return keyed_hash_pair(hash, to, proto << 32 | e->fragment_id) | 1;
}

static bool is_stale(const struct datagram *d, const struct event *e)
{
	int64_t span = addr_is_v4(&e->src) ? FRAGMENT_SPAN_V4_US : FRAGMENT_SPAN_US;
	bool whole = d->end != 0 && d->covered >= d->end;
	return whole || e->time.us - d->last_us > span;
}

static void start(struct datagram *d, uint64_t key)
{
	memset(d, 0, offsetof(struct datagram, pieces));
	d->key = key;
}

static bool is_same(const struct piece *a, const struct piece *b)
{
	return a->offset == b->offset && a->length == b->length &&
	       (a->digest == b->digest || a->digest == 0 || b->digest == 0);
}

static bool came_before(const struct datagram *d, const struct piece *p)
{
	for (unsigned i = 0; i < d->count; i++) {
		if (is_same(&d->pieces[i], p))
			return true;
	}
	return false;
}

/* The datagram of this piece: a fresh one where it is not known, or where its number begins anew. A piece of one
 * that is whole, come again, changes nothing. */
static struct datagram *find(
	struct fragment_table *t, uint64_t key, const struct event *e, const struct piece *p)
{
	struct datagram *bucket = t->items[(key >> 32) % BUCKETS], *oldest = bucket;
	for (unsigned i = 0; i < WAYS; i++) {
		struct datagram *d = &bucket[i];
		if (d->key == key) {
			if (is_stale(d, e) && !came_before(d, p))
				start(d, key);
			return d;
		}
		if (d->key == 0 || (oldest->key != 0 && d->last_us < oldest->last_us))
			oldest = d;
	}
	t->evictions += oldest->key != 0 && !is_stale(oldest, e);
	start(oldest, key);
	return oldest;
}

static bool overlaps(const struct piece *a, const struct piece *b)
{
	return (uint32_t)a->offset < (uint32_t)b->offset + b->length &&
	       (uint32_t)b->offset < (uint32_t)a->offset + a->length;
}

static bool disagrees(const struct datagram *d, const struct piece *p, bool is_last)
{
	uint32_t end = (uint32_t)p->offset + p->length;
	if (d->end != 0 && (is_last ? end != d->end : end > d->end))
		return true;
	for (unsigned i = 0; i < d->count; i++) {
		const struct piece *old = &d->pieces[i];
		if (overlaps(old, p) || (is_last && (uint32_t)old->offset + old->length > end))
			return true;
	}
	return false;
}

/* Notes a piece; returns what it tells of the datagram. */
static unsigned add(struct datagram *d, const struct piece *p, bool is_last)
{
	uint32_t end = (uint32_t)p->offset + p->length;
	unsigned news = 0;
	if (came_before(d, p))
		return 0;
	if (disagrees(d, p, is_last))
		news = FRAGMENT_OVERLAPS;
	else if (d->count == FRAGMENT_PIECES)
		news = FRAGMENT_SHREDDED;
	if (d->count < FRAGMENT_PIECES)
		d->pieces[d->count++] = *p;
	d->covered += p->length;
	if (is_last && d->end == 0)
		d->end = end;
	if (d->told)
		news = 0;
	d->told |= news != 0;
	return news;
}

static void learn_header(struct header *h, const struct event *e)
{
	if (e->fragment_offset == 0 && (e->has & EVENT_HAS_PORTS)) {
		h->has_ports = true;
		h->src_port = e->src_port;
		h->dst_port = e->dst_port;
		h->seq = e->seq;
		h->joined |= (e->has & EVENT_HAS_TCP_FLAGS) != 0; /* it has them itself */
	} else if (e->fragment_offset == FLAGS_OFFSET && (e->has & EVENT_HAS_TCP_FLAGS)) {
		h->has_flags = true;
		h->flags = e->tcp_flags;
		h->window = e->window;
	}
}

/* Both halves on the event of the one that came last. */
static void join(const struct header *h, const struct event *e, struct event *out)
{
	*out = *e;
	out->src_port = h->src_port;
	out->dst_port = h->dst_port;
	out->seq = h->seq;
	out->tcp_flags = h->flags;
	out->window = h->window;
	out->marks |= EVENT_MARK_TINY_FRAGMENT;
	out->has |= EVENT_HAS_PORTS | EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_WINDOW;
	event_name_probe(out);
}

unsigned fragment_table_note(struct fragment_table *t, const struct keyed_hash *hash,
	const struct event *e, struct event *joined)
{
	const struct piece p = {e->fragment_offset, e->fragment_length, e->fragment_digest};
	struct datagram *d = find(t, key_of(hash, e), e, &p);
	unsigned news = add(d, &p, !e->fragment_more);
	if (e->time.us > d->last_us)
		d->last_us = e->time.us;
	if ((uint32_t)p.offset + p.length > DATAGRAM_BYTES_MAX)
		news |= FRAGMENT_TOO_LONG;
	if (e->proto == IP_PROTO_TCP && !d->header.joined) {
		learn_header(&d->header, e);
		d->header.joined |= d->header.has_ports && d->header.has_flags;
		if (d->header.has_ports && d->header.has_flags) {
			join(&d->header, e, joined);
			news |= FRAGMENT_JOINED;
		}
	}
	return news;
}
