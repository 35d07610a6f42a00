/* SPDX-License-Identifier: ISC */
#include "sensor/syslog_ear.h"

#include "sensor/syslog_peers.h"

#include <string.h>

static void close_receiver(void *self)
{
	syslog_receiver_close(self);
}

static const char *name(const void *self)
{
	return syslog_receiver_name(self);
}

static int fd(const void *self)
{
	return syslog_receiver_fd(self);
}

static size_t read_events(void *self, struct event *out, size_t max, bool *more)
{
	return syslog_receiver_read(self, out, max, more);
}

static void look_around(void *self)
{
	syslog_receiver_look_around(self);
}

static struct ear_counts counts(void *self)
{
	struct syslog_counts c = syslog_receiver_counts(self);
	return (struct ear_counts){
		.lost = c.lost_in_kernel + c.lost_beyond_rate + c.lost_unfinished,
		.broken = c.broken};
}

static void write_sender(const struct syslog_peer *peer, struct ear_sender *out)
{
	*out = (struct ear_sender){
		.lines = peer->messages, .events = peer->events, .lost = peer->lost};
	memcpy(out->name, peer->name.text, sizeof peer->name.text);
}

/* Puts a peer among those that brought most, the first of them first. */
static unsigned insert(
	const struct syslog_peer *peer, struct ear_sender *out, unsigned n, unsigned max)
{
	unsigned at = n < max ? n : max;
	while (at > 0 && out[at - 1].lines < peer->messages)
		at--;
	if (at == max)
		return n;
	n += n < max;
	memmove(out + at + 1, out + at, (n - 1 - at) * sizeof *out);
	write_sender(peer, out + at);
	return n;
}

static unsigned senders(const void *self, struct ear_sender *out, unsigned max)
{
	const struct syslog_peer *peer;
	unsigned n = 0;
	for (unsigned i = 0; (peer = syslog_receiver_peer(self, i)) != NULL; i++)
		n = insert(peer, out, n, max);
	return n;
}

static const struct ear_ops ops = {.close = close_receiver,
	.name = name,
	.fd = fd,
	.read = read_events,
	.look_around = look_around,
	.counts = counts,
	.senders = senders};

struct ear syslog_ear_of(struct syslog_receiver *receiver)
{
	return (struct ear){.ops = &ops, .self = receiver};
}
