/* SPDX-License-Identifier: ISC */
#include "access/access_grammar.h"

#include "access/access_rule.h"
#include "access/access_text.h"

enum {
	NAME_MAX_LENGTH = 127, /* longer ones no request has */
	GROUP_MAX_LENGTH = 255,
	DAEMON_MAX_PORT = 65535,
};

/* What a word is made of. */
enum letters {
	DIGIT = 1,
	DOT = 2,
	LOWER = 4,
	UPPER = 8,
	DASH = 16,
	GLOB = 32,
	COLON = 64,
	PLUS = 128,
	OTHER = 256,
	HEX = 512, /* of letters: they may be digits of a hexadecimal number; or not */
	NO_HEX = 1024,
};

/* With OTHER turned round, so that whatever is not named here is that. */
static const uint16_t letter_kinds[256] = {
	['0' ... '9'] = DIGIT | OTHER,
	['a' ... 'f'] = LOWER | HEX | OTHER,
	['A' ... 'F'] = UPPER | HEX | OTHER,
	['g' ... 'z'] = LOWER | NO_HEX | OTHER,
	['G' ... 'Z'] = UPPER | NO_HEX | OTHER,
	['.'] = DOT | OTHER,
	['-'] = DASH | OTHER,
	['_'] = DASH | OTHER,
	['*'] = GLOB | OTHER,
	['?'] = GLOB | OTHER,
	[':'] = COLON | OTHER,
	['+'] = PLUS | OTHER,
	['$'] = PLUS | OTHER,
};

static unsigned letter_of(char c)
{
	return letter_kinds[(unsigned char)c] ^ (unsigned)OTHER;
}

static unsigned letters_of(struct text_slice s)
{
	unsigned all = 0;
	for (size_t i = 0; i < s.length; i++)
		all |= letter_of(s.start[i]);
	return all;
}

static bool has_only(unsigned letters, unsigned allowed)
{
	return (letters & ~(allowed | HEX | NO_HEX)) == 0;
}

static struct text_slice behind(struct text_slice s, size_t n)
{
	return (struct text_slice){s.start + n, s.length - n};
}

static bool is_one_of(struct text_slice word, const char *const *list)
{
	enum { LONGEST = 8 };
	if (word.length > LONGEST)
		return false;
	while (*list && !access_text_equals(word, *list))
		list++;
	return *list != NULL;
}

/* A word of the language, or a slip that would be a name nobody has. */
static bool is_capitals(struct text_slice word, unsigned letters)
{
	return word.length > 1 && has_only(letters, UPPER);
}

/* --- addresses --- */

/* A number without zeros in front, up to the end. */
static bool read_number(struct text_slice s, unsigned most, unsigned *out)
{
	unsigned n = 0;
	if (s.length == 0 || s.length > 5 || (s.start[0] == '0' && s.length > 1))
		return false;
	for (size_t i = 0; i < s.length; i++) {
		if (letter_of(s.start[i]) != DIGIT)
			return false;
		n = n * 10 + (unsigned)(s.start[i] - '0');
	}
	*out = n;
	return n <= most;
}

static const struct access_grammar_word broken = {.form = ACCESS_GRAMMAR_BROKEN};
static const struct access_grammar_word plain_address = {.form = ACCESS_GRAMMAR_ADDRESS};
static const struct access_grammar_word plain_name = {.form = ACCESS_GRAMMAR_NAME};

/* A block, if no bit is set behind its length. */
static struct access_grammar_word of_network(const struct addr *base, unsigned bits)
{
	const struct access_grammar_word w = {.form = ACCESS_GRAMMAR_NETWORK, .network = prefix_of(base, bits)};
	return addr_equal(&w.network.base, base) ? w : broken;
}

static bool read_v4(struct text_slice s, struct addr *out)
{
	return addr_read_v4(s.start, s.start + s.length, out) == s.start + s.length && !addr_is_limited_broadcast(out);
}

/* Fields of an address, apart by dots, one to three; `*value` is the address that begins so. */
static bool read_fields(struct text_slice s, struct addr *out, unsigned *count)
{
	uint32_t value = 0;
	*count = 0;
	for (;;) {
		const char *dot = memchr(s.start, '.', s.length);
		const size_t n = dot ? (size_t)(dot - s.start) : s.length;
		unsigned field;
		if (*count == 3 || !read_number((struct text_slice){s.start, n}, 255, &field))
			return false;
		value |= field << (24 - 8 * *count);
		++*count;
		if (!dot)
			break;
		s = behind(s, n + 1);
	}
	*out = addr_from_v4(value);
	return true;
}

/* Digits and dots. */
static struct access_grammar_word of_numbers(struct text_slice w)
{
	struct addr a;
	unsigned count;
	if (w.start[0] == '.') {
		const bool good = read_fields(behind(w, 1), &a, &count);
		return good ? plain_address : broken;
	}
	if (w.start[w.length - 1] != '.')
		return read_v4(w, &a) ? of_network(&a, 32) : broken;
	w.length--;
	return read_fields(w, &a, &count) ? of_network(&a, 8 * count) : broken;
}

static struct access_grammar_word of_mask(const struct addr *net, const struct addr *mask_address)
{
	const uint32_t mask = addr_v4(mask_address), zeros = ~mask;
	if (addr_v4(net) & zeros)
		return broken;
	if ((zeros & (zeros + 1)) == 0)
		return of_network(net, zeros == UINT32_MAX ? 0 : (unsigned)__builtin_clz(zeros));
	/* Ones behind the zeros only: as routers write it. */
	if ((mask & (mask + 1)) == 0)
		return broken;
	return plain_address;
}

static struct access_grammar_word of_v4_network(struct text_slice w, size_t slash)
{
	struct addr net, mask;
	unsigned bits;
	const struct text_slice rest = behind(w, slash + 1);
	if (!read_v4((struct text_slice){w.start, slash}, &net))
		return broken;
	if (read_number(rest, 32, &bits))
		return bits > 0 ? of_network(&net, bits) : broken;
	return read_v4(rest, &mask) ? of_mask(&net, &mask) : broken;
}

/* The address, and what stands behind it: nothing, or "/len". */
static struct access_grammar_word of_v6(struct text_slice address, struct text_slice rest)
{
	struct addr a;
	unsigned bits = 128;
	if (!memchr(address.start, ':', address.length) || !addr_parse(address.start, address.length, &a) || addr_is_v4(&a))
		return broken;
	if (rest.length > 0 && (rest.start[0] != '/' || !read_number(behind(rest, 1), 128, &bits)))
		return broken;
	return of_network(&a, bits);
}

static struct access_grammar_word of_brackets(struct text_slice w)
{
	const char *bracket = memchr(w.start, ']', w.length);
	if (!bracket)
		return broken;
	const size_t inside = (size_t)(bracket - w.start) - 1;
	return of_v6((struct text_slice){w.start + 1, inside}, behind(w, inside + 2));
}

static struct access_grammar_word of_bare_v6(struct text_slice w)
{
	const char *slash = memchr(w.start, '/', w.length);
	const size_t length = slash ? (size_t)(slash - w.start) : w.length;
	struct access_grammar_word out = of_v6((struct text_slice){w.start, length}, behind(w, length));
	out.bare_v6 = true;
	return out;
}

size_t access_grammar_bare_v6(struct text_slice text)
{
	enum { LONGEST = 45 + 4 };
	const char *colon = memchr(text.start, ':', text.length);
	if (!colon || text.length > LONGEST + 1 || text.start[0] == '[')
		return 0;
	if (of_bare_v6(text).form == ACCESS_GRAMMAR_NETWORK)
		return text.length;
	if (text.start[text.length - 1] != ':')
		return 0;
	text.length--;
	return of_bare_v6(text).form == ACCESS_GRAMMAR_NETWORK ? text.length : 0;
}

/* --- names --- */

/* Behind the last dot: a name ends in letters, an address in a number of whatever base. */
static bool ends_in_number(struct text_slice w)
{
	size_t from = w.length;
	while (from > 0 && w.start[from - 1] != '.')
		from--;
	const struct text_slice last = behind(w, from);
	const unsigned letters = letters_of(last);
	if (has_only(letters, DIGIT))
		return true;
	return last.length > 2 && last.start[0] == '0' && access_text_lower(last.start[1]) == 'x' &&
	       (letters_of(behind(last, 2)) & (NO_HEX | DASH)) == 0;
}

static bool has_empty_label(struct text_slice w)
{
	for (size_t i = 0; i < w.length; i++) {
		if (w.start[i] == '.' && (i == 0 || i + 1 == w.length || w.start[i + 1] == '.'))
			return true;
	}
	return w.length == 0;
}

/* "host.example", ".example", "mail.". */
static struct access_grammar_word of_name(struct text_slice w, unsigned letters)
{
	const bool is_ending = w.start[0] == '.', is_beginning = w.start[w.length - 1] == '.';
	if (!has_only(letters, DIGIT | DOT | LOWER | UPPER | DASH) || (is_ending && is_beginning) || is_capitals(w, letters))
		return broken;
	const struct text_slice body = {w.start + is_ending, w.length - is_ending - is_beginning};
	if (is_beginning && memchr(body.start, '.', body.length))
		return broken; /* a whole name, as the DNS writes it: it would fit longer names only */
	return has_empty_label(body) || (!is_beginning && ends_in_number(body)) ? broken : plain_name;
}

static struct access_grammar_word of_glob(unsigned letters)
{
	if (!has_only(letters, DIGIT | DOT | LOWER | UPPER | DASH | GLOB | COLON))
		return broken;
	const bool has_letters = letters & (LOWER | UPPER | DASH);
	if (letters & COLON)
		return letters & (NO_HEX | DASH) ? broken : plain_address;
	if (!has_letters)
		return letters & DIGIT ? plain_address : broken;
	return letters & (NO_HEX | DOT) ? plain_name : broken;
}

struct access_grammar_word access_grammar_of_host(struct text_slice w)
{
	static const struct access_grammar_word word = {.form = ACCESS_GRAMMAR_WORD};
	static const char *const words[] = {"ALL", "LOCAL", "KNOWN", "UNKNOWN", "PARANOID", NULL};
	if (w.length == 0)
		return broken;
	if (w.start[0] == '@')
		return w.length > 1 && w.length <= GROUP_MAX_LENGTH ? word : broken;
	if (w.start[0] == '/')
		return w.length > 1 ? word : broken;
	if (w.length > NAME_MAX_LENGTH)
		return broken;
	if (w.start[0] == '[')
		return of_brackets(w);
	const unsigned letters = letters_of(w);
	if (letters & GLOB)
		return of_glob(letters);
	if (letters & COLON)
		return of_bare_v6(w);
	const char *slash = memchr(w.start, '/', w.length);
	if (slash)
		return of_v4_network(w, (size_t)(slash - w.start));
	if (has_only(letters, DIGIT | DOT))
		return of_numbers(w);
	return is_one_of(w, words) ? word : of_name(w, letters);
}

/* --- whole words --- */

static bool takes_text(struct text_slice w, unsigned letters)
{
	return w.length > 0 && w.length <= NAME_MAX_LENGTH && has_only(letters, DIGIT | DOT | LOWER | UPPER | DASH | PLUS | GLOB) &&
	       !is_capitals(w, letters);
}

bool access_grammar_takes_client(struct text_slice w)
{
	static const char *const words[] = {"ALL", "KNOWN", "UNKNOWN", NULL};
	struct text_slice host;
	if (!access_rule_cut_host(&w, &host))
		return access_grammar_of_host(w).form != ACCESS_GRAMMAR_BROKEN;
	return (is_one_of(w, words) || takes_text(w, letters_of(w))) && access_grammar_of_host(host).form != ACCESS_GRAMMAR_BROKEN;
}

static bool takes_daemon_name(struct text_slice w)
{
	static const char *const words[] = {"ALL", "KNOWN", "UNKNOWN", NULL}, *const others[] = {"LOCAL", "PARANOID", "EXCEPT", NULL};
	unsigned port;
	const unsigned letters = letters_of(w);
	if (has_only(letters, DIGIT))
		return read_number(w, DAEMON_MAX_PORT, &port);
	if (has_only(letters, LOWER | UPPER) && (is_one_of(w, words) || is_one_of(w, others)))
		return !is_one_of(w, others);
	return w.start[0] != '+' && takes_text(w, letters);
}

bool access_grammar_takes_daemon(struct text_slice w)
{
	struct text_slice host;
	if (!access_rule_cut_host(&w, &host))
		return takes_daemon_name(w);
	return takes_daemon_name(w) && access_grammar_of_host(host).form != ACCESS_GRAMMAR_BROKEN;
}
