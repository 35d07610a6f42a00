/* SPDX-License-Identifier: ISC */
#include "access/access_network.h"

#include "access/access_number.h"
#include "net/addr.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

static unsigned digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

/* One field up to a dot or the end, at most 255. Returns what stands behind it, null if it is none. */
static const char *read_field(const char *at, const char *end, uint32_t *out)
{
	unsigned base = 10;
	if (at == end || *at < '0' || *at > '9')
		return NULL;
	if (*at == '0') {
		base = 8; /* the 0 itself is the first digit */
		if (end - at > 2 && (at[1] == 'x' || at[1] == 'X')) {
			base = 16;
			at += 2;
		}
	}
	const char *first = at;
	for (*out = 0; at < end && *at != '.'; at++) {
		unsigned digit = digit_of(*at);
		if (digit >= base)
			return NULL;
		*out = *out * base + digit;
		if (*out > 255)
			return NULL;
	}
	return at > first ? at : NULL;
}

bool access_network_read_v4(struct text_slice text, uint32_t *out)
{
	const char *at = text.start, *end = at + text.length;
	uint32_t address = 0;
	for (int i = 0; i < 4; i++) {
		uint32_t field;
		if (i > 0 && at++ == end)
			return false;
		at = read_field(at, end, &field);
		if (!at)
			return false;
		address = address << 8 | field;
	}
	if (at != end || address == INADDR_NONE)
		return false;
	*out = address;
	return true;
}

/* With a zone only the C library knows which exist. */
static bool read_v6_with_zone(const char *text, uint8_t bytes[16])
{
	struct addrinfo hints = {
		.ai_family = AF_INET6, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST};
	struct addrinfo *found;
	struct sockaddr_in6 a;
	if (getaddrinfo(text, NULL, &hints, &found) != 0)
		return false;
	memcpy(&a, found->ai_addr, sizeof a);
	memcpy(bytes, &a.sin6_addr, 16);
	freeaddrinfo(found);
	return true;
}

static bool read_v6(struct text_slice text, uint8_t bytes[16])
{
	char copy[128]; /* an address of 45, '%', a zone (the name of an interface has 15, a number any leading zeros) */
	struct addr a;
	if (text.length < 2 || text.length >= sizeof copy || !memchr(text.start, ':', text.length))
		return false;
	if (memchr(text.start, '%', text.length)) {
		memcpy(copy, text.start, text.length);
		copy[text.length] = '\0';
		return read_v6_with_zone(copy, bytes);
	}
	if (!addr_parse(text.start, text.length, &a))
		return false;
	memcpy(bytes, a.bytes, sizeof a.bytes);
	return true;
}

bool access_network_read_bracketed(struct text_slice word, uint8_t bytes[16])
{
	if (word.length < 2 || word.start[0] != '[' || word.start[word.length - 1] != ']')
		return false;
	return read_v6((struct text_slice){word.start + 1, word.length - 2}, bytes);
}

struct access_network_address access_network_read(struct text_slice text)
{
	struct access_network_address a = {.kind = ACCESS_NETWORK_NONE};
	if (access_network_read_v4(text, &a.v4))
		a.kind = ACCESS_NETWORK_V4;
	else if (read_v6(text, a.bytes))
		a.kind = ACCESS_NETWORK_V6;
	return a;
}

/* Host bits in the net are not cut off: with them, nothing is in it. */
static bool holds_v4(struct text_slice net_text, struct text_slice mask_text, uint32_t address)
{
	uint32_t net, mask;
	if (!access_network_read_v4(net_text, &net))
		return false;
	if (!access_network_read_v4(mask_text, &mask)) {
		int bits;
		access_number_read_int(mask_text, &bits);
		if (bits < 1 || bits > 32)
			return false;
		mask = UINT32_MAX << (32 - bits);
	}
	return (address & mask) == net;
}

/* Both sides are masked here. Junk instead of a length is 0: everything. */
static bool holds_v6(struct text_slice net_text, struct text_slice length_text, const uint8_t address[16])
{
	uint8_t net[16];
	int bits;
	access_number_read_int(length_text, &bits);
	if (bits < 0 || bits > 128 || !access_network_read_bracketed(net_text, net))
		return false;
	size_t whole = (size_t)bits / 8;
	unsigned rest = (unsigned)bits % 8;
	if (memcmp(net, address, whole) != 0)
		return false;
	return rest == 0 || (net[whole] ^ address[whole]) >> (8 - rest) == 0;
}

bool access_network_holds(
	struct text_slice net, struct text_slice mask, const struct access_network_address *address)
{
	switch (address->kind) {
	case ACCESS_NETWORK_NONE:
		return false;
	case ACCESS_NETWORK_V4:
		return holds_v4(net, mask, address->v4);
	case ACCESS_NETWORK_V6:
		return holds_v6(net, mask, address->bytes);
	}
	return false;
}
