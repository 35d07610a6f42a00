/* SPDX-License-Identifier: ISC */
/*
 * port_knowledge - what listens on a port, and who knocks there and why.
 *
 * Of the ports that are knocked at most; many more have a name only (service_name). It tells of the
 * Internet at large, never of this server. Printable ASCII, `what` one sentence of at most
 * PORT_KNOWLEDGE_WHAT characters, `why` one or two of at most PORT_KNOWLEDGE_WHY.
 *
 * Source: knowledge/ports.yaml   Tests: tests/unit/knowledge/test_port_knowledge.c
 */
#ifndef KW_KNOWLEDGE_PORT_KNOWLEDGE_H
#define KW_KNOWLEDGE_PORT_KNOWLEDGE_H

#include <stdint.h>

#define PORT_KNOWLEDGE_WHAT 200
#define PORT_KNOWLEDGE_WHY 240

struct port_knowledge {
	const char *name; /* as service_name_of says it */
	const char *what; /* what listens there */
	const char *why;  /* who knocks there and why */
};

/* Null where nothing is told of the port. The texts live as long as the program. */
const struct port_knowledge *port_knowledge_of(uint8_t ip_proto, uint16_t port);

#endif
