/* SPDX-License-Identifier: ISC */
/*
 * The order of questions is that in which the original sorts words into forms: @netgroup, /file, [v6], patterns with * and ?,
 * .endings, nets with a mask, beginnings., and all else as text.
 */
#include "access/access_lint_word.h"

#include "access/access_lint_net.h"
#include "access/access_text.h"
#include "base/word_guess.h"
#include "net/addr.h"

#include <stdlib.h>

#define NOTHING ACCESS_LINT_CODES

enum { WORD_MAX = 256 }; /* no name and no address is longer */

static const char *const reserved[] = {"ALL", "LOCAL", "KNOWN", "UNKNOWN", "PARANOID", "EXCEPT"};

static bool has_only(struct text_slice s, const char *bytes)
{
	for (size_t i = 0; i < s.length; i++) {
		if (s.start[i] == '\0' || strchr(bytes, s.start[i]) == NULL)
			return false;
	}
	return s.length > 0;
}

static bool holds(struct text_slice s, char c)
{
	return s.length > 0 && memchr(s.start, c, s.length) != NULL;
}

static struct text_slice behind(struct text_slice s, size_t n)
{
	return (struct text_slice){s.start + n, s.length - n};
}

static struct text_slice front(struct text_slice s, size_t n)
{
	return (struct text_slice){s.start, n};
}

static bool is_reserved(struct text_slice s)
{
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
		if (access_text_equals(s, reserved[i]))
			return true;
	}
	return false;
}

/* --- IPv6 --- */

/* Digits to a number up to `most`; -1 otherwise. */
static int number_of(struct text_slice s, int most)
{
	int n = 0;
	if (s.length == 0)
		return -1;
	for (size_t i = 0; i < s.length; i++) {
		if (s.start[i] < '0' || s.start[i] > '9')
			return -1;
		n = n * 10 + (s.start[i] - '0');
		if (n > most)
			return -1;
	}
	return n;
}

static bool parse_v6(struct text_slice s, struct addr *a)
{
	const char *zone = s.length ? memchr(s.start, '%', s.length) : NULL;
	/* A zone holds no colon: what ends in one is followed by options. */
	if (zone != NULL && memchr(zone, ':', (size_t)(s.start + s.length - zone)))
		return false;
	if (zone != NULL)
		s.length = (size_t)(zone - s.start);
	return holds(s, ':') && addr_parse(s.start, s.length, a);
}

/* "2001:db8:" and "2001:db8:*": groups in front, and an open end. */
static bool is_v6_beginning(struct text_slice s, unsigned *groups)
{
	unsigned digits = 0;
	if (s.length > 1 && s.start[s.length - 1] == '*')
		s.length--;
	if (s.length < 4 || s.start[s.length - 1] != ':' || s.start[0] == ':')
		return false;
	*groups = 0;
	for (size_t i = 0; i < s.length; i++) {
		if (s.start[i] == ':') {
			if (digits == 0)
				return false;
			digits = 0;
			++*groups;
		} else if (!has_only(front(behind(s, i), 1), "0123456789abcdefABCDEF") ||
			   ++digits > 4) {
			return false;
		}
	}
	/* "cafe:bad:" may as well be two names with their colons. */
	return *groups >= 2 && *groups < 8 && has_only(front(s, 1), "0123456789fF");
}

bool access_lint_word_bare_v6(struct text_slice word, struct access_draft *fix)
{
	struct addr a;
	unsigned groups;
	if (is_v6_beginning(word, &groups)) {
		size_t length = word.start[word.length - 1] == '*' ? word.length - 1 : word.length;
		access_draft_add_text(fix, "[");
		access_draft_add(fix, word.start, length);
		access_draft_printf(fix, ":]/%u", groups * 16);
		return true;
	}
	const char *slash = word.length ? memchr(word.start, '/', word.length) : NULL;
	struct text_slice address = slash ? front(word, (size_t)(slash - word.start)) : word;
	if (!parse_v6(address, &a) || addr_is_none(&a))
		return false;
	access_draft_add_text(fix, "[");
	access_draft_add_slice(fix, address);
	access_draft_add_text(fix, "]");
	access_draft_add_slice(fix, behind(word, address.length));
	return true;
}

static enum access_lint_code judge_mapped(const struct addr *a, struct text_slice length,
	struct text_slice word, struct access_draft *fix)
{
	(void)word;
	int bits = length.length > 1 ? number_of(behind(length, 1), 128) : 128;
	access_draft_add_text(fix, addr_to_text(a).text);
	if (bits < 97) /* more than IPv4, or no number */
		access_draft_clear(fix);
	else if (bits < 128)
		access_draft_printf(fix, "/%d", bits - 96);
	return ACCESS_LINT_MAPPED_V4;
}

static enum access_lint_code judge_host_bits(const struct addr *a, unsigned bits, struct access_draft *fix)
{
	const struct prefix p = prefix_of(a, bits);
	if (addr_equal(&p.base, a))
		return NOTHING;
	if (bits > 0)
		access_draft_printf(fix, "[%s]/%u", addr_to_text(&p.base).text, bits);
	return ACCESS_LINT_V6_HOST_BITS;
}

/* What stands behind ']': a slash and its rest. */
static enum access_lint_code judge_v6_length(
	struct text_slice address, struct text_slice length, struct access_draft *fix)
{
	struct text_slice digits = behind(length, 1);
	size_t n = 0;
	while (n < digits.length && digits.start[n] >= '0' && digits.start[n] <= '9')
		n++;
	int bits = number_of(front(digits, n), 128);
	bool zero_in_front = n > 1 && digits.start[0] == '0';
	if (n == digits.length && bits >= 0)
		return zero_in_front ? ACCESS_LINT_LEADING_ZERO : NOTHING;
	/* Without a number it is all of IPv6; whether the address alone was meant, nobody knows. */
	if (n > 0 && bits >= 0) {
		access_draft_add_slice(fix, address);
		access_draft_printf(fix, "/%d", bits);
	}
	return ACCESS_LINT_V6_LENGTH;
}

static enum access_lint_code judge_brackets(struct text_slice word, struct access_draft *fix)
{
	const char *close = memchr(word.start, ']', word.length);
	if (close == NULL)
		return ACCESS_LINT_BAD_ADDRESS;
	struct text_slice inside = {word.start + 1, (size_t)(close - word.start) - 1};
	struct text_slice rest = behind(word, inside.length + 2);
	struct addr a;
	const char *slash = inside.length ? memchr(inside.start, '/', inside.length) : NULL;
	if (slash != NULL && rest.length == 0) {
		access_draft_add(fix, word.start, (size_t)(slash - word.start));
		access_draft_add_text(fix, "]");
		access_draft_add(fix, slash, (size_t)(close - slash));
		return ACCESS_LINT_V6_LENGTH;
	}
	if (!holds(inside, ':') && addr_parse(inside.start, inside.length, &a)) {
		access_draft_add_slice(fix, inside);
		access_draft_add_slice(fix, rest);
		return ACCESS_LINT_V4_IN_BRACKETS;
	}
	if (!parse_v6(inside, &a))
		return ACCESS_LINT_BAD_ADDRESS;
	if (addr_is_v4(&a))
		return judge_mapped(&a, rest, word, fix);
	const enum access_lint_code good = holds(inside, '%') ? ACCESS_LINT_ZONE : NOTHING;
	if (rest.length == 0)
		return good;
	if (rest.start[0] != '/')
		return ACCESS_LINT_BAD_ADDRESS;
	enum access_lint_code code = judge_v6_length(front(word, inside.length + 2), rest, fix);
	if (code == ACCESS_LINT_LEADING_ZERO) {
		access_draft_add_slice(fix, front(word, inside.length + 2));
		access_draft_printf(fix, "/%d", number_of(behind(rest, 1), 128));
	}
	if (code == NOTHING && good == NOTHING)
		return judge_host_bits(&a, (unsigned)number_of(behind(rest, 1), 128), fix);
	return code == NOTHING ? good : code;
}

/* --- the other forms --- */

/* Numbers with * and ?: "10.*", "10.*.*.*" are beginnings; of the rest nobody knows. */
static enum access_lint_code judge_glob(struct text_slice word, struct access_draft *fix)
{
	if (has_only(word, "*?.")) {
		access_draft_add_text(fix, has_only(word, "*") ? "ALL" : "");
		return ACCESS_LINT_GLOB_ALL;
	}
	if (!has_only(word, "0123456789.*?/") || !has_only(front(word, 1), "0123456789"))
		return NOTHING;
	size_t length = word.length;
	while (length > 2 && word.start[length - 1] == '*' && word.start[length - 2] == '.')
		length -= 2;
	struct text_slice rest = front(word, length);
	if (length < word.length && has_only(rest, "0123456789.") &&
		rest.start[length - 1] != '.') {
		access_draft_add_slice(fix, rest);
		access_draft_add_text(fix, ".");
	}
	return ACCESS_LINT_GLOB_ON_NAMES;
}

static enum access_lint_code judge_marks(struct text_slice word, struct access_draft *fix)
{
	struct text_slice bare = word;
	while (bare.length > 0 && strchr("\"'`;()<>=", bare.start[0]) != NULL && bare.start[0])
		bare = behind(bare, 1);
	while (bare.length > 0 && strchr("\"'`;()<>=", bare.start[bare.length - 1]) != NULL &&
		bare.start[bare.length - 1])
		bare.length--;
	if (bare.length == word.length)
		return NOTHING;
	access_draft_add_slice(fix, bare);
	return ACCESS_LINT_STRAY_MARK;
}

/* Words in capitals that are near to a reserved one, and what people write for ALL. */
static enum access_lint_code judge_misspelt(struct text_slice word, struct access_draft *fix)
{
	char text[WORD_GUESS_LENGTH + 1];
	if (access_text_equals(word, "ANY")) {
		access_draft_add_text(fix, "ALL");
		return ACCESS_LINT_MISSPELT_WORD;
	}
	if (word.length < 3 || word.length >= sizeof text ||
		!has_only(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return NOTHING;
	memcpy(text, word.start, word.length);
	text[word.length] = '\0';
	struct word_guess guess = word_guess_of(text);
	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		word_guess_offer(&guess, reserved[i]);
	if (guess.best == NULL)
		return NOTHING;
	access_draft_add_text(fix, guess.best);
	return ACCESS_LINT_MISSPELT_WORD;
}

static enum access_lint_code judge_name(
	struct text_slice word, bool in_file, struct access_draft *fix)
{
	if (holds(word, ':') || holds(word, '\0')) {
		if (in_file && access_lint_word_bare_v6(word, fix)) {
			if (holds(word, '/'))
				return ACCESS_LINT_BARE_V6;
			access_draft_clear(fix); /* the text alone is compared as it stands */
			return NOTHING;
		}
		return ACCESS_LINT_BAD_ADDRESS;
	}
	enum access_lint_code code = judge_marks(word, fix);
	if (code == NOTHING && word.length > 1 && holds(word, '#'))
		return ACCESS_LINT_STRAY_MARK;
	return code != NOTHING ? code : judge_misspelt(word, fix);
}

/* "example.com." and ".example.com."; "mail." may be meant. */
static enum access_lint_code judge_name_dot(struct text_slice word, struct access_draft *fix)
{
	if (memchr(word.start + 1, '.', word.length - 2))
		access_draft_add(fix, word.start, word.length - 1);
	return ACCESS_LINT_NAME_DOT;
}

static bool is_shell_pattern(struct text_slice word)
{
	for (size_t i = 0; i < word.length; i++) {
		if (word.start[i] != '\0' && strchr("[]{}|^$", word.start[i]))
			return true;
	}
	return false;
}

enum access_lint_code access_lint_word_host(
	struct text_slice word, bool in_file, struct access_draft *fix)
{
	if (word.length == 0 || word.length > WORD_MAX || word.start[0] == '@' ||
		word.start[0] == '/' || is_reserved(word))
		return NOTHING;
	if (word.start[0] == '[')
		return judge_brackets(word, fix);
	if (is_shell_pattern(word))
		return ACCESS_LINT_SHELL_PATTERN;
	if (holds(word, '*') || holds(word, '?'))
		return judge_glob(word, fix);
	const bool has_dot = word.length > 2 && word.start[word.length - 1] == '.';
	if (word.start[0] == '.') {
		if (has_only(behind(word, 1), "0123456789."))
			return ACCESS_LINT_SUFFIX_ON_ADDRESS;
		return has_dot ? judge_name_dot(word, fix) : NOTHING;
	}
	/* Only what begins like a number is an address; "3com.example" is a name. */
	if (has_only(front(word, 1), "0123456789") && access_lint_net_is_numeric(word))
		return access_lint_net_judge(word, fix);
	if (holds(word, '/') && !holds(word, ':'))
		return ACCESS_LINT_BAD_ADDRESS;
	if (has_dot && !holds(word, ':') && !has_only(word, "0123456789."))
		return judge_name_dot(word, fix);
	return judge_name(word, in_file, fix);
}

/* "22/tcp", "tcp/22", "20-25": a port is its number alone. */
static enum access_lint_code judge_port(struct text_slice word, struct access_draft *fix)
{
	const char *mark = word.length ? memchr(word.start, '/', word.length) : NULL;
	if (mark == NULL)
		mark = word.length ? memchr(word.start, '-', word.length) : NULL;
	if (mark == NULL)
		return NOTHING;
	struct text_slice a = front(word, (size_t)(mark - word.start)), b = behind(word, a.length + 1);
	if (*mark == '-')
		return number_of(a, 65535) >= 0 && number_of(b, 65535) >= 0 ? ACCESS_LINT_PORT_FORM : NOTHING;
	struct text_slice number = number_of(a, 65535) >= 0 ? a : b, protocol = number.start == a.start ? b : a;
	if (number_of(number, 65535) < 0 || (!access_text_equals(protocol, "tcp") && !access_text_equals(protocol, "udp")))
		return NOTHING;
	if (access_text_equals(protocol, "tcp"))
		access_draft_add_slice(fix, number);
	return ACCESS_LINT_PORT_FORM;
}

/* What begins a comment elsewhere. */
static bool is_comment_mark(struct text_slice word)
{
	return (word.length >= 2 && (memcmp(word.start, "//", 2) == 0 || memcmp(word.start, "--", 2) == 0)) ||
	       has_only(word, ";%");
}

enum access_lint_code access_lint_word_daemon(struct text_slice word, struct access_draft *fix)
{
	if (word.length == 0 || word.length > WORD_MAX)
		return NOTHING;
	if (is_comment_mark(word))
		return ACCESS_LINT_COMMENT_MARK;
	if (word.start[0] == '/') {
		const char *last = word.start + word.length;
		while (last > word.start && last[-1] != '/')
			last--;
		access_draft_add(fix, last, (size_t)(word.start + word.length - last));
		return ACCESS_LINT_DAEMON_PATH;
	}
	if (word.start[0] == '@' || access_text_equals(word, "LOCAL") ||
		access_text_equals(word, "PARANOID"))
		return ACCESS_LINT_DAEMON_FORM;
	if (has_only(word, "0123456789"))
		return number_of(word, 65535) < 0 ? ACCESS_LINT_DAEMON_PORT : NOTHING;
	if (is_reserved(word))
		return NOTHING;
	enum access_lint_code code = judge_port(word, fix);
	if (code == NOTHING)
		code = judge_marks(word, fix);
	return code != NOTHING ? code : judge_misspelt(word, fix);
}

bool access_lint_word_needs_name(struct text_slice word)
{
	if (word.length == 0 || access_text_equals(word, "ALL") || word.start[0] == '/' ||
		word.start[0] == '[')
		return false;
	return !has_only(word, "0123456789./") &&
	       !(holds(word, ':') && has_only(word, "0123456789abcdefABCDEF:./%"));
}
