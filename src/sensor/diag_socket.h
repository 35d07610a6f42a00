/* SPDX-License-Identifier: ISC */
/*
 * diag_socket - one socket of this host, as sock_diag tells of it in a dump or when it ends.
 *
 * Pure: bytes in, a value out. Source of fact: sock_diag(7), linux/inet_diag.h.
 */
#ifndef KW_SENSOR_DIAG_SOCKET_H
#define KW_SENSOR_DIAG_SOCKET_H

#include "net/addr.h"
#include "sensor/netlink_dump.h"

#include <stdbool.h>
#include <stdint.h>

struct diag_socket {
	struct addr local; /* 0.0.0.0 or :: = all */
	uint16_t port;     /* local; never 0 */
	uint8_t state;     /* TCP_LISTEN, ...; of UDP TCP_ESTABLISHED = connected, else TCP_CLOSE */
	bool v6only;       /* bound to :: and open over IPv6 alone; kernels before 4.3, and ends of
			      sockets, do not tell: false */
};

/* False if it tells of no socket that is bound to a port. */
bool diag_socket_read(const struct netlink_answer *answer, struct diag_socket *out);

#endif
