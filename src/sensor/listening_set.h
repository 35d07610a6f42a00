/* SPDX-License-Identifier: ISC */
/*
 * listening_set - what this host offers at this moment: its doors, the ports its own connections
 * use, and its addresses.
 *
 * A plain value (about 110 KiB); read again every second (one read takes well under 10 ms) and
 * compared with listening_set_equal. The reader is opened once, before privileges are dropped, and
 * needs none itself. A socket that is bound to a loopback address offers nothing to the network and
 * is left out (unless loopback is watched too). A socket bound to one of several own addresses is a
 * door there and nowhere else; one bound to an interface (SO_BINDTODEVICE) counts for all of them.
 *
 * What TCP and SCTP offer is certain (LISTEN). UDP has no such state: an unconnected socket outside
 * the ephemeral range counts as offered; inside the range it may be a server (WireGuard) or a
 * client that never connects (a resolver), and counts as busy once it was there at two readings
 * (client_ports knows the others). Both are "not a dead port". Source of fact: sock_diag(7),
 * linux/inet_diag.h.
 */
#ifndef KW_SENSOR_LISTENING_SET_H
#define KW_SENSOR_LISTENING_SET_H

#include "net/door_set.h"
#include "sensor/own_addresses.h"

#include <stdbool.h>
#include <stddef.h>

struct listening_set {
	struct door_set offered; /* TCP and SCTP in LISTEN, UDP bound outside the ephemeral range */
	struct port_set busy[DOOR_FAMILIES]; /* local ports in use without being offered: TCP
				 connections from outside the ephemeral range, UDP clients */
	bool forwards[DOOR_FAMILIES];        /* packets of others, whose answers may come to us */
	uint16_t ephemeral_first, ephemeral_last; /* net.ipv4.ip_local_port_range, both inside */
	struct own_addresses own;
};

struct listening_reader;

/* Null with a message in `error`. */
struct listening_reader *listening_reader_open(bool with_loopback, char *error, size_t error_size);
/* Accepts null. */
void listening_reader_close(struct listening_reader *reader);

/* Reads the whole set anew. False with errno where the kernel did not tell: `out` is untouched and
 * the caller goes on with the set it has. */
bool listening_set_read(struct listening_reader *reader, struct listening_set *out);

bool listening_set_equal(const struct listening_set *a, const struct listening_set *b);

static inline bool listening_set_is_ephemeral(const struct listening_set *set, uint16_t port)
{
	return port >= set->ephemeral_first && port <= set->ephemeral_last;
}

#endif
