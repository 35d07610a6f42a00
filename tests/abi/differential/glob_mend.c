/* SPDX-License-Identifier: ISC */
#include "glob_mend.h"

#include <ctype.h>
#include <string.h>

enum {
	SHORTEST = 8,     /* below that a glob is not slow */
	STARS = 3,
	LONGEST_GLOB = 2048,
	LONGEST_TEXT = 127 /* the original compares no more of a name */
};

static bool is_letter(char pattern, char text)
{
	return pattern == '?' || tolower((unsigned char)pattern) == tolower((unsigned char)text);
}

/*
 * From the end of the pattern to its beginning: which rests of the text does the rest of the pattern fit? As the original, a `*`
 * at the end fits everything, but a `*` before another one or a `?` only where a letter is left.
 */
static bool fits(const char *pattern, size_t m, const char *text)
{
	const size_t n = strnlen(text, LONGEST_TEXT);
	bool rest[LONGEST_TEXT + 1], now[LONGEST_TEXT + 1];
	for (size_t j = 0; j <= n; j++)
		rest[j] = j == n;
	for (size_t i = m; i-- > 0;) {
		bool later = false; /* is there a place from here on where the rest fits, with a letter to begin at? */
		for (size_t j = n + 1; j-- > 0;) {
			later = later || (j < n && rest[j]);
			if (pattern[i] != '*')
				now[j] = j < n && is_letter(pattern[i], text[j]) && rest[j + 1];
			else
				now[j] = i + 1 == m || later;
		}
		memcpy(rest, now, sizeof rest);
	}
	return rest[0];
}

static bool fits_somebody(const struct access_case *c, const char *pattern, size_t length)
{
	for (unsigned i = 0; i < c->rounds; i++) {
		const struct case_caller *who = &c->caller[i];
		const char *const texts[] = {
			who->name, who->address, who->user, who->daemon, who->server_name, who->server_address, "unknown", "paranoid"};
		for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
			if (fits(pattern, length, texts[t]))
				return true;
		}
	}
	return false;
}

static bool mend_file(const struct access_case *c, struct case_file *f)
{
	bool mended = false;
	size_t length;
	for (size_t at = 0; f->kind == FILE_TEXT && at < f->length; at += length) {
		unsigned stars = 0;
		for (length = 0; at + length < f->length && !strchr(" \t\r\n\v\f,:@\\", f->bytes[at + length]); length++)
			stars += f->bytes[at + length] == '*';
		if (length >= SHORTEST && length <= LONGEST_GLOB && stars >= STARS && !fits_somebody(c, f->bytes + at, length)) {
			memset(f->bytes + at, 'x', length);
			mended = true;
		}
		length = length ? length : 1;
	}
	return mended;
}

bool glob_mend(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < 2; i++)
		mended |= mend_file(c, &c->table[i]);
	for (unsigned i = 0; i < CASE_ALL_LISTS; i++)
		mended |= mend_file(c, &c->list[i]);
	return mended;
}
