/* SPDX-License-Identifier: ISC */
/*
 * A comma is due unless the text ends with an opening bracket: no value can end with one, for a text
 * ends with its quote. So no state says "first member", and an empty list is seen by its last byte.
 *
 * Room is made once for each member, for the longest form it can take (six bytes, "\u001b", for each
 * byte of a text); behind that nothing is checked.
 */
#include "event/json_line.h"

#include "base/decimal.h"
#include "base/memory.h"
#include "base/short_copy.h"
#include "base/text_buffer.h"
#include "base/utf8.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_SIZE = 2048, /* most incidents are shorter */
	ESCAPE_MAX = 6,    /* bytes of \uXXXX */
	CHARS = 16,        /* that are looked at together */
};

void json_line_init(struct json_line *j)
{
	*j = (struct json_line){0};
}

void json_line_clear(struct json_line *j)
{
	free(j->text);
	json_line_init(j);
}

/* Apart, so that the usual path keeps no registers for it. */
__attribute__((noinline)) static void grow(struct json_line *j, size_t length)
{
	size_t size = j->size > 0 ? j->size : FIRST_SIZE;
	while (size - j->used <= length)
		size *= 2;
	j->text = memory_realloc(j->text, size);
	j->size = size;
}

/* Room for `length` more bytes and the NUL. */
static inline void make_room(struct json_line *j, size_t length)
{
	if (j->size - j->used <= length)
		grow(j, length);
}

static void add(struct json_line *j, const char *bytes, size_t length)
{
	j->used = (size_t)(short_copy(j->text + j->used, bytes, length) - j->text);
}

/* The comma and the key before a value, and room for `length` bytes of the value itself. Returns where it
 * is to stand; end_value comes next. */
static inline char *begin_value(struct json_line *j, struct json_key key, size_t length)
{
	assert(j->depth > 0);
	make_room(j, key.length + length + sizeof ",\"\":");
	char *at = j->text + j->used;
	if (at[-1] != '{' && at[-1] != '[')
		*at++ = ',';
	if (key.text == NULL)
		return at;
	*at++ = '"';
	at = short_copy(at, key.text, key.length);
	*at++ = '"';
	*at++ = ':';
	return at;
}

/* The line ends at `end` for now. */
static inline void end_value(struct json_line *j, char *end)
{
	*end = '\0';
	j->used = (size_t)(end - j->text);
}

static void open_with(struct json_line *j, char *at, const char *brackets, size_t from)
{
	assert(j->depth < JSON_LINE_DEPTH);
	j->open[j->depth++] = (struct json_line_open){from, brackets[1]};
	*at++ = brackets[0];
	end_value(j, at);
}

void json_line_start(struct json_line *j)
{
	j->used = 0;
	j->depth = 0;
	make_room(j, 1);
	open_with(j, j->text, "{}", 0);
}

void json_line_add_object(struct json_line *j, struct json_key key)
{
	size_t from = j->used;
	open_with(j, begin_value(j, key, 1), "{}", from);
}

void json_line_add_list(struct json_line *j, struct json_key key)
{
	size_t from = j->used;
	open_with(j, begin_value(j, key, 1), "[]", from);
}

void json_line_close(struct json_line *j)
{
	assert(j->depth > 0);
	const struct json_line_open *o = &j->open[--j->depth];
	make_room(j, 1);
	char *at = j->text + j->used;
	if (at[-1] == '[')
		at = j->text + o->from;
	else
		*at++ = o->close;
	end_value(j, at);
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

typedef signed char chars __attribute__((vector_size(CHARS)));

/* Many characters at once; the signed ones below 0x20 are the bytes from 0x80 on as well. */
static inline bool chars_are_plain(const char *at)
{
	chars c;
	uint64_t found[CHARS / sizeof(uint64_t)];
	memcpy(&c, at, sizeof c);
	chars odd = (c < 0x20) | (c == 0x7f) | (c == '"') | (c == '\\');
	memcpy(found, &odd, sizeof found);
	return (found[0] | found[1]) == 0;
}

/* How many bytes at the beginning stand for themselves. */
static inline size_t plain_length(const char *text, size_t length)
{
	size_t n = 0;
	while (length - n >= CHARS && chars_are_plain(text + n))
		n += CHARS;
	if (length >= CHARS && length - n < CHARS && chars_are_plain(text + length - CHARS))
		return length;
	while (n < length && is_plain((unsigned char)text[n]))
		n++;
	return n;
}

static bool is_utf8(const char *text, size_t length)
{
	const char *limit = text + length;
	uint32_t c;
	while (text < limit) {
		if (!utf8_take(&text, limit, &c))
			return false;
	}
	return true;
}

static void add_unit(struct json_line *j, uint32_t unit)
{
	static const char digits[] = "0123456789ABCDEF";
	const char escape[ESCAPE_MAX] = {'\\', 'u', digits[unit >> 12 & 15], digits[unit >> 8 & 15],
		digits[unit >> 4 & 15], digits[unit & 15]};
	add(j, escape, sizeof escape);
}

static void add_character(struct json_line *j, uint32_t c)
{
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* each with its letter */
	for (const char *s = shorts; *s; s += 2) {
		if ((uint32_t)*s == c) {
			j->text[j->used++] = '\\';
			j->text[j->used++] = s[1];
			return;
		}
	}
	if (c >= 0x10000) {
		add_unit(j, 0xd800 + ((c - 0x10000) >> 10));
		add_unit(j, 0xdc00 + ((c - 0x10000) & 0x3ff));
	} else if (c >= 0x20 && c < 0x7f) {
		j->text[j->used++] = (char)c;
	} else {
		add_unit(j, c);
	}
}

/* A text of UTF-8 that is not plain throughout; room is there. */
static void add_characters(struct json_line *j, const char *text, size_t length)
{
	const char *limit = text + length;
	while (text < limit) {
		size_t plain = plain_length(text, (size_t)(limit - text));
		uint32_t c;
		add(j, text, plain);
		text += plain;
		if (text == limit || !utf8_take(&text, limit, &c))
			return;
		add_character(j, c);
	}
}

/* All of the text stands for itself. */
static inline void put_plain(
	struct json_line *j, struct json_key key, const char *text, size_t length)
{
	char *at = begin_value(j, key, length + 2);
	*at++ = '"';
	at = short_copy(at, text, length);
	*at++ = '"';
	end_value(j, at);
}

/* Room and the first quote; the text is added behind it, then end_text. */
static void begin_text(struct json_line *j, struct json_key key, size_t length)
{
	char *at = begin_value(j, key, length * ESCAPE_MAX + 2);
	*at++ = '"';
	end_value(j, at);
}

static void end_text(struct json_line *j)
{
	char *at = j->text + j->used;
	*at++ = '"';
	end_value(j, at);
}

static bool stays(char c, const char *kept)
{
	return (c >= 0x20 && c < 0x7f) || (*kept != '\0' && strchr(kept, c) != NULL);
}

/* As text_buffer_add_escaped does, but for what is kept; room is there. */
static void add_escaped(struct json_line *j, const char *text, const char *kept)
{
	static const char digits[] = "0123456789abcdef";
	for (; *text != '\0'; text++) {
		const unsigned char c = (unsigned char)*text;
		const char byte[] = {'\\', '\\', 'x', digits[c >> 4], digits[c & 15]};
		if (c == '\\')
			add(j, "\\\\\\\\", 4);
		else if (stays(*text, kept))
			add_character(j, c);
		else
			add(j, byte, sizeof byte);
	}
}

/* A text of which only the first `plain` bytes stand for themselves. */
__attribute__((noinline)) static void put_odd(struct json_line *j, struct json_key key, const char *text,
	size_t length, size_t plain, const char *kept)
{
	size_t printable = plain;
	while (printable < length && stays(text[printable], kept))
		printable++;
	begin_text(j, key, length);
	if (printable == length)
		add_characters(j, text, length);
	else
		add_escaped(j, text, kept);
	end_text(j);
}

static void put_text(struct json_line *j, struct json_key key, const char *text, const char *kept)
{
	if (text == NULL || *text == '\0')
		return;
	size_t length = strlen(text), plain = plain_length(text, length);
	if (plain == length)
		put_plain(j, key, text, length);
	else
		put_odd(j, key, text, length, plain, kept);
}

void json_line_add_plain(struct json_line *j, struct json_key key, const char *text, size_t length)
{
	if (length > 0)
		put_plain(j, key, text, length);
}

void json_line_add_text(struct json_line *j, struct json_key key, const char *text)
{
	put_text(j, key, text, "");
}

void json_line_put_lines(struct json_line *j, const char *key, const char *text)
{
	put_text(j, json_key_of(key), text, "\n\t");
}

void json_line_put_item(struct json_line *j, const char *text)
{
	char clean[JSON_LINE_TEXT_MAX];
	size_t length = strlen(text);
	if (plain_length(text, length) == length) {
		put_plain(j, json_key_of(NULL), text, length);
		return;
	}
	if (!is_utf8(text, length)) {
		struct text_buffer b = text_buffer_over(clean, sizeof clean);
		text_buffer_add_escaped(&b, text, length < sizeof clean ? length : sizeof clean);
		text = clean;
		length = b.used;
	}
	begin_text(j, json_key_of(NULL), length);
	add_characters(j, text, length);
	end_text(j);
}

void json_line_put_day(struct json_line *j, const char *key, int64_t days_since_1970)
{
	struct clock_text text =
		wall_time_to_rfc3339(wall_time_from_parts(days_since_1970 * 86400, 0));
	json_line_put_plain(j, key, text.text, sizeof "2026-11-20" - 1);
}

void json_line_add_count(struct json_line *j, struct json_key key, uint64_t count)
{
	char *at = begin_value(j, key, DECIMAL_MAX);
	end_value(j, decimal_write(at, count < INT64_MAX ? count : INT64_MAX));
}

void json_line_put_bool(struct json_line *j, const char *key, bool value)
{
	const char *text = value ? "true" : "false";
	size_t length = strlen(text);
	end_value(j, short_copy(begin_value(j, json_key_of(key), length), text, length));
}

/*
 * Nine digits behind "0." for what confidences mostly are, ten times as fast as printf. The product is
 * off by a millionth of a unit at most; where that could decide how it is rounded, printf decides.
 */
static bool write_fraction(char out[32], double value, size_t *length)
{
	const double scale = 1e9, doubt = 1e-3;
	if (!(value >= 0.1 && value < 1))
		return false;
	double scaled = value * scale;
	uint32_t n = (uint32_t)scaled;
	double rest = scaled - n;
	if (rest > 0.5 - doubt && rest < 0.5 + doubt)
		return false;
	n += rest > 0.5;
	if (n == 1000000000)
		return false;
	out[0] = '0';
	out[1] = '.';
	for (size_t i = 10; i >= 2; i--, n /= 10)
		out[i] = (char)('0' + n % 10);
	*length = 11;
	while (out[*length - 1] == '0')
		(*length)--;
	return true;
}

/* As "%.9g" (the program leaves LC_NUMERIC alone); a number without point or exponent gets ".0", an
 * exponent loses its plus and its leading zeros. */
static size_t write_real(char out[32], double value)
{
	snprintf(out, 32 - sizeof ".0", "%.9g", value);
	size_t mantissa = strcspn(out, "e"), used = mantissa;
	const char *exponent = out + mantissa;
	if (*exponent == '\0') {
		if (strchr(out, '.') != NULL)
			return used;
		out[used++] = '.';
		out[used++] = '0';
		return used;
	}
	used++;
	if (*++exponent == '-')
		out[used++] = '-';
	exponent += strspn(exponent, "+-0");
	while (*exponent != '\0')
		out[used++] = *exponent++;
	return used;
}

void json_line_add_real(struct json_line *j, struct json_key key, double value)
{
	char text[32];
	size_t length;
	if (!isfinite(value))
		return;
	if (!write_fraction(text, value, &length))
		length = write_real(text, value);
	end_value(j, short_copy(begin_value(j, key, length), text, length));
}

void json_line_print(const struct json_line *j, FILE *out)
{
	j->text[j->used] = '\n';
	fwrite(j->text, 1, j->used + 1, out);
	j->text[j->used] = '\0';
}
