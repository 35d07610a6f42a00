/* SPDX-License-Identifier: ISC */
/*
 * udp_doubt - datagrams of which it is not yet known whether they answer something of ours.
 *
 * Each is held for CLIENT_PORTS_PATIENCE_MS, until the kernel has had time to tell of the socket it
 * may belong to; what was an answer is then dropped, what was none comes out as a knock, in the order
 * it came. A fixed number is held; when it is full the oldest is judged early. If even that is not
 * possible (a flood, on a host where asking for the sockets takes long) the newcomer is lost and
 * counted. Where the kernel has said that no socket took them, only one that has ended can explain
 * them: nothing is asked, and nothing lost. `now_ms` is monotonic.
 */
#ifndef KW_SENSOR_UDP_DOUBT_H
#define KW_SENSOR_UDP_DOUBT_H

#include "event/event.h"
#include "sensor/client_ports.h"

#include <stddef.h>

#define UDP_DOUBT_HELD 2048 /* about 250 KiB */

struct udp_doubt_counts {
	uint64_t answers; /* dropped: they answered something of ours */
	uint64_t crowded; /* lost */
};

struct udp_doubt;

/* `clients` is borrowed. `no_socket`: the kernel has said so of all that will come. */
struct udp_doubt *udp_doubt_create(struct client_ports *clients, bool no_socket);
/* Accepts null. */
void udp_doubt_destroy(struct udp_doubt *d);

/* Takes a datagram. True if one that was held before it came out as a knock: *out. */
bool udp_doubt_take(struct udp_doubt *d, const struct event *e, int64_t now_ms, struct event *out);

/* Writes up to `max` knocks of those that were held long enough; returns how many. */
size_t udp_doubt_settle(struct udp_doubt *d, int64_t now_ms, struct event *out, size_t max);

struct udp_doubt_counts udp_doubt_read_counts(const struct udp_doubt *d);

#endif
