/* SPDX-License-Identifier: ISC */
/*
 * The line is walked by its words, as blanks and commas part them, because colons part nothing reliably while a bracket
 * or an address is broken. Each word is mended, then its colons outside of brackets are counted: behind the
 * second one options begin, where brackets mean nothing and IPv6 may stand as it likes.
 */
#include "access/access_lint_brackets.h"

#include "access/access_lint_option.h"
#include "access/access_lint_word.h"
#include "access/access_text.h"
#include "net/addr.h"

#include <stdio.h>

struct mender {
	struct access_draft *line;
	const struct access_lint_hearer *hearer;
	unsigned colons; /* outside of brackets, so far */
	bool changed, unsure, denies;
};

static struct text_slice word_at(const struct access_draft *line, size_t from)
{
	size_t end = from;
	while (end < line->used && !access_text_is_separator(line->text[end]))
		end++;
	return (struct text_slice){line->text + from, end - from};
}

static bool is_v6(struct text_slice s)
{
	struct addr a;
	const char *zone = s.length ? memchr(s.start, '%', s.length) : NULL;
	size_t length = zone ? (size_t)(zone - s.start) : s.length;
	if (zone != NULL && memchr(zone, ':', s.length - length))
		return false;
	return length > 2 && memchr(s.start, ':', length) && addr_parse(s.start, length, &a);
}

static void insert(struct mender *m, size_t at, const char *text)
{
	access_draft_replace(m->line, at, 0, text_slice_of(text));
	m->changed = true;
}

/* '[' without ']': put it behind the longest address, or take the bracket away. */
static void mend_open(struct mender *m, size_t word, size_t open)
{
	struct text_slice w = word_at(m->line, word);
	access_lint_tell(m->hearer, ACCESS_LINT_STRAY_BRACKET, w);
	size_t end = word + w.length;
	while (end > open + 1 &&
		!is_v6((struct text_slice){m->line->text + open + 1, end - open - 1}))
		end--;
	if (end > open + 1)
		insert(m, end, "]");
	else
		access_draft_replace(m->line, open, 1, text_slice_of(""));
	m->changed = true;
}

/* ']' without '[': put it before the longest address, or take the bracket away. */
static void mend_close(struct mender *m, size_t word, size_t close)
{
	access_lint_tell(m->hearer, ACCESS_LINT_STRAY_BRACKET, word_at(m->line, word));
	for (size_t from = word; from < close; from++) {
		bool begins = from == word || m->line->text[from - 1] == '@' ||
			      m->line->text[from - 1] == ':';
		if (begins && is_v6((struct text_slice){m->line->text + from, close - from})) {
			insert(m, from, "[");
			return;
		}
	}
	access_draft_replace(m->line, close, 1, text_slice_of(""));
	m->changed = true;
}

static void mend_brackets(struct mender *m, size_t word)
{
	/* Each round mends one; more than eight in one word is noise, not a slip. */
	for (unsigned i = 0; i < 8; i++) {
		struct text_slice w = word_at(m->line, word);
		size_t open = w.length;
		bool is_open = false, mended = false;
		for (size_t at = 0; at < w.length && !mended; at++) {
			if (w.start[at] == '[' && !is_open) {
				is_open = true;
				open = at;
			} else if (w.start[at] == ']' && is_open) {
				is_open = false;
			} else if (w.start[at] == '[' || w.start[at] == ']') {
				mended = true;
				if (is_open)
					mend_open(m, word, word + open);
				else
					mend_close(m, word, word + at);
			}
		}
		if (!mended && !is_open)
			return;
		if (!mended)
			mend_open(m, word, word + open);
	}
}

/* Puts brackets around an address that begins at `from` and ends with its word, or before a later colon of it. */
static bool mend_v6(struct mender *m, size_t from)
{
	struct text_slice w = word_at(m->line, from);
	struct access_draft fix = {0};
	size_t length = w.length;
	bool found = false;
	while (length > 2 && !found) {
		found = access_lint_word_bare_v6((struct text_slice){w.start, length}, &fix);
		if (found)
			break;
		do {
			length--;
		} while (length > 2 && w.start[length] != ':');
	}
	if (found && !fix.failed) {
		access_lint_tell(
			m->hearer, ACCESS_LINT_BARE_V6, (struct text_slice){w.start, length});
		access_draft_replace(m->line, from, length, access_draft_slice(&fix));
		m->changed = true;
	}
	access_draft_free(&fix);
	return found;
}

/* Ones in front and zeros behind: how many; -1 otherwise. */
static int length_of_mask(struct text_slice text)
{
	struct addr a;
	int bits = 0;
	if (!is_v6(text) || !addr_parse(text.start, text.length, &a))
		return -1;
	while (bits < 128 && a.bytes[bits / 8] & 0x80 >> bits % 8)
		bits++;
	for (int i = bits; i < 128; i++) {
		if (a.bytes[i / 8] & 0x80 >> i % 8)
			return -1;
	}
	return bits;
}

/* "[2001:db8::]/ffff:ffff::", a mask of IPv6: there are lengths only. True if it is one. */
static bool mend_mask(struct mender *m, size_t word)
{
	char length[16];
	struct text_slice w = word_at(m->line, word);
	const char *close = w.length ? memchr(w.start, ']', w.length) : NULL;
	size_t from = close ? (size_t)(close - w.start) + 2 : w.length;
	if (from >= w.length || close[1] != '/')
		return false;
	size_t end = w.length;
	while (end > from && !is_v6((struct text_slice){w.start + from, end - from}))
		end--;
	if (end == from)
		return false;
	int bits = length_of_mask((struct text_slice){w.start + from, end - from});
	access_lint_tell(m->hearer, ACCESS_LINT_V6_LENGTH, w);
	/* As it is written it is all of IPv6: where that is kept out it stays out. */
	m->unsure = m->unsure || bits <= 0 || m->denies;
	snprintf(length, sizeof length, "%d", bits);
	if (bits > 0)
		access_draft_replace(m->line, word + from, end - from, text_slice_of(length));
	m->changed = true;
	return true;
}

static void mend_addresses(struct mender *m, size_t word)
{
	if (mend_mask(m, word))
		return;
	struct text_slice w = word_at(m->line, word);
	const char *at = w.length > 1 ? memchr(w.start + 1, '@', w.length - 1) : NULL;
	if (at != NULL && mend_v6(m, word + (size_t)(at - w.start) + 1))
		return;
	const char *colon = m->colons == 0 && w.length ? memchr(w.start, ':', w.length) : NULL;
	if (m->colons == 1)
		mend_v6(m, word);
	else if (colon != NULL && w.start[0] != '[')
		mend_v6(m, word + (size_t)(colon - w.start) + 1);
}

static void count_colons(struct mender *m, size_t word)
{
	struct text_slice w = word_at(m->line, word);
	int depth = 0;
	for (size_t i = 0; i < w.length; i++) {
		depth += (w.start[i] == '[') - (w.start[i] == ']');
		m->colons += w.start[i] == ':' && depth == 0;
	}
}

/* Not where more of the rule stands behind it: the next line of it, or options. */
static void cut_comment(struct mender *m, size_t at, size_t tail, struct access_draft *comment)
{
	struct text_slice rest = {m->line->text + at, m->line->used - at};
	access_lint_tell(m->hearer, ACCESS_LINT_TRAILING_COMMENT, word_at(m->line, at));
	if (rest.length > tail || access_lint_option_is_in(rest)) {
		m->unsure = true;
		return;
	}
	access_draft_add_slice(comment, access_text_trim(rest));
	while (at > 0 && access_text_is_separator(m->line->text[at - 1]))
		at--;
	access_draft_replace(m->line, at, m->line->used - at, text_slice_of(""));
	m->changed = true;
}

bool access_lint_brackets_mend(struct access_draft *line, struct access_draft *comment, size_t tail, bool denies,
	const struct access_lint_hearer *h, bool *unsure)
{
	struct mender m = {.line = line, .hearer = h, .denies = denies};
	for (size_t at = 0; at < line->used && m.colons < 2 && !line->failed && !m.unsure;) {
		if (access_text_is_separator(line->text[at])) {
			at++;
			continue;
		}
		if (line->text[at] == '#') {
			cut_comment(&m, at, tail, comment);
			break;
		}
		mend_brackets(&m, at);
		mend_addresses(&m, at);
		count_colons(&m, at);
		at += word_at(line, at).length;
	}
	*unsure = m.unsure;
	return m.changed;
}
