/* SPDX-License-Identifier: ISC */
/*
 * packet_fixture - packets for the tests of this room, written as hexadecimal text.
 *
 * Source is 198.51.100.20 or 2001:db8::14, destination 203.0.113.5 or 2001:db8::5.
 */
#ifndef KW_TESTS_PACKET_FIXTURE_H
#define KW_TESTS_PACKET_FIXTURE_H

#include "packet/packet_decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PACKET_FIXTURE_MAX 1024
#define PACKET_FIXTURE_ETHERNET 1
#define PACKET_FIXTURE_RAW 101

struct packet_fixture {
	uint8_t bytes[PACKET_FIXTURE_MAX];
	size_t size;
};

static inline unsigned packet_fixture_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;
	assert_non_null(found);
	return (unsigned)(found - digits);
}

/* Appends the bytes of a text of hexadecimal digits; spaces between bytes do not count. */
static inline void packet_fixture_add(struct packet_fixture *p, const char *hex)
{
	while (*hex) {
		if (*hex == ' ') {
			hex++;
			continue;
		}
		assert_true(p->size < PACKET_FIXTURE_MAX);
		unsigned value = packet_fixture_digit(hex[0]) << 4 | packet_fixture_digit(hex[1]);
		p->bytes[p->size++] = (uint8_t)value;
		hex += 2;
	}
}

static inline struct packet_fixture packet_fixture_of(const char *hex)
{
	struct packet_fixture p = {.size = 0};
	packet_fixture_add(&p, hex);
	return p;
}

/* An IPv4 packet, id 0x1234, TTL 64, DF, around a payload. */
static inline struct packet_fixture packet_fixture_v4(uint8_t proto, const char *payload)
{
	struct packet_fixture p = packet_fixture_of("45000000 12344000 40000000 c6336414 cb007105");
	packet_fixture_add(&p, payload);
	p.bytes[2] = (uint8_t)(p.size >> 8);
	p.bytes[3] = (uint8_t)p.size;
	p.bytes[9] = proto;
	return p;
}

/* An IPv6 packet, hop limit 64, around a payload. */
static inline struct packet_fixture packet_fixture_v6(uint8_t next, const char *payload)
{
	struct packet_fixture p = packet_fixture_of("6000000000000040"
						    "20010db8000000000000000000000014"
						    "20010db8000000000000000000000005");
	packet_fixture_add(&p, payload);
	p.bytes[4] = (uint8_t)((p.size - 40) >> 8);
	p.bytes[5] = (uint8_t)(p.size - 40);
	p.bytes[6] = next;
	return p;
}

/* Decodes from memory of exactly that size, so that a sanitizer sees a read behind it. */
static inline enum packet_result packet_fixture_decode_part(
	int linktype, const struct packet_fixture *p, size_t size, struct event *e)
{
	uint8_t *exact = malloc(size + 1);
	assert_non_null(exact);
	memcpy(exact + 1, p->bytes, size);
	memset(e, 0xa5, sizeof *e);
	enum packet_result result = packet_decode(linktype, exact + 1, size, e);
	free(exact);
	return result;
}

static inline enum packet_result packet_fixture_decode(
	int linktype, const struct packet_fixture *p, struct event *e)
{
	return packet_fixture_decode_part(linktype, p, p->size, e);
}

/* 1 and a line that says what was got and wanted, or 0 if they are the same. */
static inline unsigned packet_fixture_differs(
	const char *row, const char *what, uint64_t got, uint64_t wanted)
{
	if (got == wanted)
		return 0;
	print_error("%s: %s: got %#llx, wanted %#llx\n", row, what, (unsigned long long)got,
		(unsigned long long)wanted);
	return 1;
}

#endif
