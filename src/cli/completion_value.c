/* SPDX-License-Identifier: ISC */
#include "cli/completion_value.h"

#include "base/text_buffer.h"
#include "base/text_slice.h"

#include <string.h>

#define WORD_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define MARKS " []."

static struct text_buffer words_of(struct completion_value *v)
{
	return text_buffer_over(v->words, sizeof v->words);
}

static void add_word(struct text_buffer *words, const char *word, size_t length)
{
	if (words->used > 0)
		text_buffer_add(words, " ");
	text_buffer_add_bytes(words, word, length);
}

static bool is_word(const char *text, size_t length)
{
	return length > 0 && strspn(text, WORD_LETTERS) >= length;
}

static size_t skip_marks(const char *text, size_t length)
{
	size_t n = 0;
	while (n < length && strchr(MARKS, text[n]) != NULL)
		n++;
	return n;
}

/* The next word of an alternative; false where there is none. */
static bool next_token(struct text_slice *rest, struct text_slice *token)
{
	size_t marks = skip_marks(rest->start, rest->length), length = 0;
	rest->start += marks;
	rest->length -= marks;
	while (length < rest->length && strchr(MARKS, rest->start[length]) == NULL)
		length++;
	*token = (struct text_slice){rest->start, length};
	rest->start += length;
	rest->length -= length;
	return length > 0;
}

static bool next_alternative(const char **at, struct text_slice *out)
{
	size_t length = strcspn(*at, "|");
	*out = (struct text_slice){*at, length};
	bool any = **at != '\0';
	*at += length + ((*at)[length] == '|');
	return any;
}

/* Of the words the first alone, or all. */
static void take_tokens(
	struct text_slice alternative, bool all_words, struct completion_value *v, struct text_buffer *words)
{
	struct text_slice token;
	for (bool first = true; next_token(&alternative, &token); first = false) {
		if ((first || all_words) && is_word(token.start, token.length))
			add_word(words, token.start, token.length);
		v->files |= text_slice_equals(token, "FILE");
		v->directories |= text_slice_equals(token, "DIR");
	}
}

struct completion_value completion_value_of_operands(const char *synopsis)
{
	struct completion_value v = {0};
	struct text_buffer words = words_of(&v);
	struct text_slice alternative;
	while (next_alternative(&synopsis, &alternative))
		take_tokens(alternative, false, &v, &words);
	return v;
}

struct completion_value completion_value_behind(const char *synopsis, const char *word)
{
	struct completion_value v = {0};
	struct text_buffer words = words_of(&v);
	struct text_slice alternative, first;
	while (next_alternative(&synopsis, &alternative)) {
		if (next_token(&alternative, &first) && text_slice_equals(first, word))
			take_tokens(alternative, true, &v, &words);
	}
	return v;
}

/* Copies a help text without what stands in round brackets. */
static void leave_remarks_out(const char *help, struct text_buffer *out)
{
	unsigned depth = 0;
	for (const char *c = help; *c != '\0'; c++) {
		if (*c == '(') {
			/* The blank before the remark goes with it. */
			if (depth++ == 0 && out->used > 0 && out->text[out->used - 1] == ' ')
				out->text[--out->used] = '\0';
		} else if (*c == ')' && depth > 0) {
			depth--;
		} else if (depth == 0) {
			text_buffer_add_bytes(out, c, 1);
		}
	}
}

/* Takes "one, two or three" word by word; false if the text is anything else. */
static bool take_list(const char *text, struct text_buffer *words)
{
	bool last = false;
	for (;;) {
		size_t length = strspn(text, WORD_LETTERS);
		if (!is_word(text, length))
			return false;
		add_word(words, text, length);
		text += length;
		if (*text == '\0')
			return last && !words->cut;
		if (last)
			return false;
		last = strncmp(text, " or ", 4) == 0;
		if (!last && strncmp(text, ", ", 2) != 0)
			return false;
		text += last ? 4 : 2;
	}
}

struct completion_value completion_value_of_option(const struct option_row *option)
{
	struct completion_value v = {0};
	char help[256];
	struct text_buffer bare = text_buffer_over(help, sizeof help);
	if (option->value == NULL)
		return v;
	v = completion_value_of_operands(option->value);
	if (!completion_value_is_free(&v))
		return v;
	struct text_buffer words = words_of(&v);
	leave_remarks_out(option->help, &bare);
	if (bare.cut || !take_list(bare.text, &words))
		v.words[0] = '\0';
	return v;
}

bool completion_value_is_free(const struct completion_value *value)
{
	return value->words[0] == '\0' && !value->files && !value->directories;
}
