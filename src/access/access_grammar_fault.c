/* SPDX-License-Identifier: ISC */
/*
 * Most of what is refused is a trap that access_lint knows, with the words for it and what should be there. What it does not
 * mind in other tables is told here.
 */
#include "access/access_grammar_fault.h"

#include "access/access_grammar.h"
#include "access/access_lint_word.h"
#include "access/access_rule.h"
#include "base/text_buffer.h"

static bool is_capitals(struct text_slice word)
{
	for (size_t i = 0; i < word.length; i++) {
		if (word.start[i] < 'A' || word.start[i] > 'Z')
			return false;
	}
	return word.length > 1;
}

static bool has_any(struct text_slice word, const char *bytes)
{
	for (size_t i = 0; i < word.length; i++) {
		if (word.start[i] != '\0' && strchr(bytes, word.start[i]))
			return true;
	}
	return false;
}

static bool has_letter_or_digit(struct text_slice word)
{
	return has_any(word, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static bool is_reason(enum access_lint_code code)
{
	return code < ACCESS_LINT_CODES && access_lint_code_words(code)->level == ACCESS_LINT_FAULT && code != ACCESS_LINT_GLOB_ON_NAMES &&
	       code != ACCESS_LINT_BARE_V6;
}

/* Of IPv6, whose host bits the original does not mind, and of IPv4 without them. */
static const char *reason_of_v6(struct text_slice w, struct access_draft *fix)
{
	struct addr a;
	unsigned bits = 0;
	const bool brackets = w.start[0] == '[';
	const char *end = brackets ? memchr(w.start, ']', w.length) : memchr(w.start, '/', w.length);
	struct text_slice address = {w.start + brackets, end ? (size_t)(end - w.start) - brackets : w.length};
	const char *zone = memchr(address.start, '%', address.length);
	if (zone) {
		address.length = (size_t)(zone - address.start);
		if (addr_parse(address.start, address.length, &a))
			access_draft_printf(fix, "[%s]", addr_to_text(&a).text);
		return "a zone is not compared";
	}
	if (!end || !addr_parse(address.start, address.length, &a))
		return NULL;
	const char *length = end + brackets, *const last = w.start + w.length;
	if (last - length < 2 || *length++ != '/' || last - length > 3 || addr_is_v4(&a))
		return NULL;
	for (; length < last; length++) {
		if (*length < '0' || *length > '9')
			return NULL;
		bits = bits * 10 + (unsigned)(*length - '0');
	}
	if (bits > 128)
		return NULL;
	const struct prefix p = prefix_of(&a, bits);
	access_draft_printf(fix, "[%s]/%u", addr_to_text(&p.base).text, bits);
	return "bits are set behind the length";
}

static struct access_grammar_fault describe(struct text_slice w, const char *what, const struct access_draft *fix)
{
	enum { SHOWN = 50 };
	struct access_grammar_fault out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	text_buffer_add(&b, "\"");
	text_buffer_add_escaped(&b, w.start, w.length < SHOWN ? w.length : SHOWN);
	text_buffer_printf(&b, "%s\": %s", w.length > SHOWN ? "..." : "", what);
	if (fix && fix->used > 0 && fix->used <= SHOWN) {
		text_buffer_add(&b, "; write ");
		text_buffer_add_escaped(&b, fix->text, fix->used);
	}
	return out;
}

struct access_grammar_fault access_grammar_fault_of_host(struct text_slice w)
{
	struct access_draft fix = {0};
	const enum access_lint_code code = access_lint_word_host(w, false, &fix);
	const char *what = "no client of a strict table";
	if (is_reason(code) && code != ACCESS_LINT_BAD_ADDRESS) {
		what = access_lint_code_words(code)->title;
	} else {
		access_draft_clear(&fix);
		const char *reason = has_any(w, ":") ? reason_of_v6(w, &fix) : NULL;
		if (reason)
			what = reason;
		else if (is_capitals(w))
			what = "no word of the language, and a name is written in small letters";
		else if (has_any(w, "*?"))
			what = has_letter_or_digit(w) ? "could be an address or a name" : "fits everybody; write ALL";
		else if (is_reason(code))
			what = access_lint_code_words(code)->title;
	}
	const struct access_grammar_fault out = describe(w, what, &fix);
	access_draft_free(&fix);
	return out;
}

struct access_grammar_fault access_grammar_fault_of_client(struct text_slice w)
{
	struct text_slice user = w, host;
	if (!access_rule_cut_host(&user, &host))
		return access_grammar_fault_of_host(w);
	if (host.length > 0 && access_grammar_of_host(host).form == ACCESS_GRAMMAR_BROKEN)
		return access_grammar_fault_of_host(host);
	return describe(w, host.length > 0 ? "no user of a strict table" : "no client of a strict table", NULL);
}

struct access_grammar_fault access_grammar_fault_of_daemon(struct text_slice w)
{
	struct text_slice name = w, host;
	struct access_draft fix = {0};
	if (access_rule_cut_host(&name, &host) && access_grammar_takes_daemon(name))
		return access_grammar_fault_of_host(host);
	const enum access_lint_code code = access_lint_word_daemon(name, &fix);
	const char *what = "no daemon of a strict table";
	if (is_reason(code))
		what = access_lint_code_words(code)->title;
	else if (is_capitals(name))
		what = "no word of the language, and a daemon is written in small letters";
	const struct access_grammar_fault out = describe(w, what, &fix);
	access_draft_free(&fix);
	return out;
}
