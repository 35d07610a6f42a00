/* SPDX-License-Identifier: ISC */
/*
 * client_ports - which UDP ports our own programs use, or used a moment ago: what comes to one of
 * them is an answer, maybe a late one, and no knock.
 *
 * A UDP socket has no state that tells a server from a client, and a resolver's lives for
 * milliseconds. So three sources are put together: the kernel's word when a socket ends (the
 * multicast groups of sock_diag), its answer to the question which ones are open, and memory: a port
 * counts as used for CLIENT_PORTS_MEMORY_S after it was last seen.
 *
 * The end of a socket is told by a worker of the kernel some milliseconds after it, so the question
 * whether a port was used is settled CLIENT_PORTS_PATIENCE_MS after the packet (udp_doubt).
 *
 * Opened before privileges are dropped; everything else works without. About 640 KiB. A host that
 * closes more than CLIENT_PORTS_ENDS_MOST sockets a second (a busy resolver) is not followed, for
 * CLIENT_PORTS_REST_S. `now_ms` is monotonic. Source of fact: sock_diag(7), linux/sock_diag.h;
 * Linux 4.3.
 */
#ifndef KW_SENSOR_CLIENT_PORTS_H
#define KW_SENSOR_CLIENT_PORTS_H

#include "net/door_set.h"

#include <stdbool.h>
#include <stdint.h>

#define CLIENT_PORTS_MEMORY_S 120
#define CLIENT_PORTS_PATIENCE_MS 120
#define CLIENT_PORTS_ENDS_MOST 4000
#define CLIENT_PORTS_REST_S 600

struct client_ports;

/* Null with errno if the kernel gives no socket for it. */
struct client_ports *client_ports_open(bool with_loopback);
/* Accepts null. */
void client_ports_close(struct client_ports *c);

/* Hears which sockets have ended since the last call. Never waits. */
void client_ports_hear(struct client_ports *c, int64_t now_ms);

/* False while it is not known which ports were used: the kernel does not tell (as found when it was
 * opened), words of it were lost less than CLIENT_PORTS_MEMORY_S ago, or there are too many. */
bool client_ports_can_tell(const struct client_ports *c, int64_t now_ms);

/* Asks which sockets are open, unless it did so after `since_ms`; at most a tenth of the time is
 * spent on asking. True if the answer is newer than `since_ms`. */
bool client_ports_ask(struct client_ports *c, int64_t since_ms, int64_t now_ms);

/* Whether a socket of ours is or was lately to be found at this address and port. */
bool client_ports_used(
	const struct client_ports *c, const struct addr *addr, uint16_t port, int64_t now_ms);

#endif
