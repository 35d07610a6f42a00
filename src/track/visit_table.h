/* SPDX-License-Identifier: ISC */
/*
 * visit_table - which offered doors a stranger has just asked at.
 *
 * Who comes to a service leaves no other trace, for nearly everybody who does is a client. But a scan by
 * connect() begins in the same way, and of the scan that follows one wants to know which open doors it had
 * met before it was known as one. 4096 latest visits of all strangers together, 97 KiB; up to 8 of one. A
 * host with more new clients in the meantime has forgotten: then fewer doors are told than were found.
 *
 * Owner: embedded in the detector.   Tests: tests/unit/track/test_visit_table.c
 */
#ifndef KW_TRACK_VISIT_TABLE_H
#define KW_TRACK_VISIT_TABLE_H

#include <stdint.h>

enum { VISIT_BUCKETS = 512, VISIT_WAYS = 8 };

#define VISIT_SPAN_S 300 /* who first knocked elsewhere later than that had come as a client */

struct visit {
	uint64_t source;   /* keyed hash; 0 = free */
	uint32_t host;     /* of ours (target_host_of) */
	uint32_t second;   /* when */
	uint16_t port;     /* TCP */
	uint16_t src_port; /* theirs */
};

/* All zero is an empty one. */
struct visit_table {
	struct visit visits[VISIT_BUCKETS][VISIT_WAYS];
	uint8_t next[VISIT_BUCKETS]; /* the way that the next visit takes, round and round */
};

/* A visit; one to a door that is known already renews it. */
static inline void visit_table_note(struct visit_table *t, const struct visit *visit)
{
	uint64_t bucket = visit->source % VISIT_BUCKETS;
	for (unsigned i = 0; i < VISIT_WAYS; i++) {
		struct visit *v = &t->visits[bucket][i];
		if (v->source == visit->source && v->host == visit->host &&
			v->port == visit->port) {
			*v = *visit;
			return;
		}
	}
	t->visits[bucket][t->next[bucket]++ % VISIT_WAYS] = *visit;
}

static inline void visit_table_forget(
	struct visit_table *t, uint64_t source, uint32_t host, uint16_t port)
{
	for (unsigned i = 0; i < VISIT_WAYS; i++) {
		struct visit *v = &t->visits[source % VISIT_BUCKETS][i];
		if (v->source == source && v->host == host && v->port == port)
			v->source = 0;
	}
}

/* Copies the visits of a source that first knocked elsewhere in the second `first` to `out`, which has room for
 * VISIT_WAYS: those since VISIT_SPAN_S before it. Returns how many. They stay known. */
static inline unsigned visit_table_recall(
	const struct visit_table *t, uint64_t source, uint32_t first, struct visit *out)
{
	unsigned count = 0;
	for (unsigned i = 0; i < VISIT_WAYS; i++) {
		const struct visit *v = &t->visits[source % VISIT_BUCKETS][i];
		if (v->source == source && source != 0 && v->second + VISIT_SPAN_S >= first)
			out[count++] = *v;
	}
	return count;
}

#endif
