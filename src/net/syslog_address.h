/* SPDX-License-Identifier: ISC */
/*
 * syslog_address - where syslog is received: "udp:127.0.0.1:5514", "tcp:[::1]:601", "tls:0.0.0.0".
 *
 * The address is always told, as a number: nothing is bound that nobody named. Without a port it is the
 * registered one: 514 of UDP (RFC 5426), 601 of TCP (RFC 6587), 6514 of TLS (RFC 5425).
 */
#ifndef KW_NET_SYSLOG_ADDRESS_H
#define KW_NET_SYSLOG_ADDRESS_H

#include "net/addr.h"

#include <stdbool.h>
#include <stdint.h>

enum syslog_transport {
	SYSLOG_TRANSPORT_UDP,
	SYSLOG_TRANSPORT_TCP,
	SYSLOG_TRANSPORT_TLS,
	SYSLOG_TRANSPORTS
};

struct syslog_address {
	enum syslog_transport transport;
	struct addr addr; /* 0.0.0.0 or :: is every one of that family */
	uint16_t port;
};

struct syslog_address_text {
	char text[64]; /* longest: "tls:[", 39, "]:65535" */
};

/* What may stand there, for messages. */
#define SYSLOG_ADDRESS_HELP                                                                        \
	"udp:, tcp: or tls: with an address and perhaps a port, such as udp:127.0.0.1:5514 or "    \
	"tls:[::1]:6514"

bool syslog_address_parse(const char *text, size_t length, struct syslog_address *out);

/* The same form with its port. */
struct syslog_address_text syslog_address_to_text(const struct syslog_address *a);

#endif
