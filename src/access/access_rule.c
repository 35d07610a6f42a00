/* SPDX-License-Identifier: ISC */
#include "access/access_rule.h"

#include "access/access_text.h"

bool access_rule_cut(struct text_slice *text, char at, struct text_slice *behind)
{
	int brackets = 0;
	for (size_t i = 0; i < text->length; i++) {
		char c = text->start[i];
		if (c == at && brackets == 0) {
			*behind = (struct text_slice){text->start + i + 1, text->length - i - 1};
			text->length = i;
			return true;
		}
		brackets += (c == '[') - (c == ']');
	}
	return false;
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

static bool is_separator(char c)
{
	return c == ',' || access_text_is_space(c);
}

bool access_rule_next_word(struct text_slice *list, struct text_slice *word)
{
	const char *at = list->start, *end = at + list->length;
	while (at < end && is_separator(*at))
		at++;
	word->start = at;
	while (at < end && !is_separator(*at))
		at++;
	word->length = (size_t)(at - word->start);
	*list = (struct text_slice){at, (size_t)(end - at)};
	return word->length > 0;
}

bool access_rule_is_except(struct text_slice word)
{
	return access_text_equals(word, "EXCEPT");
}
