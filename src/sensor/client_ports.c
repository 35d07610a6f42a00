/* SPDX-License-Identifier: ISC */
/*
 * A port is remembered for each family, not for each address: a client's port is chosen by the
 * kernel among thousands, and a knock on just that one may be missed. A socket that is bound by
 * choice, unconnected and open is a server's: that one is kept with its address, so that it is no
 * door elsewhere.
 */
#include "sensor/client_ports.h"

#include "base/clock_now.h"
#include "base/memory.h"
#include "net/ip_proto.h"
#include "sensor/diag_socket.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_BYTES (4 << 20) /* of the kernel's: about a second of ENDS_MOST */
#define TRIAL_MS 300           /* how long the first end of a socket is waited for */
#define ASKING_SHARE 10        /* one part of so many of the time */
#define ALL_STATES 0xfffu

struct client_ports {
	int fd; /* hears the ends */
	struct netlink_dump *diag;
	bool with_loopback;
	bool able;               /* the kernel tells of ends */
	bool joined;             /* we hear them */
	int64_t blind_until_ms;  /* words of the kernel were lost, or not listened to */
	int64_t rejoin_ms;       /* while not joined */
	int64_t asked_ms;        /* when the sockets were last asked for; 0 = never */
	int64_t ask_again_ms;    /* not before */
	int64_t second_ms;       /* of the running count of ends */
	unsigned ends;           /* in that second */
	uint32_t now_s;          /* second of the answer at hand, from 1 on */
	struct door_set servers; /* open ones that are bound by choice, as of asked_ms */
	uint32_t used_s[DOOR_FAMILIES][65536]; /* last seen; 0 = never */
};

static const int groups[] = {SKNLGRP_INET_UDP_DESTROY, SKNLGRP_INET6_UDP_DESTROY};

static uint32_t second_of(int64_t now_ms)
{
	return (uint32_t)(now_ms / 1000) + 1;
}

static bool change_membership(struct client_ports *c, int option)
{
	for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
		if (setsockopt(c->fd, SOL_NETLINK, option, &groups[i], sizeof groups[i]) < 0)
			return false;
	}
	c->joined = option == NETLINK_ADD_MEMBERSHIP;
	return true;
}

static void note(struct client_ports *c, const struct diag_socket *s)
{
	c->used_s[door_family_of(&s->local)][s->port] = c->now_s;
	if (addr_is_none(&s->local) && !s->v6only)
		c->used_s[DOOR_FAMILY_V4][s->port] = c->now_s;
}

static bool concerns_us(const struct client_ports *c, const struct diag_socket *s)
{
	return c->with_loopback || !addr_is_loopback(&s->local);
}

/* --- ends --- */

static void take_end(struct client_ports *c, const uint8_t *bytes, size_t size)
{
	struct nlmsghdr header;
	struct diag_socket s;
	if (size < sizeof header)
		return;
	memcpy(&header, bytes, sizeof header);
	if (header.nlmsg_len < sizeof header || header.nlmsg_len > size)
		return;
	struct netlink_answer answer = {
		header.nlmsg_type, bytes + sizeof header, header.nlmsg_len - sizeof header};
	c->ends++;
	if (diag_socket_read(&answer, &s) && concerns_us(c, &s))
		note(c, &s);
}

/* The next end, false if there is none. */
static bool hear_one(struct client_ports *c, int64_t now_ms)
{
	uint8_t bytes[1024];
	struct sockaddr_nl sender = {0};
	socklen_t sender_size = sizeof sender;
	ssize_t got = recvfrom(
		c->fd, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&sender, &sender_size);
	if (got < 0 && errno == ENOBUFS)
		c->blind_until_ms = now_ms + CLIENT_PORTS_MEMORY_S * 1000;
	else if (got < 0)
		return errno == EINTR;
	else if (sender.nl_pid == 0)
		take_end(c, bytes, (size_t)got);
	return true;
}

/* Listening has its price in the kernel, too: a few microseconds for each end. */
static void leave_if_too_many(struct client_ports *c, int64_t now_ms)
{
	if (now_ms - c->second_ms >= 1000) {
		c->second_ms = now_ms;
		c->ends = 0;
	}
	if (c->ends <= CLIENT_PORTS_ENDS_MOST)
		return;
	(void)change_membership(c, NETLINK_DROP_MEMBERSHIP);
	c->joined = false;
	c->rejoin_ms = now_ms + CLIENT_PORTS_REST_S * 1000;
}

void client_ports_hear(struct client_ports *c, int64_t now_ms)
{
	if (!c->able)
		return;
	if (!c->joined) {
		if (now_ms < c->rejoin_ms || !change_membership(c, NETLINK_ADD_MEMBERSHIP))
			return;
		c->blind_until_ms = now_ms + CLIENT_PORTS_MEMORY_S * 1000;
	}
	c->now_s = second_of(now_ms);
	/* Bounded, so that a storm of ends cannot hold up the loop. */
	for (unsigned i = 0; i < 4 * CLIENT_PORTS_ENDS_MOST && hear_one(c, now_ms); i++)
		;
	leave_if_too_many(c, now_ms);
}

bool client_ports_can_tell(const struct client_ports *c, int64_t now_ms)
{
	return c->able && c->joined && now_ms >= c->blind_until_ms;
}

/* --- what is open --- */

static void take_open(void *context, const struct netlink_answer *answer)
{
	struct client_ports *c = context;
	struct diag_socket s;
	if (!diag_socket_read(answer, &s) || !concerns_us(c, &s))
		return;
	if (s.state == TCP_ESTABLISHED)
		note(c, &s);
	else
		door_set_add(&c->servers, &s.local, s.v6only, PORT_SET_UDP, s.port);
}

static bool ask_family(struct client_ports *c, uint8_t family)
{
	struct inet_diag_req_v2 request = {
		.sdiag_family = family, .sdiag_protocol = IP_PROTO_UDP, .idiag_states = ALL_STATES};
	if (netlink_dump_ask(
		    c->diag, SOCK_DIAG_BY_FAMILY, &request, sizeof request, take_open, c) == 0)
		return true;
	/* Tables that changed under the dump: what was closed meanwhile is told as an end. */
	return errno == EINTR || (family == AF_INET6 && errno == ENOENT);
}

bool client_ports_ask(struct client_ports *c, int64_t since_ms, int64_t now_ms)
{
	if (c->asked_ms > since_ms)
		return true;
	if (now_ms < c->ask_again_ms)
		return false;
	c->now_s = second_of(now_ms);
	door_set_clear(&c->servers);
	bool done = ask_family(c, AF_INET) && ask_family(c, AF_INET6);
	int64_t spent_ms = clock_now_monotonic_ms() - now_ms;
	c->ask_again_ms = now_ms + spent_ms * ASKING_SHARE;
	if (done)
		c->asked_ms = now_ms;
	return done && now_ms > since_ms;
}

bool client_ports_used(
	const struct client_ports *c, const struct addr *addr, uint16_t port, int64_t now_ms)
{
	uint32_t last_s = c->used_s[door_family_of(addr)][port];
	if (last_s != 0 && second_of(now_ms) - last_s <= CLIENT_PORTS_MEMORY_S)
		return true;
	return door_set_holds(&c->servers, addr, PORT_SET_UDP, port);
}

/* --- opening --- */

/* Does the kernel tell of ends? A socket of our own is closed to see. */
static bool try_it(struct client_ports *c)
{
	struct sockaddr_in self = {
		.sin_family = AF_INET, .sin_addr.s_addr = __builtin_bswap32(INADDR_LOOPBACK)};
	socklen_t size = sizeof self;
	struct pollfd ready = {.fd = c->fd, .events = POLLIN};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&self, sizeof self) == 0 &&
		     getsockname(fd, (struct sockaddr *)&self, &size) == 0;
	if (fd >= 0)
		close(fd);
	if (!bound || poll(&ready, 1, TRIAL_MS) != 1)
		return false;
	unsigned before = c->ends;
	(void)hear_one(c, 0);
	return c->ends > before;
}

struct client_ports *client_ports_open(bool with_loopback)
{
	int bytes = BUFFER_BYTES;
	struct client_ports *c = memory_calloc(1, sizeof *c);
	struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	c->with_loopback = with_loopback;
	c->diag = netlink_dump_open(NETLINK_SOCK_DIAG);
	c->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (c->fd < 0 || c->diag == NULL ||
		bind(c->fd, (struct sockaddr *)&self, sizeof self) < 0) {
		int kept = errno;
		client_ports_close(c);
		errno = kept;
		return NULL;
	}
	if (setsockopt(c->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
		(void)setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
	c->able = change_membership(c, NETLINK_ADD_MEMBERSHIP) && try_it(c);
	return c;
}

void client_ports_close(struct client_ports *c)
{
	if (c == NULL)
		return;
	netlink_dump_close(c->diag);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
}
