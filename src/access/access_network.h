/* SPDX-License-Identifier: ISC */
/*
 * access_network - addresses and networks as the original reads them: net/mask, [v6]/len, [v6].
 *
 * IPv4 goes through its dot_quad_addr(): four fields, each decimal, octal (0...) or hexadecimal (0x...), and
 * 255.255.255.255 is no address. IPv6 goes through getaddrinfo() with numbers only: a zone must exist, and is then
 * not compared.
 *
 * Tests: tests/unit/access/test_access_network.c
 */
#ifndef KW_ACCESS_ACCESS_NETWORK_H
#define KW_ACCESS_ACCESS_NETWORK_H

#include "base/text_slice.h"

#include <stdbool.h>
#include <stdint.h>

enum access_network_kind {
	ACCESS_NETWORK_NONE,   /* no address: a name, "unknown" */
	ACCESS_NETWORK_V4,
	ACCESS_NETWORK_V6, /* mapped addresses, too: who wants them to be IPv4 takes off "::ffff:" (access_asker) */
};

struct access_network_address {
	enum access_network_kind kind;
	uint32_t v4;       /* in host order; of V4 */
	uint8_t bytes[16]; /* of V6 */
};

/* What a host's address text is. */
struct access_network_address access_network_read(struct text_slice text);

/* Is `address` in the network that the two sides of a '/' describe? Anything wrong with them: no. */
bool access_network_holds(
	struct text_slice net, struct text_slice mask, const struct access_network_address *address);

/* Reads "[v6]". False for anything else. */
bool access_network_read_bracketed(struct text_slice word, uint8_t bytes[16]);

/* Four fields, as above. False for 255.255.255.255. */
bool access_network_read_v4(struct text_slice text, uint32_t *out);

#endif
