/* SPDX-License-Identifier: ISC */
/*
 * Six questions to the kernel make one set: listening TCP, other TCP, UDP and listening SCTP, the
 * TCP and UDP ones for each family. A server may hold a hundred thousand established connections,
 * all of them from ports it offers; asking for those would cost more than everything else. So the
 * question for other TCP carries a little program (INET_DIAG_REQ_BYTECODE) that makes the kernel
 * pass over every socket whose local port is offered or ephemeral, and what comes back is next to
 * nothing.
 *
 * The program is a row of blocks, one a range [a, b] to be passed over, each two operations:
 *     port >= a ?     no: next block
 *     port >= b + 1 ? yes: next block, no: reject
 * The kernel wants every jump to land on an operation of the straight path, and "reject" is a jump
 * to four bytes behind the end.
 */
#include "sensor/listening_set.h"

#include "base/memory.h"
#include "base/text_buffer.h"
#include "net/ip_proto.h"
#include "sensor/diag_socket.h"
#include "sensor/forwarding.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define EPHEMERAL_PATH "/proc/sys/net/ipv4/ip_local_port_range"
#define TRIES 3 /* a dump over tables that change under it is asked again */
#define RANGES_MAX                                                                                 \
	200 /* blocks of the program: 16 bytes each, 3.2 KiB of the 8 KiB a question holds */
#define STATE(s) (1u << (s))
#define ALL_STATES 0xfffu

struct listening_reader {
	struct netlink_dump *diag;
	struct netlink_dump *route;
	struct netlink_dump
		*strict;  /* for routes; null where the kernel knows no filter for them */
	int ephemeral_fd; /* of EPHEMERAL_PATH; -1 where /proc is not there */
	bool with_loopback;
	struct listening_set next;                     /* the set under construction */
	struct port_set clients[DOOR_FAMILIES];        /* ephemeral UDP of this reading ... */
	struct port_set clients_before[DOOR_FAMILIES]; /* ... and of the one before */
};

/* One question: protocol, states, and where the answers go. */
struct question {
	struct listening_reader *reader;
	uint8_t proto;
	uint32_t states;
	enum port_set_proto part;
	bool required; /* a kernel without it cannot serve us */
};

/* In use by something of ours: over which family is known, on which address does not matter. */
static void add_used(
	struct port_set used[DOOR_FAMILIES], const struct diag_socket *s, enum port_set_proto part)
{
	port_set_add(&used[door_family_of(&s->local)], part, s->port);
	if (addr_is_none(&s->local) && !s->v6only)
		port_set_add(&used[DOOR_FAMILY_V4], part, s->port);
}

static void take_socket(void *context, const struct netlink_answer *answer)
{
	const struct question *q = context;
	struct listening_reader *reader = q->reader;
	struct listening_set *set = &reader->next;
	struct diag_socket s;
	/* ::ffff:127.0.0.1 is the mapped form, which addr uses itself: one test serves both */
	if (!diag_socket_read(answer, &s) || (addr_is_loopback(&s.local) && !reader->with_loopback))
		return;
	bool udp = q->part == PORT_SET_UDP, ephemeral = listening_set_is_ephemeral(set, s.port);
	if (s.state == TCP_LISTEN || (udp && s.state != TCP_ESTABLISHED && !ephemeral))
		door_set_add(&set->offered, &s.local, s.v6only, q->part, s.port);
	else if (!ephemeral)
		add_used(set->busy, &s, q->part);
	else if (udp)
		add_used(reader->clients, &s, q->part);
}

/* Clients that were there at the reading before, too. The others live for milliseconds, and each
 * would be a change. */
static void add_steady_clients(struct listening_reader *reader, struct listening_set *set)
{
	for (unsigned f = 0; f < DOOR_FAMILIES; f++) {
		uint64_t *now = reader->clients[f].bits[PORT_SET_UDP];
		uint64_t *before = reader->clients_before[f].bits[PORT_SET_UDP];
		for (size_t i = 0; i < 65536 / 64; i++)
			set->busy[f].bits[PORT_SET_UDP][i] |= now[i] & before[i];
		reader->clients_before[f] = reader->clients[f];
		port_set_clear(&reader->clients[f]);
	}
}

struct program {
	struct inet_diag_bc_op ops[RANGES_MAX * 4];
	size_t count;
};

static void add_block(struct program *program, uint16_t first, uint16_t last)
{
	struct inet_diag_bc_op block[4] = {
		{.code = INET_DIAG_BC_S_GE, .yes = 8, .no = 16},
		{.no = first},
		{.code = INET_DIAG_BC_S_GE, .yes = 8},
		{.no = (uint16_t)(last + 1)},
	};
	memcpy(program->ops + program->count, block, sizeof block);
	program->count += 4;
}

static void add_range(struct program *program, uint16_t first, uint16_t last)
{
	if (last == 65535)
		last--; /* `last + 1` must be a port: 65535 itself is not passed over */
	if (first <= last && program->count < RANGES_MAX * 4)
		add_block(program, first, last);
}

/* The ports that the question for other TCP passes over, those of most sockets first. */
static void write_program(struct program *program, const struct listening_set *set)
{
	uint32_t cursor = 0;
	struct port_range range;
	struct port_set offered;
	door_set_write_ports(&set->offered, &offered);
	program->count = 0;
	add_range(program, set->ephemeral_first, set->ephemeral_last);
	while (port_set_next_range(&offered, &cursor, &range) && range.proto == PORT_SET_TCP)
		add_range(program, range.first, range.last);
	for (size_t i = 2; i < program->count; i += 4)
		program->ops[i].no = (uint16_t)((program->count - i) * sizeof program->ops[0] + 4);
}

static int ask_family(struct question *q, uint8_t family, const struct program *program)
{
	struct {
		struct inet_diag_req_v2 request;
		struct rtattr attribute;
		struct inet_diag_bc_op ops[RANGES_MAX * 4];
	} body = {
		.request = {.sdiag_family = family,
			.sdiag_protocol = q->proto,
			.idiag_states = q->states},
	};
	size_t size = sizeof body.request;
	if (program && program->count > 0) {
		size_t bytes = program->count * sizeof program->ops[0];
		body.attribute.rta_type = INET_DIAG_REQ_BYTECODE;
		body.attribute.rta_len = (unsigned short)(sizeof body.attribute + bytes);
		memcpy(body.ops, program->ops, bytes);
		size += sizeof body.attribute + bytes;
	}
	return netlink_dump_ask(q->reader->diag, SOCK_DIAG_BY_FAMILY, &body, size, take_socket, q);
}

/* Answers of a dump that is asked again only add to the set: a socket that closed in between stays
 * until the next reading, which is what the next reading is for. */
static bool ask(struct question q, const struct program *program)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	for (size_t i = 0; i < sizeof families; i++) {
		int result = -1;
		for (int try = 0; try < TRIES && result < 0; try++) {
			result = ask_family(&q, families[i], program);
			if (result < 0 && errno != EINTR)
				break;
		}
		/* A host without IPv6 has no table for it: that is an empty table. */
		bool absent = errno == ENOENT || errno == EOPNOTSUPP || errno == EAFNOSUPPORT;
		bool tolerated =
			errno == EINTR || (absent && (!q.required || families[i] == AF_INET6));
		if (result < 0 && !tolerated)
			return false;
	}
	return true;
}

static void read_ephemeral(struct listening_reader *reader, struct listening_set *set)
{
	char text[64];
	unsigned first = 0, last = 0;
	ssize_t got = reader->ephemeral_fd < 0
			      ? -1
			      : pread(reader->ephemeral_fd, text, sizeof text - 1, 0);
	if (got > 0)
		text[got] = '\0';
	if (got <= 0 || sscanf(text, "%u %u", &first, &last) != 2 || first > last || last > 65535) {
		first = 32768; /* the kernel's own default, Documentation/networking/ip-sysctl */
		last = 60999;
	}
	set->ephemeral_first = (uint16_t)first;
	set->ephemeral_last = (uint16_t)last;
}

static bool read_own(struct listening_reader *reader, struct listening_set *set)
{
	for (int try = 0; try < TRIES; try++) {
		if (own_addresses_read(
			    reader->route, reader->strict, reader->with_loopback, &set->own))
			return true;
		if (errno != EINTR)
			return false;
	}
	return false;
}

bool listening_set_read(struct listening_reader *reader, struct listening_set *out)
{
	struct listening_set *set = &reader->next;
	struct program program;
	memset(set, 0, sizeof *set);
	memset(reader->clients, 0, sizeof reader->clients);
	read_ephemeral(reader, set);
	if (!ask((struct question){reader, IP_PROTO_TCP, STATE(TCP_LISTEN), PORT_SET_TCP, true},
		    NULL))
		return false;
	write_program(&program, set);
	uint32_t other = ALL_STATES & ~STATE(TCP_LISTEN) & ~STATE(TCP_CLOSE);
	if (!ask((struct question){reader, IP_PROTO_TCP, other, PORT_SET_TCP, true}, &program) ||
		!ask((struct question){reader, IP_PROTO_UDP, ALL_STATES, PORT_SET_UDP, true},
			NULL) ||
		!ask((struct question){reader, IP_PROTO_SCTP, STATE(TCP_LISTEN), PORT_SET_SCTP,
			     false},
			NULL))
		return false;
	add_steady_clients(reader, set);
	forwarding_read(reader->route, set->forwards);
	if (!read_own(reader, set))
		return false;
	*out = *set;
	return true;
}

struct listening_reader *listening_reader_open(bool with_loopback, char *error, size_t error_size)
{
	struct listening_reader *reader = memory_calloc(1, sizeof *reader);
	reader->with_loopback = with_loopback;
	reader->ephemeral_fd = open(EPHEMERAL_PATH, O_RDONLY | O_CLOEXEC);
	reader->diag = netlink_dump_open(NETLINK_SOCK_DIAG);
	reader->route = netlink_dump_open(NETLINK_ROUTE);
	reader->strict = netlink_dump_open(NETLINK_ROUTE);
	if (reader->strict && !netlink_dump_be_strict(reader->strict)) {
		netlink_dump_close(reader->strict);
		reader->strict = NULL;
	}
	struct listening_set first;
	if (reader->diag && reader->route && listening_set_read(reader, &first))
		return reader;
	struct text_buffer message = text_buffer_over(error, error_size);
	text_buffer_printf(&message,
		"the kernel does not tell which ports are open (%s); it needs CONFIG_INET_DIAG, "
		"CONFIG_INET_UDP_DIAG or their modules tcp_diag and udp_diag",
		strerror(errno));
	listening_reader_close(reader);
	return NULL;
}

void listening_reader_close(struct listening_reader *reader)
{
	if (!reader)
		return;
	netlink_dump_close(reader->diag);
	netlink_dump_close(reader->route);
	netlink_dump_close(reader->strict);
	if (reader->ephemeral_fd >= 0)
		close(reader->ephemeral_fd);
	free(reader);
}

bool listening_set_equal(const struct listening_set *a, const struct listening_set *b)
{
	return door_set_equal(&a->offered, &b->offered) &&
	       memcmp(a->busy, b->busy, sizeof a->busy) == 0 &&
	       memcmp(a->forwards, b->forwards, sizeof a->forwards) == 0 &&
	       a->ephemeral_first == b->ephemeral_first && a->ephemeral_last == b->ephemeral_last &&
	       own_addresses_equal(&a->own, &b->own);
}
