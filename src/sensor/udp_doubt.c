/* SPDX-License-Identifier: ISC */
#include "sensor/udp_doubt.h"

#include "base/memory.h"

#include <stdlib.h>

struct held {
	struct event event;
	int64_t since_ms;
};

struct udp_doubt {
	struct client_ports *clients;
	bool no_socket; /* only ends matter */
	struct udp_doubt_counts counts;
	unsigned first, count;
	struct held held[UDP_DOUBT_HELD]; /* a ring, the oldest at `first` */
};

struct udp_doubt *udp_doubt_create(struct client_ports *clients, bool no_socket)
{
	struct udp_doubt *d = memory_calloc(1, sizeof *d);
	d->clients = clients;
	d->no_socket = no_socket;
	return d;
}

void udp_doubt_destroy(struct udp_doubt *d)
{
	free(d);
}

/* True if there is no doubt (any more). While we cannot tell, everything passes for an answer. */
static bool is_answer(const struct udp_doubt *d, const struct event *e, int64_t now_ms)
{
	return !client_ports_can_tell(d->clients, now_ms) ||
	       client_ports_used(d->clients, &e->dst, e->dst_port, now_ms);
}

static bool is_settled(struct udp_doubt *d, int64_t since_ms, int64_t now_ms)
{
	return d->no_socket || client_ports_ask(d->clients, since_ms, now_ms);
}

/* Takes the oldest out of the ring; true if it was a knock. */
static bool judge_oldest(struct udp_doubt *d, int64_t now_ms, struct event *out)
{
	const struct held *h = &d->held[d->first];
	bool answer = is_answer(d, &h->event, now_ms);
	if (answer)
		d->counts.answers++;
	else
		*out = h->event;
	d->first = (d->first + 1) % UDP_DOUBT_HELD;
	d->count--;
	return !answer;
}

bool udp_doubt_take(struct udp_doubt *d, const struct event *e, int64_t now_ms, struct event *out)
{
	bool knock = false;
	if (is_answer(d, e, now_ms)) {
		d->counts.answers++;
		return false;
	}
	if (d->count == UDP_DOUBT_HELD) {
		if (!is_settled(d, d->held[d->first].since_ms, now_ms)) {
			d->counts.crowded++;
			return false;
		}
		knock = judge_oldest(d, now_ms, out);
	}
	unsigned place = (d->first + d->count++) % UDP_DOUBT_HELD;
	d->held[place] = (struct held){*e, now_ms};
	return knock;
}

size_t udp_doubt_settle(struct udp_doubt *d, int64_t now_ms, struct event *out, size_t max)
{
	size_t written = 0;
	while (written < max && d->count > 0) {
		int64_t since_ms = d->held[d->first].since_ms;
		if (now_ms - since_ms < CLIENT_PORTS_PATIENCE_MS ||
			!is_settled(d, since_ms, now_ms))
			break;
		written += judge_oldest(d, now_ms, &out[written]);
	}
	return written;
}

struct udp_doubt_counts udp_doubt_read_counts(const struct udp_doubt *d)
{
	return d->counts;
}
