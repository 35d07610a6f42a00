/* SPDX-License-Identifier: ISC */
#include "access/access_strict.h"

#include "access/access_grammar.h"
#include "access/access_grammar_fault.h"
#include "access/access_text.h"
#include "base/text_buffer.h"

#include <stdio.h>

static bool tell(struct access_option_fault *why, const char *text)
{
	if (why)
		snprintf(why->text, sizeof why->text, "%s", text);
	return true;
}

/* --- splitting --- */

static struct text_slice rest_from(const char *at, struct text_slice whole)
{
	return (struct text_slice){at, (size_t)(whole.start + whole.length - at)};
}

/* How much of a token is an address or a prefix of IPv6 without brackets, with the user before it; 0: it is none. */
static size_t bare_v6_of(struct text_slice token)
{
	if (!memchr(token.start, ':', token.length))
		return 0;
	const char *at = token.length > 1 ? memchr(token.start + 1, '@', token.length - 1) : NULL;
	const struct text_slice host = at ? rest_from(at + 1, token) : token;
	const size_t length = host.length > 0 ? access_grammar_bare_v6(host) : 0;
	return length > 0 ? (size_t)(host.start - token.start) + length : 0;
}

/* Where the ':' stands that ends the clients; null where none does. */
static const char *end_of_clients(struct text_slice clients)
{
	struct text_slice rest = clients, token;
	int brackets = 0;
	while (access_rule_next_word(&rest, &token)) {
		size_t i = brackets == 0 ? bare_v6_of(token) : 0;
		for (; i < token.length; i++) {
			const char c = token.start[i];
			if (c == ':' && brackets == 0)
				return token.start + i;
			brackets += (c == '[') - (c == ']');
		}
	}
	return NULL;
}

enum access_rule_form access_strict_split(struct text_slice line, struct access_rule *out)
{
	const enum access_rule_form form = access_rule_split(line, out);
	if (form != ACCESS_RULE_RULE || !out->has_options)
		return form;
	const struct text_slice clients = rest_from(out->clients.start, line);
	const char *end = end_of_clients(clients);
	out->has_options = end != NULL;
	out->clients.length = end ? (size_t)(end - clients.start) : clients.length;
	out->options = rest_from(end ? end + 1 : line.start + line.length, line);
	return form;
}

/* --- lists --- */

static bool tell_word(struct access_option_fault *why, bool of_daemons, struct text_slice word)
{
	struct access_grammar_fault fault;
	_Static_assert(sizeof fault.text == sizeof why->text, "a reason fits");
	if (!why)
		return true;
	fault = of_daemons ? access_grammar_fault_of_daemon(word) : access_grammar_fault_of_client(word);
	return tell(why, fault.text);
}

static bool list_is_broken(struct text_slice list, bool of_daemons, struct access_option_fault *why)
{
	struct text_slice word;
	unsigned words = 0; /* since the last EXCEPT */
	while (access_rule_next_word(&list, &word)) {
		if (access_rule_is_except(word)) {
			if (words == 0)
				return tell(why, "nothing stands before EXCEPT");
			words = 0;
			if (!access_rule_next_word(&list, &word))
				return tell(why, "nothing stands behind EXCEPT");
			if (access_rule_is_except(word))
				return tell(why, "nothing stands before EXCEPT");
		}
		if (!(of_daemons ? access_grammar_takes_daemon(word) : access_grammar_takes_client(word)))
			return tell_word(why, of_daemons, word);
		words++;
	}
	return words == 0 && tell(why, of_daemons ? "the list of daemons is empty" : "the list of clients is empty");
}

static bool see_all(void *self, const struct access_option *option)
{
	(void)self;
	(void)option;
	return true;
}

static bool options_are_broken(struct text_slice options, struct access_option_fault *why)
{
	const enum access_option_walk result = access_option_walk(options, see_all, NULL, why);
	if (result == ACCESS_OPTION_WALK_NO_MEMORY)
		return tell(why, "no memory to read the options");
	return result == ACCESS_OPTION_WALK_FAULT;
}

static bool looks_like_v6(struct text_slice word)
{
	unsigned colons = 0;
	for (size_t i = 0; i < word.length && word.start[i] != '%'; i++) {
		if (word.start[i] == '\0' || !strchr("0123456789abcdefABCDEF:./", word.start[i]))
			return false;
		colons += word.start[i] == ':';
	}
	return colons > 1;
}

/* Where the clients end in the middle of what was to be an address, that is what is wrong: "2001:db8::1/32" has bits behind
 * its length, and not a client "2001". */
static void tell_torn_address(const struct access_rule *rule, struct access_option_fault *why)
{
	const char *from = rule->clients.start + rule->clients.length, *to = from;
	const char *const end = rule->options.start + rule->options.length;
	while (from > rule->clients.start && !access_text_is_separator(from[-1]))
		from--;
	while (to < end && !access_text_is_separator(*to))
		to++;
	struct text_slice word = {from, (size_t)(to - from)};
	if (word.length > 0 && to[-1] == ':')
		word.length--;
	if (looks_like_v6(word))
		tell(why, access_grammar_fault_of_host(word).text);
}

/* "sshd@fd12::1: ALL" is not for the host "fd12": an address of ours needs its brackets. */
static bool has_torn_daemon(const struct access_rule *rule, struct access_option_fault *why)
{
	enum { SHOWN = 60 };
	const struct text_slice daemons = rule->daemons;
	const char *end = daemons.start + daemons.length, *from = end, *to = end;
	const char *const line_end = rule->options.start + rule->options.length;
	while (from > daemons.start && !access_text_is_separator(from[-1]))
		from--;
	const char *at = end - from > 1 ? memchr(from + 1, '@', (size_t)(end - from) - 1) : NULL;
	while (to < line_end && !access_text_is_separator(*to))
		to++;
	if (!at || ++at == to)
		return false;
	struct text_slice word = {at, (size_t)(to - at)};
	word.length -= to[-1] == ':';
	if (!looks_like_v6(word) || !why)
		return looks_like_v6(word);
	struct text_buffer b = text_buffer_over(why->text, sizeof why->text);
	text_buffer_add(&b, "an IPv6 address of this host needs brackets: \"@[");
	text_buffer_add_escaped(&b, word.start, word.length < SHOWN ? word.length : SHOWN);
	text_buffer_add(&b, "]\"");
	return true;
}

bool access_strict_daemons_are_broken(const struct access_rule *rule, struct access_option_fault *why)
{
	return list_is_broken(rule->daemons, true, why) || has_torn_daemon(rule, why);
}

bool access_strict_rest_is_broken(const struct access_rule *rule, struct access_option_fault *why)
{
	const bool broken = list_is_broken(rule->clients, false, why) || (rule->has_options && options_are_broken(rule->options, why));
	if (broken && why && rule->has_options)
		tell_torn_address(rule, why);
	return broken;
}

bool access_strict_text_is_broken(struct text_slice line, struct access_option_fault *why)
{
	struct access_rule rule;
	switch (access_strict_split(line, &rule)) {
	case ACCESS_RULE_BLANK:
	case ACCESS_RULE_COMMENT:
		return false;
	case ACCESS_RULE_NO_SEPARATOR:
		return tell(why, "missing \":\" between daemons and clients");
	case ACCESS_RULE_RULE:
		return access_strict_daemons_are_broken(&rule, why) || access_strict_rest_is_broken(&rule, why);
	}
	return false;
}

bool access_strict_line_is_odd(const struct access_line *line, struct access_option_fault *why)
{
	if (line->cut_by_nul)
		return tell(why, "a NUL byte in the line");
	if (line->text.length > 0 && line->text.start[0] == '#' && line->number > line->first)
		return tell(why, "the comment goes on in the next line");
	return false;
}
