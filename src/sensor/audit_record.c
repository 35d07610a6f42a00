/* SPDX-License-Identifier: ISC */
#include "sensor/audit_record.h"

#include "logline/field_scan.h"

static bool take_number(struct text_slice *s, char end, uint64_t most, uint64_t *out)
{
	uint64_t n = 0;
	size_t i = 0;
	for (; i < s->length && s->start[i] >= '0' && s->start[i] <= '9'; i++) {
		n = n * 10 + (uint64_t)(s->start[i] - '0');
		if (n > most)
			return false;
	}
	if (i == 0 || i >= s->length || s->start[i] != end)
		return false;
	*s = (struct text_slice){s->start + i + 1, s->length - i - 1};
	*out = n;
	return true;
}

bool audit_record_read(const char *text, size_t size, struct audit_record *out)
{
	static const char head[] = "audit(";
	uint64_t seconds, ms;
	size_t length = strnlen(text, size), skip = sizeof head - 1;
	if (length < skip || memcmp(text, head, skip) != 0)
		return false;
	struct text_slice rest = {text + skip, length - skip};
	if (!take_number(&rest, '.', CLOCK_LAST_US / CLOCK_US_PER_S, &seconds) ||
		!take_number(&rest, ':', 999, &ms) ||
		!take_number(&rest, ')', UINT64_MAX / 16, &out->serial) || rest.length == 0 ||
		rest.start[0] != ':')
		return false;
	out->time = wall_time_from_parts((int64_t)seconds, (int64_t)ms * 1000);
	out->rest = (struct text_slice){rest.start + 1, rest.length - 1};
	return true;
}

static bool is_gap(char c)
{
	return c == ' ' || c == '\n' || c == '\x1d'; /* the last one parts what auditd adds */
}

static void skip(struct text_slice *s, size_t n)
{
	s->start += n;
	s->length -= n;
}

static void take_value(struct text_slice *s, struct audit_field *out)
{
	size_t end = 0;
	out->quoted = s->length > 0 && s->start[0] == '"';
	if (out->quoted)
		skip(s, 1);
	while (end < s->length && (out->quoted ? s->start[end] != '"' : !is_gap(s->start[end])))
		end++;
	out->value = (struct text_slice){s->start, end};
	skip(s, out->quoted && end < s->length ? end + 1 : end);
}

bool audit_record_next(struct audit_record *r, struct audit_field *out)
{
	struct text_slice *s = &r->rest;
	while (s->length > 0) {
		size_t end = 0;
		if (is_gap(s->start[0])) {
			skip(s, 1);
			continue;
		}
		while (end < s->length && s->start[end] != '=' && !is_gap(s->start[end]))
			end++;
		out->name = (struct text_slice){s->start, end};
		bool named = end < s->length && s->start[end] == '=';
		skip(s, named ? end + 1 : end);
		if (named) {
			take_value(s, out);
			return true;
		}
	}
	return false;
}

bool audit_field_number(const struct audit_field *f, uint32_t *out)
{
	uint64_t n = 0;
	for (size_t i = 0; i < f->value.length; i++) {
		char c = f->value.start[i];
		if (c < '0' || c > '9')
			return false;
		n = n * 10 + (uint64_t)(c - '0');
		if (n > UINT32_MAX)
			return false;
	}
	*out = (uint32_t)n;
	return f->value.length > 0;
}

static bool is_hexadecimal(const struct audit_field *f)
{
	if (f->quoted || f->value.length % 2 != 0)
		return false;
	for (size_t i = 0; i < f->value.length; i++) {
		if (field_scan_hex_digit(f->value.start[i]) < 0)
			return false;
	}
	return true;
}

size_t audit_field_text(const struct audit_field *f, char *out, size_t room)
{
	size_t length = f->value.length;
	if (!is_hexadecimal(f)) {
		if (room > 0 && length > 0)
			memcpy(out, f->value.start, length < room ? length : room);
		return length;
	}
	for (size_t i = 0; i < length / 2 && i < room; i++)
		out[i] = (char)((unsigned)field_scan_hex_digit(f->value.start[2 * i]) << 4 |
				(unsigned)field_scan_hex_digit(f->value.start[2 * i + 1]));
	return length / 2;
}
