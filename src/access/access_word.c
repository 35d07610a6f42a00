/* SPDX-License-Identifier: ISC */
#include "access/access_word.h"

#include "access/access_grammar.h"
#include "access/access_pattern.h"
#include "access/access_rule.h"
#include "access/access_text.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters, digits and what else names are made of; nothing that means something to access_pattern. */
static bool is_plain_text(struct text_slice s)
{
	for (size_t i = 0; i < s.length; i++) {
		char c = s.start[i];
		if (!is_letter(c) && !is_digit(c) && c != '.' && c != '-' && c != '_')
			return false;
	}
	return s.length > 0 && s.length < ACCESS_TEXT_SIZE;
}

static bool read_v4(const char *start, const char *end, struct addr *out)
{
	return addr_read_v4(start, end, out) == end && !addr_is_limited_broadcast(out);
}

/* A number without sign, leading zeros and what may follow in the original. */
static bool read_length(const char *start, const char *end, unsigned most, unsigned *out)
{
	unsigned n = 0;
	if (start == end || end - start > 3 || (*start == '0' && end - start > 1))
		return false;
	for (; start < end; start++) {
		if (!is_digit(*start))
			return false;
		n = n * 10 + (unsigned)(*start - '0');
	}
	*out = n;
	return n <= most;
}

static bool read_mask(const char *start, const char *end, unsigned *bits)
{
	struct addr mask;
	if (read_length(start, end, 32, bits))
		return *bits > 0;
	if (!read_v4(start, end, &mask))
		return false;
	uint32_t zeros = ~addr_v4(&mask);
	*bits = zeros == UINT32_MAX ? 0 : (unsigned)__builtin_clz(zeros);
	return (zeros & (zeros + 1)) == 0;
}

static struct access_word of_network(const struct addr *base, unsigned bits)
{
	struct access_word w = {.kind = ACCESS_WORD_NETWORK, .network = prefix_of(base, bits)};
	return w;
}

static struct access_word of_v4_network(struct text_slice word, const char *slash)
{
	static const struct access_word other = {.kind = ACCESS_WORD_OTHER};
	struct addr net;
	unsigned bits;
	if (!read_v4(word.start, slash, &net) || !read_mask(slash + 1, word.start + word.length, &bits))
		return other;
	struct access_word w = of_network(&net, bits);
	if (!addr_equal(&w.network.base, &net))
		w.kind = ACCESS_WORD_NEVER;
	return w;
}

/* "[v6]" and "[v6]/len". The client's mapped IPv4 addresses are IPv4: what looks at them is tried. */
static struct access_word of_v6(struct text_slice word)
{
	static const struct access_word other = {.kind = ACCESS_WORD_OTHER};
	const char *end = word.start + word.length;
	const char *bracket = memchr(word.start, ']', word.length);
	struct addr base;
	unsigned bits = 128;
	if (bracket == NULL || memchr(word.start, ':', word.length) == NULL ||
		!addr_parse(word.start + 1, (size_t)(bracket - word.start) - 1, &base) || addr_is_v4(&base))
		return other;
	const bool alone = bracket + 1 == end;
	if (!alone && (bracket[1] != '/' || !read_length(bracket + 2, end, 128, &bits)))
		return other;
	struct access_word w = of_network(&base, bits);
	w.needs_name = alone;
	return w;
}

/* Digits and dots. "10.1." is a network; what is no address can be no part of one either. */
static struct access_word of_numeric(struct text_slice word)
{
	struct access_word w = {.kind = ACCESS_WORD_NEVER};
	struct addr a;
	if (word.start[word.length - 1] != '.') {
		if (addr_read_v4(word.start, word.start + word.length, &a) != word.start + word.length)
			return w;
		if (addr_is_limited_broadcast(&a))
			return (struct access_word){.kind = ACCESS_WORD_OTHER};
		return of_network(&a, 32);
	}
	char full[24];
	unsigned dots = 0;
	for (size_t i = 0; i < word.length; i++)
		dots += word.start[i] == '.';
	if (dots < 1 || dots > 3 || word.length > 12)
		return w;
	static const char zeros[] = "0.0.0";
	const char *rest = zeros + 2 * (dots - 1);
	memcpy(full, word.start, word.length);
	memcpy(full + word.length, rest, strlen(rest) + 1);
	return addr_parse(full, strlen(full), &a) ? of_network(&a, 8 * dots) : w;
}

struct access_word access_word_of_client(struct text_slice word)
{
	struct access_word w = {.kind = ACCESS_WORD_OTHER};
	if (word.length == 0)
		return w;
	if (word.start[0] == '[')
		return of_v6(word);
	const char *slash = memchr(word.start, '/', word.length);
	if (slash != NULL)
		return of_v4_network(word, slash);
	if (!is_plain_text(word) || access_text_equals(word, "KNOWN") || access_text_equals(word, "LOCAL") || access_rule_is_except(word))
		return w;
	if (access_text_equals(word, "ALL")) {
		w.kind = ACCESS_WORD_ALL;
		return w;
	}
	const bool numeric = access_pattern_is_numeric(word);
	if (numeric && word.start[0] != '.')
		return of_numeric(word);
	w.kind = ACCESS_WORD_TEXT;
	w.needs_name = !numeric;
	return w;
}

struct access_word access_word_of_strict_client(struct text_slice word)
{
	const struct access_grammar_word is = access_grammar_of_host(word);
	struct access_word w = {.kind = ACCESS_WORD_OTHER};
	switch (is.form) {
	case ACCESS_GRAMMAR_BROKEN: /* or "user@host" */
		return w;
	case ACCESS_GRAMMAR_NETWORK:
		w.kind = ACCESS_WORD_NETWORK;
		w.network = is.network;
		return w;
	case ACCESS_GRAMMAR_WORD:
	case ACCESS_GRAMMAR_ADDRESS:
	case ACCESS_GRAMMAR_NAME:
		return access_word_of_client(word);
	}
	return w;
}

enum access_word_kind access_word_of_daemon(struct text_slice word)
{
	if (!is_plain_text(word) || is_digit(word.start[0]) || word.start[0] == '.' ||
		word.start[word.length - 1] == '.' || access_text_equals(word, "KNOWN") || access_rule_is_except(word))
		return ACCESS_WORD_OTHER;
	return access_text_equals(word, "ALL") ? ACCESS_WORD_ALL : ACCESS_WORD_TEXT;
}

/* "fe80::1%x0.lan": an ending of a name would fit it. */
static bool has_dotted_zone(struct text_slice s)
{
	const char *zone = memchr(s.start, '%', s.length);
	return zone != NULL && memchr(zone, '.', (size_t)(s.start + s.length - zone)) != NULL;
}

enum access_address_form access_word_of_address(const struct access_asked_host *told, struct addr *out)
{
	const struct text_slice s = told->plain;
	if (s.length >= ACCESS_TEXT_SIZE)
		return ACCESS_ADDRESS_ODD;
	switch (told->address.kind) {
	case ACCESS_NETWORK_V4:
		return read_v4(s.start, s.start + s.length, out) ? ACCESS_ADDRESS_V4 : ACCESS_ADDRESS_ODD;
	case ACCESS_NETWORK_V6:
		memcpy(out->bytes, told->address.bytes, sizeof out->bytes);
		return addr_is_v4(out) || has_dotted_zone(s) ? ACCESS_ADDRESS_ODD : ACCESS_ADDRESS_V6;
	case ACCESS_NETWORK_NONE:
		break;
	}
	return text_slice_equals(told->text, ACCESS_UNKNOWN) ? ACCESS_ADDRESS_UNKNOWN : ACCESS_ADDRESS_ODD;
}

bool access_word_is_odd_name(const char *name)
{
	const struct text_slice s = text_slice_of(name);
	if (s.length == 0 || s.length >= ACCESS_TEXT_SIZE)
		return true;
	return memchr(s.start, ':', s.length) != NULL && (access_asker_plain(s).length != s.length ||
								 access_network_read(s).kind != ACCESS_NETWORK_NONE);
}
