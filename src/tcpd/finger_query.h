/* SPDX-License-Identifier: ISC */
/*
 * finger_query - "user@host" as a question of the finger protocol (RFC 1288).
 *
 * The name often comes from a rule's %u@%h, that is, from a stranger: it asks that one host and nobody else. A
 * second '@' would make the host ask a third one and is refused, as is what is not printable ASCII.
 *
 * Tests: tests/unit/tcpd/test_finger_query.c
 */
#ifndef KW_TCPD_FINGER_QUERY_H
#define KW_TCPD_FINGER_QUERY_H

#include <stdbool.h>

enum {
	FINGER_QUERY_HOST_SIZE = 256, /* a name of the DNS has at most 253 */
	FINGER_QUERY_LINE_SIZE = 140,
	FINGER_QUERY_USER_MAX = 127,
	FINGER_QUERY_PORT = 79,
};

struct finger_query {
	char host[FINGER_QUERY_HOST_SIZE]; /* a name or an address, without the brackets of [v6] */
	char line[FINGER_QUERY_LINE_SIZE]; /* what is sent: "user\r\n", "/W user\r\n", "\r\n" */
};

/* Reads "user@host" or "@host" (who is logged in?). `whole`: as finger -l asks. False, with the reason in `why`. */
bool finger_query_read(const char *target, bool whole, struct finger_query *out, const char **why);

#endif
