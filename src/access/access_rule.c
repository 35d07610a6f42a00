/* SPDX-License-Identifier: ISC */
#include "access/access_rule.h"

#include "access/access_text.h"

/* The end of the bracket at `at`, if that is near and no other begins before it; else `at`. */
static const char *end_of_plain_bracket(const char *at, const char *end)
{
	enum { NEAR = 64 }; /* an address; a line of nothing but brackets is not searched to its end for each */
	const char *closed = memchr(at, ']', (size_t)(end - at < NEAR ? end - at : NEAR));
	return closed != NULL && memchr(at + 1, '[', (size_t)(closed - at) - 1) == NULL ? closed : at;
}

/* Past brackets. */
static const char *find_outside(struct text_slice text, char wanted)
{
	int brackets = 0;
	for (const char *at = text.start, *end = at + text.length; at < end; at++) {
		if (*at == wanted && brackets == 0)
			return at;
		const char *closed = *at == '[' && brackets >= 0 ? end_of_plain_bracket(at, end) : at;
		if (closed == at)
			brackets += (*at == '[') - (*at == ']');
		at = closed;
	}
	return NULL;
}

bool access_rule_cut(struct text_slice *text, char at, struct text_slice *behind)
{
	const char *found = text->length > 0 ? memchr(text->start, at, text->length) : NULL;
	if (found == NULL)
		return false;
	const size_t before = (size_t)(found - text->start);
	if (before > 0 && (memchr(text->start, '[', before) != NULL || memchr(text->start, ']', before) != NULL))
		found = find_outside(*text, at);
	if (found == NULL)
		return false;
	*behind = (struct text_slice){found + 1, (size_t)(text->start + text->length - found) - 1};
	text->length = (size_t)(found - text->start);
	return true;
}

bool access_rule_cut_host(struct text_slice *word, struct text_slice *host)
{
	if (!memchr(word->start, '@', word->length))
		return false;
	struct text_slice rest = {word->start + 1, word->length - 1};
	if (!access_rule_cut(&rest, '@', host))
		return false;
	word->length = rest.length + 1;
	return true;
}

static bool is_blank(struct text_slice line)
{
	for (size_t i = 0; i < line.length; i++) {
		if (!access_text_is_space(line.start[i]))
			return false;
	}
	return true;
}

enum access_rule_form access_rule_split(struct text_slice line, struct access_rule *out)
{
	if (line.length > 0 && line.start[0] == '#')
		return ACCESS_RULE_COMMENT;
	if (is_blank(line))
		return ACCESS_RULE_BLANK;
	struct text_slice clients, options = {line.start + line.length, 0};
	if (!access_rule_cut(&line, ':', &clients))
		return ACCESS_RULE_NO_SEPARATOR;
	out->has_options = access_rule_cut(&clients, ':', &options);
	out->daemons = line;
	out->clients = clients;
	out->options = options;
	return ACCESS_RULE_RULE;
}

bool access_rule_next_word(struct text_slice *list, struct text_slice *word)
{
	const char *at = list->start, *end = at + list->length;
	while (at < end && access_text_is_separator(*at))
		at++;
	word->start = at;
	while (at < end && !access_text_is_separator(*at))
		at++;
	word->length = (size_t)(at - word->start);
	*list = (struct text_slice){at, (size_t)(end - at)};
	return word->length > 0;
}

bool access_rule_is_except(struct text_slice word)
{
	return access_text_equals(word, "EXCEPT");
}
