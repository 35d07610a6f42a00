/* SPDX-License-Identifier: ISC */
/*
 * icmp_text - what the types of ICMP and ICMPv6 say.
 *
 * Numbers and names follow the IANA registries; types that are not assigned have no text. Printable
 * ASCII, `name` in lower case and at most ICMP_TEXT_NAME characters, `what` one sentence of at most
 * ICMP_TEXT_WHAT.
 *
 * Source: knowledge/icmp.yaml   Tests: tests/unit/knowledge/test_icmp_text.c
 */
#ifndef KW_KNOWLEDGE_ICMP_TEXT_H
#define KW_KNOWLEDGE_ICMP_TEXT_H

#include <stdint.h>

#define ICMP_TEXT_NAME 40
#define ICMP_TEXT_WHAT 240

struct icmp_text {
	const char *name; /* "echo request" */
	const char *what; /* what it is for, and whether to care */
};

/* Null for unknown types. `ip_proto` is that of ICMP or ICMPv6. Lives as long as the program. */
const struct icmp_text *icmp_text_of(uint8_t ip_proto, uint8_t type);

#endif
