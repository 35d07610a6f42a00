/* SPDX-License-Identifier: ISC */
#include "access/access_wire.h"

#include "access/access_request.h"
#include "base/byte_cursor.h"

enum { TCP = 6, UDP = 17, HEAD = 52 };

static const uint8_t mark[4] = {'K', 'W', 'A', '1'};

static const uint16_t text_max[ACCESS_WIRE_TEXTS] = {
	[ACCESS_WIRE_SERVICE] = ACCESS_WIRE_NAME_MAX,
	[ACCESS_WIRE_USER] = ACCESS_WIRE_HOST_MAX,
	[ACCESS_WIRE_NAME] = ACCESS_WIRE_HOST_MAX,
	[ACCESS_WIRE_FILE] = ACCESS_WIRE_RULE_MAX,
	[ACCESS_WIRE_LINE_TEXT] = ACCESS_WIRE_RULE_MAX,
	[ACCESS_WIRE_OPTIONS] = ACCESS_WIRE_RULE_MAX,
};

static void put_u16(uint8_t *at, uint16_t n)
{
	at[0] = (uint8_t)(n >> 8);
	at[1] = (uint8_t)n;
}

static void put_u32(uint8_t *at, uint32_t n)
{
	put_u16(at, (uint16_t)(n >> 16));
	put_u16(at + 2, (uint16_t)n);
}

/* What goes out of a text. */
static struct text_slice part_of(struct text_slice text, enum access_wire_text which)
{
	size_t most = text.length < text_max[which] ? text.length : text_max[which];
	if (most > 0)
		text.length = strnlen(text.start, most);
	if (text.length == 0 && which == ACCESS_WIRE_SERVICE)
		return text_slice_of(ACCESS_UNKNOWN);
	return text;
}

size_t access_wire_write(const struct access_wire *w, uint8_t out[ACCESS_WIRE_MAX])
{
	size_t used = HEAD;
	memcpy(out, mark, sizeof mark);
	out[4] = w->granted;
	out[5] = w->why;
	out[6] = w->proto;
	out[7] = 0;
	put_u32(out + 8, w->line);
	put_u32(out + 12, w->missed);
	put_u16(out + 16, w->client_port);
	put_u16(out + 18, w->server_port);
	memcpy(out + 20, w->client.bytes, sizeof w->client.bytes);
	memcpy(out + 36, w->server.bytes, sizeof w->server.bytes);
	for (unsigned i = 0; i < ACCESS_WIRE_TEXTS; i++) {
		const struct text_slice part = part_of(w->texts[i], (enum access_wire_text)i);
		put_u16(out + used, (uint16_t)part.length);
		if (part.length > 0)
			memcpy(out + used + 2, part.start, part.length);
		used += 2 + part.length;
	}
	return used;
}

static struct addr take_addr(struct byte_cursor *c)
{
	struct addr a = {{0}};
	const uint8_t *bytes = byte_cursor_take(c, sizeof a.bytes);
	if (bytes)
		memcpy(a.bytes, bytes, sizeof a.bytes);
	return a;
}

static bool take_text(struct byte_cursor *c, enum access_wire_text which, struct text_slice *out)
{
	const size_t length = byte_cursor_u16(c);
	const uint8_t *bytes = byte_cursor_take(c, length);
	if (c->failed || length > text_max[which] || memchr(bytes, '\0', length))
		return false;
	*out = (struct text_slice){(const char *)bytes, length};
	return true;
}

bool access_wire_read(const void *bytes, size_t size, struct access_wire *out)
{
	struct byte_cursor c = byte_cursor_over(bytes, size);
	const uint8_t *begin = byte_cursor_take(&c, sizeof mark);
	if (!begin || memcmp(begin, mark, sizeof mark) != 0)
		return false;
	const uint8_t granted = byte_cursor_u8(&c);
	out->granted = granted;
	out->why = byte_cursor_u8(&c);
	out->proto = byte_cursor_u8(&c);
	const uint8_t spare = byte_cursor_u8(&c);
	out->line = byte_cursor_u32(&c);
	out->missed = byte_cursor_u32(&c);
	out->client_port = byte_cursor_u16(&c);
	out->server_port = byte_cursor_u16(&c);
	out->client = take_addr(&c);
	out->server = take_addr(&c);
	for (unsigned i = 0; i < ACCESS_WIRE_TEXTS; i++) {
		if (!take_text(&c, (enum access_wire_text)i, &out->texts[i]))
			return false;
	}
	return byte_cursor_left(&c) == 0 && granted <= 1 && spare == 0 && out->why < ACCESS_WIRE_WHYS &&
	       (out->proto == TCP || out->proto == UDP) && out->texts[ACCESS_WIRE_SERVICE].length > 0;
}
