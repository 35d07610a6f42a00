/* SPDX-License-Identifier: ISC */
#include "access/access_quick.h"

#include "access/access_grammar.h"
#include "access/access_network.h"
#include "access/access_text.h"

enum { NAME = 1, DIGIT = 2, DOT = 4, SLASH = 8, HEX = 16, COLON = 32, BLANK = 64 };

static const unsigned char letter_kind[256] = {
	['0' ... '9'] = NAME | DIGIT | HEX,
	['a' ... 'f'] = NAME | HEX,
	['A' ... 'F'] = NAME | HEX,
	['g' ... 'z'] = NAME,
	['G' ... 'Z'] = NAME,
	['-'] = NAME,
	['_'] = NAME,
	['.'] = DOT,
	['/'] = SLASH,
	[':'] = COLON,
	[' '] = BLANK,
	['\t'] = BLANK,
	['\r'] = BLANK,
};

static const char *skip(const char *at, const char *end, unsigned kinds)
{
	while (at < end && (letter_kind[(unsigned char)*at] & kinds))
		at++;
	return at;
}

/* "192.0.2.7", "192.0.2.", "192.0.2.0/24": digits, dots and slashes alone, beginning with a digit. */
static bool rejects_numeric(const char *word, const char *end, const struct access_asked_host *h)
{
	const char *slash = skip(word, end, DIGIT | DOT);
	if (slash < end) {
		struct text_slice net = {word, (size_t)(slash - word)};
		struct text_slice mask = {slash + 1, (size_t)(end - slash) - 1};
		return !access_network_holds(net, mask, &h->address);
	}
	/* An address or the beginning of one. */
	size_t n = (size_t)(end - word);
	return n > h->plain.length || memcmp(word, h->plain.start, n) != 0;
}

/* "[2001:db8::]/32". Without a length it may be asked for a name. */
static bool rejects_bracketed(const char *word, const char *end, const struct access_asked_host *h)
{
	const char *bracket = skip(word + 1, end, HEX | COLON | DOT);
	if (bracket == end || *bracket != ']' || bracket + 1 == end || bracket[1] != '/' ||
		skip(bracket + 2, end, DIGIT) != end)
		return false;
	struct text_slice net = {word, (size_t)(bracket - word) + 1};
	struct text_slice bits = {bracket + 2, (size_t)(end - bracket) - 2};
	return !access_network_holds(net, bits, &h->address);
}

static bool rejects_client(const char *at, const char *end, bool strict, struct access_asker *asker)
{
	const char *word = skip(at, end, BLANK);
	while (end > word && (letter_kind[(unsigned char)end[-1]] & BLANK))
		end--;
	if (word == end)
		return false;
	if (strict && access_grammar_of_host((struct text_slice){word, (size_t)(end - word)}).form != ACCESS_GRAMMAR_NETWORK)
		return false;
	if (*word == '[')
		return rejects_bracketed(word, end, access_asker_address(asker, ACCESS_CLIENT));
	if ((letter_kind[(unsigned char)*word] & DIGIT) && skip(word, end, DIGIT | DOT | SLASH) == end)
		return rejects_numeric(word, end, access_asker_address(asker, ACCESS_CLIENT));
	return false;
}

bool access_quick_rejects(struct text_slice line, bool strict, struct access_asker *asker)
{
	const char *at = line.start, *end = at + line.length;
	if (at == end || !(letter_kind[(unsigned char)*at] & NAME) || (letter_kind[(unsigned char)*at] & DIGIT) ||
		*at == '-')
		return false;
	at = skip(at, end, NAME);
	struct text_slice daemon = {line.start, (size_t)(at - line.start)};
	at = skip(at, end, BLANK);
	if (at == end || *at != ':')
		return false;
	if (access_text_equals(daemon, "ALL"))
		return rejects_client(at + 1, end, strict, asker);
	if (access_text_equals(daemon, "KNOWN") || (strict && !access_grammar_takes_daemon(daemon)))
		return false;
	if (daemon.length != asker->daemon.length ||
		!access_text_same(daemon.start, asker->daemon.start, daemon.length))
		return true;
	return rejects_client(at + 1, end, strict, asker);
}
