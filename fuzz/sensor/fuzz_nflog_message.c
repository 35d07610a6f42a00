/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a datagram of a log group. Asserted: the walk ends, goes forward, and stays inside; the same
 * bytes tell the same; an event is one of the firewall, of the origin that it has, with a sane time.
 */
#include "sensor/nflog_message.h"

#include <stdlib.h>
#include <string.h>

static void require(bool kept)
{
	if (!kept)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct nflog_message *m, const uint8_t *data, size_t size)
{
	const struct event *e = &m->event;
	require(e->origin == EVENT_ORIGIN_NFLOG && e->probe < EVENT_PROBES);
	require((e->marks & EVENT_MARK_FIREWALL) != 0);
	require(wall_time_is_sane(e->time));
	require(e->iface == 0 && e->host == 0);
	if (m->prefix.length > 0) {
		const uint8_t *prefix = (const uint8_t *)m->prefix.start;
		require(prefix >= data && prefix + m->prefix.length <= data + size);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nflog_message m, again;
	enum nflog_result result, same;
	size_t at = 0, before = 0;
	memset(&m, 0x00, sizeof m);
	memset(&again, 0xff, sizeof again);
	while (nflog_message_next(data, size, &at, &m, &result)) {
		size_t from = before;
		require(at > before && at <= size);
		require(nflog_message_next(data, size, &from, &again, &same));
		require(from == at && same == result);
		require(m.has_sequence == again.has_sequence);
		before = at;
		if (result != NFLOG_EVENT)
			continue;
		require(memcmp(&m.event, &again.event, sizeof m.event) == 0);
		require(m.iface == again.iface);
		check(&m, data, size);
	}
	require(at >= size);
	return 0;
}
