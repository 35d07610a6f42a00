/* SPDX-License-Identifier: ISC */
#include "logline/journal_json.h"

#include "base/clock.h"
#include "logline/field_scan.h"

/* Arrays and objects inside an entry do not nest deeper than two; more is no journal. */
#define DEPTH_MAX 8

static void skip_blanks(struct field_scan *s)
{
	while (s->at < s->end &&
		(*s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\n'))
		s->at++;
}

static bool take_mark(struct field_scan *s, char mark)
{
	skip_blanks(s);
	return field_scan_take_char(s, mark);
}

/* A string without its quotes, escapes left as they are. */
static bool take_string(struct field_scan *s, struct text_slice *out)
{
	if (!take_mark(s, '"'))
		return false;
	const char *start = s->at, *quote = memchr(start, '"', field_scan_left(s));
	if (quote != NULL && memchr(start, '\\', (size_t)(quote - start)) == NULL) {
		*out = (struct text_slice){start, (size_t)(quote - start)};
		s->at = quote + 1;
		return true;
	}
	while (s->at < s->end && *s->at != '"') {
		if (*s->at == '\\')
			s->at++;
		if (s->at < s->end)
			s->at++;
	}
	*out = (struct text_slice){start, (size_t)(s->at - start)};
	return field_scan_take_char(s, '"');
}

/* Numbers, true, false, null: everything up to the mark that ends a value. */
static bool skip_literal(struct field_scan *s)
{
	const char *start = s->at;
	while (s->at < s->end && *s->at != ',' && *s->at != '}' && *s->at != ']')
		s->at++;
	return s->at > start;
}

/* Any value. Depth is counted, not recursed into; which bracket closes which is not our concern. */
static bool skip_value(struct field_scan *s)
{
	unsigned depth = 0;
	do {
		struct text_slice unused;
		skip_blanks(s);
		char c = field_scan_peek(s);
		if (c == '"') {
			if (!take_string(s, &unused))
				return false;
		} else if (c == '[' || c == '{') {
			s->at++;
			if (++depth > DEPTH_MAX)
				return false;
		} else if (depth > 0 && (c == ']' || c == '}')) {
			s->at++;
			depth--;
		} else if (depth > 0 && (c == ',' || c == ':')) {
			s->at++;
		} else if (!skip_literal(s)) {
			return false;
		}
	} while (depth > 0);
	return true;
}

static void add_byte(struct journal_json *out, uint8_t byte)
{
	if (out->message_length < sizeof out->message)
		out->message[out->message_length++] = (char)byte;
}

static void add_bytes(struct journal_json *out, const char *bytes, size_t count)
{
	size_t room = sizeof out->message - out->message_length;
	if (count > room)
		count = room;
	memcpy(out->message + out->message_length, bytes, count);
	out->message_length += count;
}

/* A code point as UTF-8. Halves of surrogate pairs are written alone: nothing of ours holds any. */
static void add_code_point(struct journal_json *out, unsigned code)
{
	if (code < 0x80) {
		add_byte(out, (uint8_t)code);
	} else if (code < 0x800) {
		add_byte(out, (uint8_t)(0xc0 | code >> 6));
		add_byte(out, (uint8_t)(0x80 | (code & 0x3f)));
	} else {
		add_byte(out, (uint8_t)(0xe0 | code >> 12));
		add_byte(out, (uint8_t)(0x80 | (code >> 6 & 0x3f)));
		add_byte(out, (uint8_t)(0x80 | (code & 0x3f)));
	}
}

/* The four digits behind "\u"; false if they are none. */
static bool take_code_unit(struct field_scan *s, unsigned *out)
{
	unsigned value = 0;
	for (int i = 0; i < 4; i++) {
		int digit = field_scan_hex_digit(field_scan_peek(s));
		if (digit < 0)
			return false;
		value = value << 4 | (unsigned)digit;
		s->at++;
	}
	*out = value;
	return true;
}

/* One escape, its backslash taken (RFC 8259, 7). */
static bool decode_escape(struct field_scan *s, struct journal_json *out)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	char c = field_scan_peek(s);
	unsigned code;
	if (s->at == s->end)
		return false;
	s->at++;
	if (c == 'u') {
		if (!take_code_unit(s, &code))
			return false;
		add_code_point(out, code);
		return true;
	}
	for (size_t i = 0; i < sizeof names - 1; i++) {
		if (names[i] == c) {
			add_byte(out, (uint8_t)bytes[i]);
			return true;
		}
	}
	return false;
}

static bool decode_string(struct text_slice raw, struct journal_json *out)
{
	struct field_scan s = field_scan_over(raw);
	for (;;) {
		const char *slash = memchr(s.at, '\\', field_scan_left(&s));
		const char *stop = slash != NULL ? slash : s.end;
		add_bytes(out, s.at, (size_t)(stop - s.at));
		if (slash == NULL)
			return true;
		s.at = slash + 1;
		if (!decode_escape(&s, out))
			return false;
	}
}

/* An array of byte numbers; or of values, whose first string counts. */
static bool decode_array(struct field_scan *s, struct journal_json *out)
{
	struct text_slice first;
	struct field_scan look = *s;
	if (!take_mark(&look, '['))
		return false;
	skip_blanks(&look);
	if (!field_scan_is_digit(field_scan_peek(&look))) {
		struct field_scan whole = *s;
		if (take_string(&look, &first) && !decode_string(first, out))
			return false;
		*s = whole;
		return skip_value(s);
	}
	do {
		uint64_t byte;
		skip_blanks(&look);
		if (!field_scan_number(&look, UINT8_MAX, &byte))
			return false;
		add_byte(out, (uint8_t)byte);
	} while (take_mark(&look, ','));
	*s = look;
	return take_mark(s, ']');
}

static bool take_message(struct field_scan *s, struct journal_json *out)
{
	struct text_slice raw;
	out->message_length = 0;
	skip_blanks(s);
	if (field_scan_peek(s) == '[')
		return decode_array(s, out);
	if (field_scan_peek(s) != '"')
		return skip_value(s);
	return take_string(s, &raw) && decode_string(raw, out);
}

/* A string field; anything else is skipped and leaves it empty. */
static bool take_name(struct field_scan *s, struct text_slice *out)
{
	skip_blanks(s);
	return field_scan_peek(s) == '"' ? take_string(s, out) : skip_value(s);
}

/* Microseconds since 1970 in a string. The source's own time is written over the journal's, not the
 * reverse, whichever comes first. */
static bool take_time(
	struct field_scan *s, struct journal_json *out, bool of_source, bool *have_source)
{
	struct text_slice text = {s->at, 0};
	uint64_t us;
	if (!take_name(s, &text))
		return false;
	struct field_scan digits = field_scan_over(text);
	if (!field_scan_number(&digits, CLOCK_LAST_US, &us) || field_scan_left(&digits) != 0)
		return true;
	if (of_source || !*have_source)
		out->time_us = (int64_t)us;
	*have_source = *have_source || of_source;
	return true;
}

static bool take_field(struct field_scan *s, struct journal_json *out, bool *have_source)
{
	struct text_slice key;
	if (!take_string(s, &key) || !take_mark(s, ':'))
		return false;
	if (text_slice_equals(key, "MESSAGE"))
		return take_message(s, out);
	if (text_slice_equals(key, "_HOSTNAME"))
		return take_name(s, &out->host);
	if (text_slice_equals(key, "SYSLOG_IDENTIFIER"))
		return take_name(s, &out->identifier);
	if (text_slice_equals(key, "_TRANSPORT"))
		return take_name(s, &out->transport);
	if (text_slice_equals(key, "__REALTIME_TIMESTAMP"))
		return take_time(s, out, false, have_source);
	if (text_slice_equals(key, "_SOURCE_REALTIME_TIMESTAMP"))
		return take_time(s, out, true, have_source);
	return skip_value(s);
}

bool journal_json_read(struct text_slice line, struct journal_json *out)
{
	struct field_scan s = field_scan_over(line);
	const struct text_slice nothing = {line.start, 0};
	bool have_source = false;
	out->message_length = 0;
	out->host = out->identifier = out->transport = nothing;
	out->time_us = -1;
	if (!take_mark(&s, '{'))
		return false;
	if (!take_mark(&s, '}')) {
		do {
			if (!take_field(&s, out, &have_source))
				return false;
		} while (take_mark(&s, ','));
		if (!take_mark(&s, '}'))
			return false;
	}
	skip_blanks(&s);
	return field_scan_left(&s) == 0;
}
