/* SPDX-License-Identifier: ISC */
/*
 * daemon_port - at which door a network daemon serves, by the name it logs under.
 *
 * A log line of a TCP wrapper names the daemon ("in.telnetd", "vsftpd", of inetd and stunnel the service) and no
 * port. The table has the daemons that link libwrap, that inetd starts behind tcpd, or that old logs tell of, at
 * the ports that IANA gives their services. Where an admin serves elsewhere the table is wrong, as every name is.
 *
 * Tests: tests/unit/net/test_daemon_port.c
 */
#ifndef KW_NET_DAEMON_PORT_H
#define KW_NET_DAEMON_PORT_H

#include "base/text_slice.h"

#include <stdbool.h>
#include <stdint.h>

struct daemon_port {
	uint8_t proto; /* IP_PROTO_TCP or IP_PROTO_UDP */
	uint16_t port;
};

/* False, with `out` untouched, for a name that is not known. Letters in any case; a leading "in." or "rpc." counts
 * for nothing. */
bool daemon_port_find(struct text_slice daemon, struct daemon_port *out);

#endif
