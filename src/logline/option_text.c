/* SPDX-License-Identifier: ISC */
#include "logline/option_text.h"

#include "base/byte_cursor.h"

/* Kinds that both headers share: end of list, and one byte of padding. */
enum {
	KIND_END = 0,
	KIND_PADDING = 1,
};

bool option_text_read(struct field_scan *s, struct option_text *out)
{
	struct field_scan look = *s;
	out->count = 0;
	field_scan_skip_spaces(&look);
	if (!field_scan_take_char(&look, '('))
		return false;
	while (field_scan_left(&look) >= 2 && *look.at != ')') {
		int high = field_scan_hex_digit(look.at[0]), low = field_scan_hex_digit(look.at[1]);
		if (high < 0 || low < 0 || out->count == OPTION_TEXT_MAX)
			return false;
		out->bytes[out->count++] = (uint8_t)(high << 4 | low);
		look.at += 2;
	}
	if (out->count == 0 || !field_scan_take_char(&look, ')'))
		return false;
	*s = look;
	return true;
}

/* The next option: its kind, and a cursor over its data. False at the end or where lengths lie. */
static bool next_option(struct byte_cursor *c, uint8_t *kind, struct byte_cursor *data)
{
	if (byte_cursor_left(c) == 0)
		return false;
	*kind = byte_cursor_u8(c);
	*data = byte_cursor_peek_part(c, 0);
	if (*kind == KIND_END || *kind == KIND_PADDING)
		return true;
	uint8_t length = byte_cursor_u8(c);
	if (length < 2 || byte_cursor_left(c) < length - 2u)
		return false;
	*data = byte_cursor_peek_part(c, length - 2u);
	byte_cursor_skip(c, length - 2u);
	return true;
}

/* IANA "IP Option Numbers"; the whole byte, copy flag and class included. */
static uint8_t ip_option_bit(uint8_t kind)
{
	switch (kind) {
	case 7:
		return EVENT_IP_OPTION_RECORD_ROUTE;
	case 68:
		return EVENT_IP_OPTION_TIMESTAMP;
	case 130:
	case 133: /* extended security (RFC 1108) */
		return EVENT_IP_OPTION_SECURITY;
	case 131:
		return EVENT_IP_OPTION_LOOSE_ROUTE;
	case 137:
		return EVENT_IP_OPTION_STRICT_ROUTE;
	case 148:
		return EVENT_IP_OPTION_ROUTER_ALERT;
	default:
		return EVENT_IP_OPTION_OTHER;
	}
}

void option_text_note_ip(const struct option_text *options, struct event *e)
{
	struct byte_cursor c = byte_cursor_over(options->bytes, options->count), data;
	uint8_t kind;
	while (next_option(&c, &kind, &data) && kind != KIND_END) {
		if (kind != KIND_PADDING)
			e->ip_options |= ip_option_bit(kind);
	}
}

void option_text_note_tcp(const struct option_text *options, struct event *e)
{
	enum {
		KIND_MSS = 2,
		KIND_WSCALE = 3,
		LAYOUT_KINDS = 16, /* of four bits each */
		HIGHEST_NIBBLE = 15,
	};
	struct byte_cursor c = byte_cursor_over(options->bytes, options->count), data;
	uint8_t kind;
	e->has |= EVENT_HAS_TCP_OPTIONS;
	e->tcp_option_layout = 0;
	for (unsigned i = 0; next_option(&c, &kind, &data); i++) {
		uint64_t nibble = kind + 1u < HIGHEST_NIBBLE ? kind + 1u : HIGHEST_NIBBLE;
		if (i < LAYOUT_KINDS)
			e->tcp_option_layout |= nibble << 4 * i;
		if (kind == KIND_END)
			break;
		if (kind == KIND_MSS && byte_cursor_left(&data) == 2)
			e->tcp_mss = byte_cursor_u16(&data);
		if (kind == KIND_WSCALE && byte_cursor_left(&data) == 1)
			e->tcp_wscale = byte_cursor_u8(&data);
	}
}
