/* SPDX-License-Identifier: ISC */
#include "access/access_list.h"

#include "access/access_rule.h"
#include "access/access_text.h"

/* With OTHER turned round, so that whatever is not named here is that. */
enum { AT = 8, SEPARATOR = 16 };
static const unsigned char letter_kind[256] = {
	['0' ... '9'] = ACCESS_LIST_OTHER,
	['.'] = ACCESS_LIST_OTHER,
	['/'] = ACCESS_LIST_SLASH | ACCESS_LIST_OTHER,
	['*'] = ACCESS_LIST_GLOB,
	['?'] = ACCESS_LIST_GLOB,
	['@'] = AT,
	[' '] = SEPARATOR,
	['\t'] = SEPARATOR,
	['\r'] = SEPARATOR,
	['\n'] = SEPARATOR,
	[','] = SEPARATOR,
};

static unsigned kind_of(char c)
{
	return letter_kind[(unsigned char)c] ^ (unsigned)ACCESS_LIST_OTHER;
}

static struct access_list_part part_with(struct text_slice text, unsigned kinds)
{
	return (struct access_list_part){text, kinds & (ACCESS_LIST_SLASH | ACCESS_LIST_GLOB | ACCESS_LIST_OTHER)};
}

struct access_list_part access_list_part_of(struct text_slice text)
{
	unsigned kinds = 0;
	for (size_t i = 0; i < text.length; i++)
		kinds |= kind_of(text.start[i]);
	return part_with(text, kinds);
}

static bool has_except_with(struct text_slice list, char x)
{
	static const char except[] = "EXCEPT";
	enum { BEFORE = 1, LENGTH = sizeof except - 1 };
	const char *at = list.start, *end = at + list.length;
	while ((at = memchr(at, x, (size_t)(end - at))) != NULL) {
		if (at - list.start >= BEFORE && end - at >= LENGTH - BEFORE && access_text_same(at - BEFORE, except, LENGTH))
			return true;
		at++;
	}
	return false;
}

bool access_list_may_except(struct text_slice list)
{
	return has_except_with(list, 'x') || has_except_with(list, 'X');
}

/* As access_rule_next_word, with what it is made of: every letter of every list is looked at here, and once. */
static bool next_part(struct text_slice *text, struct text_slice *out, unsigned *kinds)
{
	const char *at = text->start, *end = at + text->length;
	unsigned kind = 0;
	while (at < end && (kind_of(*at) & SEPARATOR))
		at++;
	out->start = at;
	for (*kinds = 0; at < end && !((kind = kind_of(*at)) & SEPARATOR); at++)
		*kinds |= kind;
	out->length = (size_t)(at - out->start);
	*text = (struct text_slice){at, (size_t)(end - at)};
	return out->length > 0;
}

bool access_list_cut(struct text_slice *text, struct access_list_word *word)
{
	struct text_slice all, host;
	unsigned kinds;
	if (!next_part(text, &all, &kinds))
		return false;
	word->is_except = access_rule_is_except(all);
	word->has_host = (kinds & AT) && access_rule_cut_host(&all, &host);
	word->part = word->has_host ? access_list_part_of(all) : part_with(all, kinds);
	if (word->has_host)
		word->host = access_list_part_of(host);
	return true;
}
