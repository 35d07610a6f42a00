/* SPDX-License-Identifier: ISC */
/*
 * burst_table - packets of different sources that carry the same numbers within a moment.
 *
 * A scanner that hides among decoys sends every probe once for each of them, microseconds apart, with
 * the same sequence number, source port and IP id (measured on nmap 7.93: TTL is random for all, the
 * real one too). A small table, 8 KiB, remembers the latest probe of each such signature.
 */
#ifndef KW_TRACK_BURST_TABLE_H
#define KW_TRACK_BURST_TABLE_H

#include "base/clock.h"
#include "net/addr.h"

#include <stdbool.h>
#include <stdint.h>

#define BURST_SPAN_US 50000 /* decoys of one probe leave within this */

enum { BURST_TABLE_SLOTS = 256 };

struct burst_table {
	struct {
		uint64_t numbers; /* hash of everything that must be equal; 0 = free */
		struct addr src;
		struct wall_time time;
	} slots[BURST_TABLE_SLOTS];
};

/*
 * Notes a probe; true if another source sent the same numbers within the span: `other` gets it.
 */
static inline bool burst_table_note(struct burst_table *t, uint64_t numbers, const struct addr *src,
	struct wall_time now, struct addr *other)
{
	__typeof__(t->slots[0]) *s = &t->slots[numbers % BURST_TABLE_SLOTS];
	bool twin = s->numbers == numbers && !addr_equal(&s->src, src) &&
		    now.us - s->time.us <= BURST_SPAN_US && now.us >= s->time.us;
	if (twin)
		*other = s->src;
	s->numbers = numbers;
	s->src = *src;
	s->time = now;
	return twin;
}

#endif
