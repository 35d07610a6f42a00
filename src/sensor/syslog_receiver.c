/* SPDX-License-Identifier: ISC */
/*
 * One epoll descriptor stands for all: listening sockets and datagrams level-triggered, connections
 * edge-triggered, so that one which has to wait for its measure does not keep waking us. What an edge
 * said is kept in `readable` until a read denies it.
 *
 * One call takes a bounded number of messages, from datagrams first (they cannot wait) and then from the
 * connections in turn, each call beginning with another one. Each socket for datagrams has its share of that
 * number, and all connections together have one: a flood at one place, wanted or not, silences no other.
 */
#include "sensor/syslog_receiver.h"

#include "base/clock_now.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/text_buffer.h"
#include "logline/syslog_message.h"
#include "logline/wrapper_line.h"
#include "sensor/syslog_peers.h"
#include "sensor/syslog_socket.h"
#include "sensor/syslog_stream.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CALL_MESSAGES 4096 /* of one call: some 4 ms */
#define CALL_ACCEPTS 64    /* connections that one call takes or refuses */
#define CALL_WAKEUPS 64
#define GIVE_PLACE_MS                                                                              \
	1000 /* a connection so old that never said anything gives its place to a new one */
#define QUIET_PROBE_S 300 /* a sender that vanished is found out after this and nine probes more */

struct listener {
	struct syslog_address address;
	int fd;
	bool waiting;            /* something is there to be taken */
	uint32_t lost_in_kernel; /* as the socket counts, since it was opened */
};

struct syslog_receiver {
	int epoll;
	struct listener listeners[SYSLOG_LISTENERS_MAX];
	unsigned listeners_count;
	SSL_CTX *tls; /* null = no address wants it */
	struct prefix_set from;
	struct name_table *names;
	struct access_queue *decisions;
	struct syslog_counts counts;
	struct addr refused; /* who was refused first */
	bool refused_said;
	unsigned next; /* which stream is read first */
	unsigned tls_count;
	char name[512];
	struct syslog_datagrams *datagrams;
	struct syslog_peers peers;
	struct syslog_stream streams[SYSLOG_STREAMS_MAX];
};

/* One call's room and its clock. */
struct reading {
	struct syslog_receiver *receiver;
	struct event *out;
	size_t max, written;
	unsigned
		budget; /* of who is read now: messages, wanted or not, and reads that brought none */
	int64_t now_ms;
	struct wall_time now;
	int utc_offset_s;
};

static struct reading begin_reading(struct syslog_receiver *r, struct event *out, size_t max)
{
	struct timespec t;
	struct tm local = {.tm_gmtoff = 0};
	clock_gettime(CLOCK_REALTIME, &t);
	(void)localtime_r(&t.tv_sec, &local);
	return (struct reading){.receiver = r,
		.out = out,
		.max = max,
		.now_ms = clock_now_monotonic_ms(),
		.now = wall_time_from_parts(t.tv_sec, t.tv_nsec / 1000),
		.utc_offset_s = (int)local.tm_gmtoff};
}

static bool is_full(const struct reading *d)
{
	const struct access_queue *q = d->receiver->decisions;
	return d->written >= d->max || d->budget == 0 || (q != NULL && access_queue_is_full(q));
}

/* --- messages --- */

static void take_knock(struct reading *d, const struct log_line_facts *facts)
{
	struct event *e = &d->out[d->written++];
	*e = facts->event;
	e->iface = name_table_intern(d->receiver->names, facts->iface);
	e->host = name_table_intern(d->receiver->names, facts->host);
	d->receiver->counts.events++;
}

static void take_message(struct reading *d, struct syslog_peer *peer, struct text_slice bytes,
	struct wall_time arrival)
{
	struct syslog_receiver *r = d->receiver;
	struct syslog_message m;
	struct log_line_facts facts;
	r->counts.messages++;
	peer->messages++;
	syslog_peer_charge(peer, bytes.length);
	syslog_message_read(bytes, arrival, d->utc_offset_s, &m);
	switch (syslog_message_event(&m, text_slice_of(peer->name.text), &facts)) {
	case LOG_LINE_ACCESS:
		if (!wrapper_line_pass_on(&facts, r->decisions))
			break;
		r->counts.events++;
		peer->events++;
		return;
	case LOG_LINE_OTHER:
		break;
	case LOG_LINE_BROKEN:
		r->counts.broken++;
		r->counts.last_fault = facts.fault;
		return;
	case LOG_LINE_KNOCK:
		take_knock(d, &facts);
		peer->events++;
		return;
	}
	r->counts.other++;
}

static void note_refused(struct syslog_receiver *r, const struct addr *from)
{
	if (r->counts.refused_peers++ == 0)
		r->refused = *from;
}

/* --- datagrams --- */

static void take_datagram(struct reading *d, const struct syslog_datagram *g)
{
	struct syslog_receiver *r = d->receiver;
	if (!prefix_set_holds(&r->from, &g->from)) {
		note_refused(r, &g->from);
		return;
	}
	struct syslog_peer *peer = syslog_peers_find(&r->peers, &g->from, d->now_ms);
	if (peer == NULL || !syslog_peer_may_send(peer, d->now_ms)) {
		r->counts.lost_beyond_rate++;
		if (peer != NULL)
			peer->lost++;
		return;
	}
	r->counts.cut += g->cut;
	take_message(d, peer, g->bytes, g->arrival);
}

static void read_datagrams(struct reading *d, struct listener *l)
{
	struct syslog_receiver *r = d->receiver;
	while (!is_full(d)) {
		size_t room = d->max - d->written;
		unsigned wanted = room < SYSLOG_DATAGRAMS ? (unsigned)room : SYSLOG_DATAGRAMS;
		wanted = wanted < d->budget ? wanted : d->budget;
		if (r->decisions != NULL && wanted > access_queue_room(r->decisions))
			wanted = access_queue_room(r->decisions);
		uint32_t lost = l->lost_in_kernel;
		unsigned n = syslog_datagrams_receive(r->datagrams, l->fd, wanted, &lost);
		r->counts.lost_in_kernel += (uint32_t)(lost - l->lost_in_kernel);
		l->lost_in_kernel = lost;
		d->budget -= n;
		for (unsigned i = 0; i < n; i++) {
			struct syslog_datagram g = syslog_datagrams_at(r->datagrams, i);
			take_datagram(d, &g);
		}
		l->waiting = n == wanted;
		if (!l->waiting)
			return;
	}
}

/* --- connections --- */

static void close_stream(struct syslog_receiver *r, struct syslog_stream *s)
{
	if (syslog_stream_is_amid(s)) {
		r->counts.lost_unfinished++;
		s->peer->lost++;
	}
	r->tls_count -= s->tls != NULL;
	syslog_stream_close(s);
	r->counts.connections--;
}

/* A free place; else that of the oldest connection that has said nothing since it came. */
static struct syslog_stream *find_place(struct syslog_receiver *r, bool by_tls, int64_t now_ms)
{
	struct syslog_stream *free_place = NULL, *oldest = NULL;
	for (unsigned i = 0; i < SYSLOG_STREAMS_MAX; i++) {
		struct syslog_stream *s = &r->streams[i];
		if (s->state == SYSLOG_STREAM_FREE)
			free_place = s;
		else if (!s->spoke && now_ms - s->begun_ms >= GIVE_PLACE_MS &&
			 (!by_tls || s->tls != NULL) &&
			 (oldest == NULL || s->begun_ms < oldest->begun_ms))
			oldest = s;
	}
	if (free_place != NULL && (!by_tls || r->tls_count < SYSLOG_STREAMS_TLS))
		return free_place;
	if (oldest != NULL) {
		r->counts.refused_places++;
		close_stream(r, oldest);
	}
	return oldest;
}

static void set_options(int fd)
{
	const int on = 1, quiet_s = QUIET_PROBE_S;
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &quiet_s, sizeof quiet_s);
}

static bool add_stream(struct syslog_receiver *r, struct syslog_stream *s, int fd)
{
	struct epoll_event wanted = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
		.data.u32 = SYSLOG_LISTENERS_MAX + (uint32_t)(s - r->streams)};
	return epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &wanted) == 0;
}

static void admit(struct syslog_receiver *r, const struct listener *l, int fd,
	const struct addr *from, int64_t now_ms)
{
	bool by_tls = l->address.transport == SYSLOG_TRANSPORT_TLS;
	struct syslog_peer *peer = NULL;
	struct syslog_stream *s = NULL;
	if (!prefix_set_holds(&r->from, from)) {
		note_refused(r, from);
		close(fd);
		return;
	}
	peer = syslog_peers_find(&r->peers, from, now_ms);
	if (peer != NULL && peer->connections < SYSLOG_STREAMS_PEER)
		s = find_place(r, by_tls, now_ms);
	if (s == NULL || !add_stream(r, s, fd)) {
		r->counts.refused_places++;
		close(fd);
		return;
	}
	set_options(fd);
	if (!syslog_stream_open(s, fd, by_tls ? r->tls : NULL, peer, now_ms)) {
		r->counts.refused_places++;
		return;
	}
	r->tls_count += by_tls;
	r->counts.connections++;
}

static void accept_some(struct reading *d, struct listener *l)
{
	for (unsigned i = 0; i < CALL_ACCEPTS; i++) {
		struct addr from;
		int fd = syslog_socket_accept(l->fd, &from);
		if (fd < 0 && errno == ECONNABORTED)
			continue;
		if (fd < 0) {
			l->waiting = false;
			return;
		}
		admit(d->receiver, l, fd, &from, d->now_ms);
	}
}

/* True if this stream could go on if there were room. */
static bool read_stream(struct reading *d, struct syslog_stream *s)
{
	struct syslog_receiver *r = d->receiver;
	struct text_slice message;
	bool cut;
	while (s->readable || s->have > s->at || s->state == SYSLOG_STREAM_ENDED) {
		if (!syslog_peer_may_send(s->peer, d->now_ms))
			return false;
		if (is_full(d))
			return true;
		d->budget--;
		if (syslog_stream_next(s, d->now_ms, &message, &cut)) {
			r->counts.cut += cut;
			s->peer->heard_ms = d->now_ms;
			take_message(d, s->peer, message, d->now);
			continue;
		}
		if (s->state == SYSLOG_STREAM_ENDED) {
			r->counts.failed_handshakes += s->failed_handshake;
			close_stream(r, s);
			return false;
		}
		if (!s->readable)
			return false;
	}
	return false;
}

static bool read_streams(struct reading *d)
{
	struct syslog_receiver *r = d->receiver;
	bool more = false;
	unsigned first = r->next++ % SYSLOG_STREAMS_MAX;
	for (unsigned i = 0; i < SYSLOG_STREAMS_MAX && r->counts.connections > 0; i++) {
		struct syslog_stream *s = &r->streams[(first + i) % SYSLOG_STREAMS_MAX];
		if (s->state != SYSLOG_STREAM_FREE)
			more |= read_stream(d, s);
	}
	return more;
}

/* --- the receiver --- */

static void take_wakeups(struct syslog_receiver *r)
{
	struct epoll_event events[CALL_WAKEUPS];
	int n = CALL_WAKEUPS;
	/* Edges are told once each: all of them are taken now. */
	for (unsigned round = 0; n == CALL_WAKEUPS && round < SYSLOG_STREAMS_MAX / CALL_WAKEUPS + 1;
		round++) {
		n = epoll_wait(r->epoll, events, CALL_WAKEUPS, 0);
		for (int i = 0; i < n; i++) {
			uint32_t index = events[i].data.u32;
			if (index < SYSLOG_LISTENERS_MAX)
				r->listeners[index].waiting = true;
			else
				r->streams[index - SYSLOG_LISTENERS_MAX].readable = true;
		}
	}
}

size_t syslog_receiver_read(struct syslog_receiver *r, struct event *out, size_t max, bool *more)
{
	struct reading d = begin_reading(r, out, max);
	const unsigned share = CALL_MESSAGES / (r->listeners_count + 1);
	take_wakeups(r);
	for (unsigned i = 0; i < r->listeners_count; i++) {
		struct listener *l = &r->listeners[i];
		if (!l->waiting)
			continue;
		d.budget = share;
		if (l->address.transport == SYSLOG_TRANSPORT_UDP)
			read_datagrams(&d, l);
		else
			accept_some(&d, l);
		*more |= l->waiting;
	}
	d.budget = share;
	*more |= read_streams(&d);
	return d.written;
}

void syslog_receiver_look_around(struct syslog_receiver *r)
{
	int64_t now_ms = clock_now_monotonic_ms();
	for (unsigned i = 0; i < SYSLOG_STREAMS_MAX; i++) {
		struct syslog_stream *s = &r->streams[i];
		if (s->state == SYSLOG_STREAM_SHAKING &&
			now_ms - s->begun_ms > SYSLOG_HANDSHAKE_MS) {
			r->counts.failed_handshakes++;
			close_stream(r, s);
		} else if (s->state == SYSLOG_STREAM_OPEN && syslog_stream_is_amid(s) &&
			   now_ms - s->moved_ms > SYSLOG_UNFINISHED_MS) {
			r->counts.timed_out++;
			close_stream(r, s);
		}
	}
	if (r->counts.refused_peers > 0 && !r->refused_said) {
		r->refused_said = true;
		diag_warn("syslog: %s may not send to us; to take it say --syslog-from %s",
			addr_to_text(&r->refused).text, addr_to_text(&r->refused).text);
	}
}

static bool add_listener(struct syslog_receiver *r, const struct syslog_address *address,
	char *error, size_t error_size)
{
	struct listener *l = &r->listeners[r->listeners_count];
	struct epoll_event wanted = {.events = EPOLLIN, .data.u32 = r->listeners_count};
	l->address = *address;
	l->fd = syslog_socket_open(address, error, error_size);
	if (l->fd < 0)
		return false;
	r->listeners_count++;
	if (address->transport == SYSLOG_TRANSPORT_UDP && r->datagrams == NULL)
		r->datagrams = syslog_datagrams_create();
	if (epoll_ctl(r->epoll, EPOLL_CTL_ADD, l->fd, &wanted) == 0)
		return true;
	snprintf(error, error_size, "syslog: epoll: %s", strerror(errno));
	return false;
}

/* False with a message and EINVAL where the certificate is missing or does not serve. */
static bool prepare_tls(struct syslog_receiver *r, const struct syslog_receiver_options *o,
	char *error, size_t error_size)
{
	bool wanted = false;
	for (unsigned i = 0; i < o->count; i++)
		wanted |= o->addresses[i].transport == SYSLOG_TRANSPORT_TLS;
	if (!wanted)
		return true;
	if (o->tls.certificate == NULL)
		snprintf(error, error_size,
			"syslog: TLS needs a certificate; name it as syslog_certificate in the "
			"configuration");
	else
		r->tls = syslog_tls_create(&o->tls, error, error_size);
	if (r->tls == NULL)
		errno = EINVAL;
	return r->tls != NULL;
}

static void allow(struct syslog_receiver *r, const struct prefix_set *from)
{
	static const char *const this_host[] = {"127.0.0.0/8", "::1"};
	struct prefix p;
	bool host_bits;
	r->from = *from;
	for (unsigned i = 0; from->count == 0 && i < sizeof this_host / sizeof this_host[0]; i++) {
		if (prefix_parse(this_host[i], strlen(this_host[i]), &p, &host_bits))
			prefix_set_add(&r->from, &p);
	}
}

static void write_name(struct syslog_receiver *r)
{
	struct text_buffer t = text_buffer_over(r->name, sizeof r->name);
	for (unsigned i = 0; i < r->listeners_count; i++)
		text_buffer_printf(&t, "%s%s", i ? ", " : "syslog on ",
			syslog_address_to_text(&r->listeners[i].address).text);
}

struct syslog_receiver *syslog_receiver_open(
	const struct syslog_receiver_options *o, char *error, size_t error_size)
{
	struct syslog_receiver *r = memory_calloc(1, sizeof *r);
	assert(o->count <= SYSLOG_LISTENERS_MAX);
	r->names = o->names;
	r->decisions = o->decisions;
	allow(r, &o->from);
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	bool good = r->epoll >= 0 && prepare_tls(r, o, error, error_size);
	if (r->epoll < 0)
		snprintf(error, error_size, "syslog: epoll: %s", strerror(errno));
	for (unsigned i = 0; i < o->count && good; i++)
		good = add_listener(r, &o->addresses[i], error, error_size);
	write_name(r);
	if (good)
		return r;
	int kept = errno;
	syslog_receiver_close(r);
	errno = kept;
	return NULL;
}

void syslog_receiver_close(struct syslog_receiver *r)
{
	if (r == NULL)
		return;
	for (unsigned i = 0; i < SYSLOG_STREAMS_MAX; i++)
		syslog_stream_close(&r->streams[i]);
	for (unsigned i = 0; i < r->listeners_count; i++)
		close(r->listeners[i].fd);
	if (r->epoll >= 0)
		close(r->epoll);
	SSL_CTX_free(r->tls);
	syslog_datagrams_destroy(r->datagrams);
	free(r);
}

int syslog_receiver_fd(const struct syslog_receiver *r)
{
	return r->epoll;
}

const char *syslog_receiver_name(const struct syslog_receiver *r)
{
	return r->name;
}

struct syslog_counts syslog_receiver_counts(const struct syslog_receiver *r)
{
	return r->counts;
}

const struct syslog_peer *syslog_receiver_peer(const struct syslog_receiver *r, unsigned index)
{
	const struct syslog_peer *peer = index < SYSLOG_PEERS_MAX ? &r->peers.list[index] : NULL;
	return peer != NULL && peer->known ? peer : NULL;
}
