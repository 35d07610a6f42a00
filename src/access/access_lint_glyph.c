/* SPDX-License-Identifier: ISC */
#include "access/access_lint_glyph.h"

#include "access/access_text.h"
#include "base/utf8.h"

/* Characters from `first` to `last` look like `like`; an empty text: like nothing. */
static const struct {
	unsigned first, last;
	const char *like;
} glyphs[] = {
	{0xa0, 0xa0, " "}, {0xab, 0xab, ""}, {0xad, 0xad, ""}, {0xbb, 0xbb, ""}, {0x2000, 0x200a, " "}, {0x200b, 0x200f, ""},
	{0x2010, 0x2015, "-"}, {0x2018, 0x201f, ""}, {0x202f, 0x202f, " "}, {0x205f, 0x205f, " "}, {0x2060, 0x2064, ""},
	{0x2212, 0x2212, "-"}, {0x3000, 0x3000, " "}, {0x3001, 0x3001, ","}, {0x3002, 0x3002, "."}, {0xfeff, 0xfeff, ""},
};

/* The character that begins here, and its bytes; what is no UTF-8 is one byte. */
static unsigned character_at(const char *at, size_t left, size_t *length)
{
	const char *end = at;
	uint32_t code;
	const bool is_character = utf8_take(&end, at + left, &code);
	*length = is_character ? (size_t)(end - at) : 1;
	return is_character ? code : (unsigned char)*at;
}

/* Null: like nothing that is known. */
static const char *likeness(unsigned c, char wide[2])
{
	for (size_t i = 0; i < sizeof glyphs / sizeof *glyphs; i++) {
		if (c >= glyphs[i].first && c <= glyphs[i].last)
			return glyphs[i].like;
	}
	if (c < 0xff01 || c > 0xff5e)
		return NULL;
	wide[0] = (char)(c - 0xff01 + '!');
	wide[1] = '\0';
	return wide;
}

static struct text_slice word_around(struct text_slice line, size_t at)
{
	size_t from = at, end = at;
	while (from > 0 && !access_text_is_separator(line.start[from - 1]))
		from--;
	while (end < line.length && !access_text_is_separator(line.start[end]))
		end++;
	return (struct text_slice){line.start + from, end - from};
}

bool access_lint_glyph_mend(struct access_draft *line, bool whole, const struct access_lint_hearer *h)
{
	struct access_draft out = {0};
	const struct text_slice text = access_draft_slice(line);
	const char *told = text.start;
	bool changed = false;
	int depth = 0, colons = 0;
	size_t length, i = 0;
	for (; i < text.length && (whole || colons < 2); i += length) {
		char wide[2], plain[2] = {text.start[i], '\0'};
		unsigned c = character_at(text.start + i, text.length - i, &length);
		const char *like = c < 0x80 ? plain : likeness(c, wide);
		if (c >= 0x80 && text.start + i >= told) {
			struct text_slice word = word_around(text, i);
			access_lint_tell(h, ACCESS_LINT_NON_ASCII, word);
			told = word.start + word.length;
		}
		changed = changed || (c >= 0x80 && like != NULL);
		if (like == NULL || c < 0x80)
			access_draft_add(&out, text.start + i, length);
		else
			access_draft_add_text(&out, like);
		depth += like ? (like[0] == '[') - (like[0] == ']') : 0;
		colons += like && like[0] == ':' && depth == 0;
	}
	if (changed && !out.failed)
		access_draft_replace(line, 0, i, access_draft_slice(&out));
	access_draft_free(&out);
	return changed;
}
