/* SPDX-License-Identifier: ISC */
/*
 * first_datagram - the datagram by which a service without connections is judged.
 *
 * inetd and systemd start such a service when its socket can be read, and hand it over with all that comes next. So where
 * nothing waits, nobody was judged. That happens: a datagram with a wrong checksum makes a socket readable that does not block,
 * and is thrown away when it is looked at. What waits and is judged by nobody must go, or the service is started at once again.
 *
 * Tests: tests/unit/tcpd/test_first_datagram.c, tests/system/81_tcpd.sh
 */
#ifndef KW_TCPD_FIRST_DATAGRAM_H
#define KW_TCPD_FIRST_DATAGRAM_H

#include <stdbool.h>

/* Has the socket no connection, and will it have none? */
bool first_datagram_is_due(int fd);
/* Is it there? It stays where it is. */
bool first_datagram_waits(int fd);
/* Takes it away. Does nothing where none is due. */
void first_datagram_take(int fd);

#endif
