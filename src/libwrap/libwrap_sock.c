/* SPDX-License-Identifier: ISC */
/*
 * sock_*: addresses of a socket's two ends, and their texts and names.
 *
 * The ABI wants the socket addresses somewhere that outlives the call and belongs to nobody. The original had one place
 * for all requests, so that the second request of a process changed the address of the first. Here
 * there are SLOTS of them, given out in turn: what a program finds at `sin` stays as it is until so many more requests
 * came. No decision hangs on that: this library reads the copy that each request has (wrap_sin).
 */
#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_name.h"
#include "libwrap/wrap_sin.h"
#include "libwrap/wrap_unanswered.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>

enum { SLOTS = 512 }; /* 28 kB, of which only what is used is in memory */

struct slot {
	union wrap_sin client, server;
};
static struct slot slots[SLOTS];
static atomic_uint next_slot;

/* The next decision must not find the refused datagram again. */
static void take_datagram_away(int fd)
{
	char byte;
	recv(fd, &byte, sizeof byte, MSG_DONTWAIT);
}

void sock_host(struct request_info *request)
{
	struct slot *slot = &slots[atomic_fetch_add(&next_slot, 1) % SLOTS];
	struct sockaddr_storage a = {.ss_family = AF_UNSPEC};
	socklen_t size = sizeof a;
	sock_methods(request);
	if (getpeername(request->fd, (struct sockaddr *)&a, &size) < 0) {
		char byte;
		size = sizeof a;
		request->sink = take_datagram_away;
		if (recvfrom(request->fd, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT, (struct sockaddr *)&a, &size) < 0) {
			libwrap_diag_warn("can't get client address: %m");
			return;
		}
	}
	slot->client = wrap_sin_read((const struct sockaddr *)&a);
	wrap_sin_set(request->client, &slot->client);
	size = sizeof a;
	if (getsockname(request->fd, (struct sockaddr *)&a, &size) < 0) {
		libwrap_diag_warn("getsockname: %m");
		return;
	}
	slot->server = wrap_sin_read((const struct sockaddr *)&a);
	wrap_sin_set(request->server, &slot->server);
}

/* IPv4 in either form of socket address; false for what is neither family. */
static bool read_address(const union wrap_sin *from, struct addr *a)
{
	if (from->any.sa_family == AF_INET) {
		*a = addr_from_v4_bytes((const void *)&from->in.sin_addr);
		return true;
	}
	if (from->any.sa_family != AF_INET6)
		return false;
	memcpy(a->bytes, &from->in6.sin6_addr, sizeof a->bytes);
	return true;
}

/*
 * The text as the C library writes it, and the original told it: IPv4 in IPv6 keeps its "::ffff:", a link-local address
 * has its interface behind it, a Unix socket is "localhost". Rules and scripts know these forms.
 */
void sock_hostaddr(struct host_info *host)
{
	char text[WRAP_SIN_TEXT_SIZE];
	const union wrap_sin sin = wrap_sin_of(host);
	if (sin.any.sa_family == AF_UNSPEC)
		return;
	const socklen_t size = sin.any.sa_family == AF_INET ? sizeof sin.in : sizeof sin.in6;
	if (getnameinfo(&sin.any, size, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
		memcpy(host->addr, text, strlen(text) + 1);
}

void sock_hostname(struct host_info *host)
{
	struct addr a;
	const union wrap_sin sin = wrap_sin_of(host);
	if (!read_address(&sin, &a) || addr_is_none(&a) || (addr_is_v4(&a) && addr_v4(&a) == INADDR_ANY))
		return;
	struct wrap_name name;
	wrap_name_find(&wrap_name_system, &a, &name);
	if (name.result == WRAP_NAME_PARANOID)
		libwrap_diag_warn("%s", name.why);
	/* What is not known stays what it was. */
	if (name.result != WRAP_NAME_UNKNOWN)
		memcpy(host->name, name.text, strlen(name.text) + 1);
	wrap_unanswered_note(host, name.unanswered ? name.why : NULL);
}
