/* SPDX-License-Identifier: ISC */
#include "net/addr.h"

#include "base/text_buffer.h"

#include <arpa/inet.h>

int addr_compare(const struct addr *a, const struct addr *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool addr_is_multicast(const struct addr *a)
{
	return addr_is_v4(a) ? a->bytes[12] >> 4 == 0xe : a->bytes[0] == 0xff;
}

bool addr_is_limited_broadcast(const struct addr *a)
{
	return addr_is_v4(a) && addr_v4(a) == UINT32_MAX;
}

bool addr_is_loopback(const struct addr *a)
{
	static const struct addr one = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
	return addr_is_v4(a) ? a->bytes[12] == 127 : addr_equal(a, &one);
}

bool addr_is_link_local(const struct addr *a)
{
	if (addr_is_v4(a))
		return a->bytes[12] == 169 && a->bytes[13] == 254;
	return a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

static void add_v4(struct text_buffer *b, const uint8_t four[4])
{
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			text_buffer_add(b, ".");
		text_buffer_add_number(b, four[i]);
	}
}

struct addr_text addr_to_text(const struct addr *a)
{
	struct addr_text out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	if (addr_is_none(a))
		text_buffer_add(&b, "-");
	else if (addr_is_v4(a))
		add_v4(&b, a->bytes + 12);
	else
		inet_ntop(AF_INET6, a->bytes, out.text, sizeof out.text);
	return out;
}

/* Dotted quad by hand: this runs twice for every firewall log line. */
static bool parse_v4(const char *text, size_t length, uint32_t *out)
{
	const char *p = text, *limit = text + length;
	uint32_t value = 0;
	for (int part = 0; part < 4; part++) {
		uint32_t octet = 0;
		const char *start = p;
		while (p < limit && *p >= '0' && *p <= '9' && p - start < 3)
			octet = octet * 10 + (uint32_t)(*p++ - '0');
		if (p == start || octet > 255 || (*start == '0' && p - start > 1))
			return false;
		value = value << 8 | octet;
		if (part < 3 && (p >= limit || *p++ != '.'))
			return false;
	}
	*out = value;
	return p == limit;
}

bool addr_parse(const char *text, size_t length, struct addr *out)
{
	uint32_t v4;
	if (parse_v4(text, length, &v4)) {
		*out = addr_from_v4(v4);
		return true;
	}
	char copy[INET6_ADDRSTRLEN];
	struct addr parsed;
	if (length == 0 || length >= sizeof copy || memchr(text, ':', length) == NULL ||
		memchr(text, '\0', length) != NULL)
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (inet_pton(AF_INET6, copy, parsed.bytes) != 1)
		return false;
	*out = parsed;
	return true;
}
