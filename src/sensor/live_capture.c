/* SPDX-License-Identifier: ISC */
#include "sensor/live_capture.h"

#include "base/clock_now.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text_buffer.h"
#include "packet/packet_decode.h"
#include "sensor/iface_lookup.h"
#include "sensor/packet_ring.h"
#include "sensor/udp_doubt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINKTYPE_RAW 101 /* packets begin with the IP header; tcpdump.org/linktypes.html */
#define NAME_MAX_BYTES 64

struct live_capture {
	struct packet_ring *ring;
	struct capture_filter filter; /* the law in force */
	struct client_ports *clients;
	struct udp_doubt *doubt; /* null without clients */
	struct iface_lookup *ifaces;
	char name[NAME_MAX_BYTES];
	bool all;     /* every interface */
	int ifindex;  /* bound to; 0 with all, or while the interface is gone */
	bool working; /* what was last said about it */
	struct live_capture_counts counts;
};

static bool attach(struct live_capture *c, const struct live_capture_options *options,
	const struct capture_filter *filter, char *error, size_t error_size)
{
	struct bpf_program program;
	if (!capture_filter_compile(filter, &program, error, error_size))
		return false;
	struct packet_ring_options ring = {
		.bytes = options->ring_bytes,
		.promiscuous = options->promiscuous && !c->all,
		.loopback = options->loopback || strcmp(c->name, "lo") == 0,
	};
	c->ring = packet_ring_open(&ring, &program, error, error_size);
	pcap_freecode(&program);
	c->filter = *filter;
	return c->ring;
}

static void say_which_there_are(const struct live_capture *c, struct text_buffer *message)
{
	const char *near = iface_list_guess(iface_lookup_list(c->ifaces), c->name);
	text_buffer_add(message, ": no such interface; ");
	if (near != NULL) {
		text_buffer_add(message, "did you mean ");
		text_buffer_add_escaped(message, near, strlen(near));
		text_buffer_add(message, "? There are: ");
	} else {
		text_buffer_add(message, "there are: ");
	}
	iface_list_write_names(iface_lookup_list(c->ifaces), message);
}

static bool bind_first(struct live_capture *c, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	c->ifindex = c->all ? 0 : packet_ring_ifindex(c->ring, c->name);
	if (!c->all && c->ifindex == 0) {
		text_buffer_add_escaped(&message, c->name, strlen(c->name));
		say_which_there_are(c, &message);
		errno = ENODEV;
		return false;
	}
	if (packet_ring_bind(c->ring, c->ifindex) < 0) {
		text_buffer_printf(&message, "%s: cannot be watched: %s", c->name, strerror(errno));
		return false;
	}
	return true;
}

struct live_capture *live_capture_open(const struct live_capture_options *options,
	const struct capture_filter *filter, char *error, size_t error_size)
{
	struct text_buffer message = text_buffer_over(error, error_size);
	struct live_capture *c = memory_calloc(1, sizeof *c);
	const char *iface = options->iface ? options->iface : "any";
	c->all = strcmp(iface, "any") == 0;
	struct text_buffer name = text_buffer_over(c->name, sizeof c->name);
	text_buffer_add(&name, iface);
	c->clients = options->clients;
	c->doubt = c->clients ? udp_doubt_create(c->clients, false) : NULL;
	c->working = true;
	c->ifaces = iface_lookup_open(options->names);
	if (!c->ifaces) {
		text_buffer_printf(
			&message, "the kernel does not tell its interfaces: %s", strerror(errno));
		live_capture_close(c);
		return NULL;
	}
	if (!attach(c, options, filter, error, error_size) || !bind_first(c, error, error_size)) {
		int kept = errno;
		live_capture_close(c);
		errno = kept;
		return NULL;
	}
	(void)live_capture_check(c); /* says so if it is down from the start */
	return c;
}

void live_capture_close(struct live_capture *c)
{
	if (!c)
		return;
	packet_ring_close(c->ring);
	udp_doubt_destroy(c->doubt);
	iface_lookup_close(c->ifaces);
	free(c);
}

bool live_capture_set_filter(
	struct live_capture *c, const struct capture_filter *filter, char *error, size_t error_size)
{
	struct bpf_program program;
	if (!capture_filter_compile(filter, &program, error, error_size))
		return false;
	int result = packet_ring_set_filter(c->ring, &program);
	int kept = errno;
	pcap_freecode(&program);
	if (result < 0) {
		struct text_buffer message = text_buffer_over(error, error_size);
		text_buffer_printf(&message, "%s: the kernel refuses the new filter: %s", c->name,
			strerror(kept));
		return false;
	}
	c->filter = *filter;
	return true;
}

int live_capture_fd(const struct live_capture *c)
{
	return packet_ring_fd(c->ring);
}

/* A datagram that may be an answer waits; true if one from before is written in its place. */
static bool hold(struct live_capture *c, struct event *e)
{
	struct event held = *e;
	return udp_doubt_take(c->doubt, &held, clock_now_monotonic_ms(), e);
}

/* What is left is where the piece lies. */
static void forget_transport(struct event *e)
{
	const struct event whole = *e;
	event_clear(e);
	e->src = whole.src;
	e->dst = whole.dst;
	e->proto = whole.proto;
	e->ttl = whole.ttl;
	e->length = whole.length;
	e->ip_id = whole.ip_id;
	e->ip_options = whole.ip_options;
	e->marks = whole.marks;
	e->origin = whole.origin;
	e->tcp_wscale = 0xff;
	e->payload_length = whole.fragment_length;
	e->fragment_id = whole.fragment_id;
	e->fragment_digest = whole.fragment_digest;
	e->fragment_offset = whole.fragment_offset;
	e->fragment_length = whole.fragment_length;
	e->fragment_more = whole.fragment_more;
	e->has = whole.has &
		 (EVENT_HAS_LENGTH | EVENT_HAS_TTL | EVENT_HAS_IP_ID | EVENT_HAS_FRAGMENT);
	event_name_probe(e);
}

/* One frame to an event; false if it is counted elsewhere. */
static bool take_frame(
	struct live_capture *c, const struct packet_ring_frame *frame, struct event *out)
{
	const struct iface_known *iface = iface_lookup_find(c->ifaces, frame->ifindex);
	if (c->all && (iface->follower || frame->vlan != 0)) {
		c->counts.doubled++;
		return false;
	}
	if (packet_decode(LINKTYPE_RAW, frame->bytes, frame->captured, out) != PACKET_OK) {
		c->counts.broken++;
		return false;
	}
	if (!capture_filter_wants(&c->filter, out)) {
		c->counts.unwanted++;
		return false;
	}
	if (capture_filter_wants_piece_only(&c->filter, out))
		forget_transport(out);
	out->time = frame->time;
	out->iface = iface->number;
	out->marks = (uint8_t)(out->marks | EVENT_MARK_INCOMING |
			       (frame->link_group ? EVENT_MARK_LINK_GROUP : 0));
	bool doubtful = c->doubt && !frame->link_group && capture_filter_doubts(&c->filter, out);
	return !doubtful || hold(c, out);
}

size_t live_capture_read(struct live_capture *c, struct event *out, size_t max)
{
	struct packet_ring_frame frame;
	size_t written = 0;
	if (c->doubt) {
		/* The ends of sockets first: what answered them is then no doubt. */
		client_ports_hear(c->clients, clock_now_monotonic_ms());
		written = udp_doubt_settle(c->doubt, clock_now_monotonic_ms(), out, max);
	}
	while (written < max && packet_ring_next(c->ring, &frame))
		written += take_frame(c, &frame, &out[written]);
	c->counts.events += written;
	return written;
}

/* Says a change of state once. */
static bool settle(struct live_capture *c, bool working, const char *why)
{
	if (working && !c->working)
		diag_note("%s: watching again", c->name);
	else if (!working && c->working)
		diag_warn("%s: %s; waiting for it", c->name, why);
	c->working = working;
	return working;
}

bool live_capture_check(struct live_capture *c)
{
	int error = packet_ring_take_error(c->ring);
	if (c->all)
		return settle(c, error == 0 || error == ENETDOWN, strerror(error));
	int index = packet_ring_ifindex(c->ring, c->name);
	if (index == 0) {
		c->ifindex = 0;
		return settle(c, false, "the interface is gone");
	}
	/* Bound to a number, not to a name: a new interface of the old name must be bound anew,
	 * even if it was given the old number too. Binding again what never went away is harmless.
	 */
	if (error != 0)
		c->ifindex = 0;
	if (index != c->ifindex && packet_ring_bind(c->ring, index) < 0)
		return settle(c, false, strerror(errno));
	if (index != c->ifindex)
		iface_lookup_renew(c->ifaces);
	c->ifindex = index;
	return settle(c, packet_ring_is_up(c->ring, c->name), "the interface is down");
}

struct live_capture_counts live_capture_read_counts(struct live_capture *c)
{
	struct packet_ring_counts ring = packet_ring_read_counts(c->ring);
	c->counts.received = ring.received;
	c->counts.dropped = ring.dropped;
	if (c->doubt) {
		struct udp_doubt_counts doubt = udp_doubt_read_counts(c->doubt);
		c->counts.answers = doubt.answers;
		c->counts.dropped += doubt.crowded;
	}
	return c->counts;
}

const char *live_capture_name(const struct live_capture *c)
{
	return c->name;
}
