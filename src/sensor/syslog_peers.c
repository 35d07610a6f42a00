/* SPDX-License-Identifier: ISC */
#include "sensor/syslog_peers.h"

#define LINES_FULL (INT64_C(1000) * SYSLOG_PEER_LINES * SYSLOG_PEER_BURST_S)
#define BYTES_FULL ((int64_t)SYSLOG_PEER_BYTES * SYSLOG_PEER_BURST_S)

/* The place for a newcomer: a free one, or that of who may go; null if nobody may. */
static struct syslog_peer *find_place(struct syslog_peers *p)
{
	struct syslog_peer *oldest = NULL;
	for (unsigned i = 0; i < SYSLOG_PEERS_MAX; i++) {
		struct syslog_peer *peer = &p->list[i];
		if (!peer->known)
			return peer;
		if (peer->connections == 0 && (oldest == NULL || peer->heard_ms < oldest->heard_ms))
			oldest = peer;
	}
	return oldest;
}

static struct syslog_peer *find_known(struct syslog_peers *p, const struct addr *addr)
{
	struct syslog_peer *last = &p->list[p->last];
	if (last->known && addr_equal(&last->addr, addr))
		return last;
	for (unsigned i = 0; i < SYSLOG_PEERS_MAX && p->list[i].known; i++) {
		if (addr_equal(&p->list[i].addr, addr))
			return &p->list[i];
	}
	return NULL;
}

struct syslog_peer *syslog_peers_find(
	struct syslog_peers *p, const struct addr *addr, int64_t now_ms)
{
	struct syslog_peer *peer = find_known(p, addr);
	if (peer == NULL) {
		peer = find_place(p);
		if (peer == NULL)
			return NULL;
		*peer = (struct syslog_peer){.addr = *addr,
			.name = addr_to_text(addr),
			.lines_left = LINES_FULL,
			.bytes_left = BYTES_FULL,
			.measured_ms = now_ms,
			.known = true};
	}
	peer->heard_ms = now_ms;
	p->last = (unsigned)(peer - p->list);
	return peer;
}

static void fill(struct syslog_peer *peer, int64_t now_ms)
{
	const int64_t most_ms = 1000 * SYSLOG_PEER_BURST_S;
	int64_t passed_ms = now_ms - peer->measured_ms;
	if (passed_ms <= 0)
		return;
	passed_ms = passed_ms < most_ms ? passed_ms : most_ms;
	peer->measured_ms = now_ms;
	peer->lines_left += passed_ms * SYSLOG_PEER_LINES;
	peer->bytes_left += passed_ms * SYSLOG_PEER_BYTES / 1000;
	if (peer->lines_left > LINES_FULL)
		peer->lines_left = LINES_FULL;
	if (peer->bytes_left > BYTES_FULL)
		peer->bytes_left = BYTES_FULL;
}

bool syslog_peer_may_send(struct syslog_peer *peer, int64_t now_ms)
{
	const int64_t line = 1000;
	fill(peer, now_ms);
	return peer->lines_left >= line && peer->bytes_left > 0;
}

void syslog_peer_charge(struct syslog_peer *peer, size_t bytes)
{
	const int64_t line = 1000;
	peer->lines_left -= line;
	peer->bytes_left -= (int64_t)bytes;
}
