/* SPDX-License-Identifier: ISC */
/*
 * sock_*: addresses of a socket's two ends, and their texts and names.
 *
 * The ABI wants the socket addresses somewhere that outlives the call and belongs to nobody. The original had one place
 * for all requests, so that the second request of a process changed the address of the first. Here
 * there are SLOTS of them, given out in turn: an address stays as it is until so many more requests came.
 */
#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"
#include "libwrap/wrap_name.h"
#include "libwrap/wrap_unanswered.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <string.h>

enum { SLOTS = 512 }; /* 28 kB, of which only what is used is in memory */

union socket_address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};
struct slot {
	union socket_address client, server;
};
static struct slot slots[SLOTS];
static atomic_uint next_slot;

/* What fits, and the family of what does not. */
static struct sockaddr *keep(union socket_address *place, const struct sockaddr_storage *from)
{
	memset(place, 0, sizeof *place);
	if (from->ss_family == AF_INET || from->ss_family == AF_INET6)
		memcpy(place, from, sizeof *place);
	else
		place->any.sa_family = from->ss_family;
	return &place->any;
}

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
	request->client->sin = keep(&slot->client, &a);
	size = sizeof a;
	if (getsockname(request->fd, (struct sockaddr *)&a, &size) < 0) {
		libwrap_diag_warn("getsockname: %m");
		return;
	}
	request->server->sin = keep(&slot->server, &a);
}

/* IPv4 in either form of socket address; false for what is neither family. */
static bool read_address(const struct sockaddr *from, struct addr *a)
{
	if (!from)
		return false;
	if (from->sa_family == AF_INET) {
		*a = addr_from_v4_bytes((const void *)&((const struct sockaddr_in *)(const void *)from)->sin_addr);
		return true;
	}
	if (from->sa_family != AF_INET6)
		return false;
	memcpy(a->bytes, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, sizeof a->bytes);
	return true;
}

/*
 * The text as the C library writes it, and the original told it: IPv4 in IPv6 keeps its "::ffff:", a link-local address
 * has its interface behind it, a Unix socket is "localhost". Rules and scripts know these forms.
 */
void sock_hostaddr(struct host_info *host)
{
	char text[STRING_LENGTH];
	if (!host->sin)
		return;
	const socklen_t size = host->sin->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	if (getnameinfo(host->sin, size, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
		memcpy(host->addr, text, strlen(text) + 1);
}

void sock_hostname(struct host_info *host)
{
	struct addr a;
	if (!read_address(host->sin, &a) || addr_is_none(&a) || (addr_is_v4(&a) && addr_v4(&a) == INADDR_ANY))
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
