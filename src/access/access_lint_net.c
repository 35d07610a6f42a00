/* SPDX-License-Identifier: ISC */
#include "access/access_lint_net.h"

#include <stdint.h>

#define NOTHING ACCESS_LINT_CODES

enum { ALL_ONES = 32 };

/* Up to four numbers with dots between. */
struct fields {
	uint32_t value[4];
	unsigned count;
	bool too_many, too_large,
		not_number; /* more than four; above 255; empty, or something else than digits */
	bool zero_in_front, hex;
	bool open; /* a dot at the end */
};

static struct text_slice behind(struct text_slice s, size_t n)
{
	return (struct text_slice){s.start + n, s.length - n};
}

static size_t length_before(struct text_slice s, char c)
{
	const char *at = s.length ? memchr(s.start, c, s.length) : NULL;
	return at ? (size_t)(at - s.start) : s.length;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* -1 for no digit of this base. */
static int digit_of(char c, unsigned base)
{
	int n = is_digit(c)            ? c - '0'
		: c >= 'a' && c <= 'f' ? c - 'a' + 10
		: c >= 'A' && c <= 'F' ? c - 'A' + 10
				       : 99;
	return n < (int)base ? n : -1;
}

/* A number as a person reads it: 010 is ten, 0x0a too. */
static void read_field(struct text_slice s, struct fields *f)
{
	unsigned base = 10;
	uint32_t n = 0;
	if (s.length > 2 && s.start[0] == '0' && (s.start[1] == 'x' || s.start[1] == 'X')) {
		base = 16;
		f->hex = true;
		s = behind(s, 2);
	} else if (s.length > 1 && s.start[0] == '0') {
		f->zero_in_front = true;
	}
	f->not_number = f->not_number || s.length == 0;
	for (size_t i = 0; i < s.length; i++) {
		int digit = digit_of(s.start[i], base);
		f->not_number = f->not_number || digit < 0;
		n = n * base + (uint32_t)(digit < 0 ? 0 : digit);
		if (n > 255) {
			f->too_large = true;
			n = 255;
		}
	}
	f->value[f->count++] = n;
}

static struct fields read_fields(struct text_slice s)
{
	struct fields f = {0};
	for (;;) {
		size_t n = length_before(s, '.');
		if (f.count == 4) {
			f.too_many = true;
			return f;
		}
		read_field((struct text_slice){s.start, n}, &f);
		if (n == s.length)
			return f;
		s = behind(s, n + 1);
		if (s.length == 0) {
			f.open = true;
			return f;
		}
	}
}

static bool is_good(const struct fields *f)
{
	return !f->too_many && !f->too_large && !f->not_number;
}

static uint32_t value_of(const struct fields *f)
{
	uint32_t n = 0;
	for (unsigned i = 0; i < 4; i++)
		n = n << 8 | (i < f->count ? f->value[i] : 0);
	return n;
}

static void add_quad(struct access_draft *out, uint32_t n)
{
	access_draft_printf(out, "%u.%u.%u.%u", n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255);
}

static void add_fields(struct access_draft *out, const struct fields *f)
{
	for (unsigned i = 0; i < f->count; i++)
		access_draft_printf(out, "%s%u", i ? "." : "", f->value[i]);
}

/* --- a.b.c.d and a.b. --- */

static enum access_lint_code judge_address(struct text_slice word, struct access_draft *fix)
{
	struct fields f = read_fields(word);
	if (!is_good(&f))
		return ACCESS_LINT_BAD_ADDRESS;
	if (f.zero_in_front || f.hex) {
		add_fields(fix, &f);
		access_draft_add_text(fix, f.open ? "." : "");
		return f.hex ? ACCESS_LINT_OCTAL : ACCESS_LINT_LEADING_ZERO;
	}
	if (f.open && f.count == 4) {
		add_fields(fix, &f);
		return ACCESS_LINT_TRAILING_DOT;
	}
	if (f.count < 4 && !f.open) {
		/* A number alone may be a port or the length of a net, "127.1" an address: as a beginning it would be a large net. */
		if (f.count == 3) {
			add_fields(fix, &f);
			access_draft_add_text(fix, ".");
		}
		return ACCESS_LINT_SHORT_ADDRESS;
	}
	return f.count == 4 && f.value[3] == 0 ? ACCESS_LINT_ENDS_IN_ZERO : NOTHING;
}

/* --- a.b.c.d-e.f.g.h --- */

static enum access_lint_code judge_range(struct text_slice word, struct access_draft *fix)
{
	size_t dash = length_before(word, '-');
	struct fields from = read_fields((struct text_slice){word.start, dash}),
		      to = read_fields(behind(word, dash + 1));
	if (!is_good(&from) || !is_good(&to) || from.count != 4 || from.open || to.open ||
		(to.count != 4 && to.count != 1))
		return ACCESS_LINT_BAD_ADDRESS;
	uint64_t at = value_of(&from),
		 last = to.count == 4 ? value_of(&to) : (at & 0xffffff00) | to.value[0];
	if (last < at)
		return ACCESS_LINT_BAD_ADDRESS;
	while (at <= last) {
		unsigned bits = ALL_ONES;
		/* The largest block that begins here and does not go beyond; /0 cannot be written. */
		while (bits > 1 && !(at >> (ALL_ONES - bits) & 1) &&
			at + (UINT64_C(1) << (ALL_ONES - bits + 1)) - 1 <= last)
			bits--;
		access_draft_add_text(fix, fix->used ? " " : "");
		add_quad(fix, (uint32_t)at);
		if (bits < ALL_ONES)
			access_draft_printf(fix, "/%u", bits);
		at += UINT64_C(1) << (ALL_ONES - bits);
	}
	return ACCESS_LINT_RANGE;
}

/* --- net/mask --- */

/* Bits of a mask with all ones in front; -1 if they are not. */
static int length_of(uint32_t mask)
{
	int bits = 0;
	while (bits < ALL_ONES && mask & UINT32_C(1) << (ALL_ONES - 1 - bits))
		bits++;
	return bits == ALL_ONES || mask << bits == 0 ? bits : -1;
}

static uint32_t mask_of(unsigned bits)
{
	return bits ? UINT32_MAX << (ALL_ONES - bits) : 0;
}

static void add_net(struct access_draft *out, struct text_slice net, unsigned bits)
{
	access_draft_add_slice(out, net);
	access_draft_printf(out, "/%u", bits);
}

/* A length, its digits and what is behind them. */
static enum access_lint_code judge_length(
	struct text_slice net, struct text_slice length, unsigned *bits, struct access_draft *fix)
{
	size_t n = 0;
	*bits = 0;
	while (n < length.length && is_digit(length.start[n]) && *bits < 1000)
		*bits = *bits * 10 + (unsigned)(length.start[n++] - '0');
	if (n == 0 || *bits > ALL_ONES)
		return ACCESS_LINT_MASK_JUNK;
	if (*bits == 0) {
		struct fields f = read_fields(net);
		if (is_good(&f) && value_of(&f) == 0)
			access_draft_add_text(fix, "0.0.0.0/0.0.0.0");
		return ACCESS_LINT_SLASH_ZERO;
	}
	if (n < length.length || length.start[0] == '0') {
		add_net(fix, net, *bits);
		return n < length.length ? ACCESS_LINT_MASK_JUNK : ACCESS_LINT_LEADING_ZERO;
	}
	return NOTHING;
}

static enum access_lint_code judge_mask(
	struct text_slice net, const struct fields *m, uint32_t *mask, struct access_draft *fix)
{
	if (!is_good(m))
		return ACCESS_LINT_MASK_JUNK;
	*mask = value_of(m);
	if (m->count < 4 || m->open || m->zero_in_front || m->hex) {
		access_draft_add_slice(fix, net);
		access_draft_add_text(fix, "/");
		add_quad(fix, *mask);
		return m->count < 4 || m->open ? ACCESS_LINT_MASK_JUNK : ACCESS_LINT_OCTAL;
	}
	if (*mask == UINT32_MAX) {
		access_draft_add_slice(fix, net);
		return ACCESS_LINT_FULL_MASK;
	}
	if (length_of(*mask) < 0 && length_of(~*mask) > 0) {
		add_net(fix, net, (unsigned)length_of(~*mask));
		return ACCESS_LINT_WILDCARD_MASK;
	}
	return NOTHING;
}

static enum access_lint_code judge_net_numbers(
	const struct fields *f, struct text_slice rest, struct access_draft *fix)
{
	if (!is_good(f))
		return ACCESS_LINT_BAD_ADDRESS;
	if (!f->zero_in_front && !f->hex && f->count == 4 && !f->open)
		return NOTHING;
	add_quad(fix, value_of(f));
	access_draft_add_slice(fix, rest);
	return f->zero_in_front || f->hex ? ACCESS_LINT_OCTAL : ACCESS_LINT_SHORT_ADDRESS;
}

static enum access_lint_code judge_net(struct text_slice word, struct access_draft *fix)
{
	size_t slash = length_before(word, '/');
	struct text_slice net = {word.start, slash}, rest = behind(word, slash),
			  mask_text = behind(rest, 1);
	struct fields f = read_fields(net), m = read_fields(mask_text);
	uint32_t mask = UINT32_MAX;
	unsigned bits;
	enum access_lint_code code = judge_net_numbers(&f, rest, fix);
	if (code != NOTHING)
		return code;
	/* "24.0" is a length with something behind it, "255.255" a mask cut short. */
	bool is_mask = m.count > 2 || (m.count == 2 && m.value[0] > ALL_ONES);
	code = is_mask ? judge_mask(net, &m, &mask, fix) : judge_length(net, mask_text, &bits, fix);
	if (code != NOTHING)
		return code;
	if (!is_mask)
		mask = mask_of(bits);
	if (value_of(&f) & ~mask) {
		/* A mask of nothing would make everybody of nobody: not without being asked. */
		if (mask != 0) {
			add_quad(fix, value_of(&f) & mask);
			access_draft_add_slice(fix, rest);
		}
		return ACCESS_LINT_HOST_BITS;
	}
	return is_mask && length_of(mask) < 0 ? ACCESS_LINT_ODD_MASK : NOTHING;
}

bool access_lint_net_is_numeric(struct text_slice word)
{
	size_t slash = length_before(word, '/');
	for (size_t i = 0; i < slash; i++) {
		bool hex = digit_of(word.start[i], 16) >= 0 || word.start[i] == 'x' ||
			   word.start[i] == 'X';
		bool in_range =
			word.start[i] == '-' && i + 1 < slash && is_digit(word.start[i + 1]);
		if (!is_digit(word.start[i]) && word.start[i] != '.' && !in_range &&
			!(hex && word.length > 2 && (word.start[1] == 'x' || word.start[1] == 'X')))
			return false;
	}
	return true;
}

enum access_lint_code access_lint_net_judge(struct text_slice word, struct access_draft *fix)
{
	if (length_before(word, '/') < word.length)
		return judge_net(word, fix);
	if (length_before(word, '-') < word.length)
		return judge_range(word, fix);
	return judge_address(word, fix);
}

/* --- as a prefix --- */

static bool read_masked(
	const char *text, size_t net, const char *mask_text, size_t mask_length, struct prefix *out)
{
	struct addr mask, address;
	if (!addr_parse(mask_text, mask_length, &mask) || !addr_is_v4(&mask) ||
		!addr_parse(text, net, &address) || !addr_is_v4(&address))
		return false;
	int bits = length_of(addr_v4(&mask));
	if (bits < 0)
		return false;
	*out = prefix_of(&address, (unsigned)bits);
	return true;
}

bool access_lint_net_read(struct text_slice word, struct prefix *out)
{
	char text[64];
	size_t used = 0;
	if (word.length > 1 && word.length < 16 && word.start[word.length - 1] == '.' &&
		is_digit(word.start[0])) {
		struct fields f = read_fields(word);
		struct addr a = addr_from_v4(value_of(&f));
		*out = prefix_of(&a, f.count * 8);
		return is_good(&f) && f.count < 4;
	}
	for (size_t i = 0; i < word.length; i++) {
		if (used == sizeof text)
			return false;
		if (word.start[i] != '[' && word.start[i] != ']')
			text[used++] = word.start[i];
	}
	const char *slash = used ? memchr(text, '/', used) : NULL;
	size_t net = slash ? (size_t)(slash - text) : used;
	if (slash != NULL && read_masked(text, net, slash + 1, used - net - 1, out))
		return true;
	return prefix_parse(text, used, out, NULL);
}
