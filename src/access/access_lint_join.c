/* SPDX-License-Identifier: ISC */
#include "access/access_lint_join.h"

#include "access/access_lint_net.h"
#include "access/access_rule.h"
#include "access/access_text.h"

enum { PIECE_MAX = 64 }; /* no address and no mask is longer */

static char first_of(struct text_slice s)
{
	return s.length ? s.start[0] : '\0';
}

static char last_of(struct text_slice s)
{
	return s.length ? s.start[s.length - 1] : '\0';
}

static struct text_slice without_first(struct text_slice s)
{
	return (struct text_slice){s.start + 1, s.length - 1};
}

static struct text_slice without_last(struct text_slice s)
{
	return (struct text_slice){s.start, s.length - 1};
}

/* a.b.c.d, or an address in brackets. */
static bool is_address(struct text_slice s, bool *is_v6)
{
	struct prefix p;
	*is_v6 = first_of(s) == '[';
	if (s.length == 0 || s.length > PIECE_MAX || memchr(s.start, '/', s.length) || last_of(s) == '.')
		return false;
	if (*is_v6 ? last_of(s) != ']' : first_of(s) < '0' || first_of(s) > '9' || memchr(s.start, ':', s.length))
		return false;
	return access_lint_net_read(s, &p);
}

/* 1 to 32, to 128. */
static bool is_length(struct text_slice s, bool is_v6)
{
	unsigned n = 0;
	for (size_t i = 0; i < s.length && n < 1000; i++) {
		if (s.start[i] < '0' || s.start[i] > '9')
			return false;
		n = n * 10 + (unsigned)(s.start[i] - '0');
	}
	return s.length > 0 && s.length <= 3 && n >= 1 && n <= (is_v6 ? 128U : 32U);
}

/* A mask that cannot be a client: of a net, or inverted as routers write it. */
static bool is_mask(struct text_slice s)
{
	bool is_v6;
	return is_address(s, &is_v6) && !is_v6 && !text_slice_equals(s, "0.0.0.0") &&
	       (access_text_same(s.start, "255.", 4) || access_text_same(s.start, "0.", 2));
}

static bool is_behind_slash(struct text_slice s, bool is_v6)
{
	return is_length(s, is_v6) || (!is_v6 && is_mask(s));
}

/* Words apart by commas belong to nothing. */
static bool next_beside(struct text_slice *rest, struct text_slice *word)
{
	struct text_slice at = *rest;
	while (at.length > 0 && access_text_is_space(at.start[0]))
		at = without_first(at);
	if (first_of(at) == ',' || !access_rule_next_word(&at, word) || word->length > PIECE_MAX)
		return false;
	*rest = at;
	return true;
}

static void add_joined(struct access_draft *out, struct text_slice a, char between, struct text_slice b)
{
	access_draft_add_slice(out, a);
	access_draft_add(out, &between, 1);
	access_draft_add_slice(out, b);
}

static bool join_net(
	struct text_slice word, struct text_slice next, struct text_slice *rest, bool *narrows, struct access_draft *out)
{
	struct text_slice behind;
	bool is_v6;
	if (last_of(word) == '/') {
		word = without_last(word);
		if (!is_address(word, &is_v6) || !is_behind_slash(next, is_v6))
			return false;
		add_joined(out, word, '/', next);
		*narrows = is_v6;
		return true;
	}
	if (!is_address(word, &is_v6))
		return false;
	if (first_of(next) == '/' && next.length > 1 && is_behind_slash(without_first(next), is_v6)) {
		add_joined(out, word, '/', without_first(next));
		return true;
	}
	if (text_slice_equals(next, "/") && next_beside(rest, &behind) && is_behind_slash(behind, is_v6)) {
		add_joined(out, word, '/', behind);
		*narrows = true;
		return true;
	}
	if (is_v6 || !is_mask(next))
		return false;
	add_joined(out, word, '/', next);
	return true;
}

static bool join_range(struct text_slice word, struct text_slice next, struct text_slice *rest, struct access_draft *out)
{
	struct access_draft ignored = {0};
	bool is_v6;
	if (last_of(word) == '-')
		word = without_last(word);
	else if (first_of(next) == '-' && next.length > 1)
		next = without_first(next);
	else if ((!text_slice_equals(next, "-") && !access_text_equals(next, "to")) || !next_beside(rest, &next))
		return false;
	if (!is_address(word, &is_v6) || is_v6 || !is_address(next, &is_v6) || is_v6)
		return false;
	add_joined(out, word, '-', next);
	bool is_range = access_lint_net_judge(access_draft_slice(out), &ignored) == ACCESS_LINT_RANGE;
	access_draft_free(&ignored);
	return is_range;
}

bool access_lint_join_words(struct text_slice *word, struct text_slice *rest, bool *narrows, struct access_draft *out)
{
	struct text_slice net = *rest, range, next;
	*narrows = false;
	if (word->length > PIECE_MAX || !next_beside(&net, &next))
		return false;
	range = net;
	if (join_net(*word, next, &net, narrows, out)) {
		*rest = net;
	} else {
		access_draft_clear(out);
		if (!join_range(*word, next, &range, out))
			return false;
		*rest = range;
	}
	*word = (struct text_slice){word->start, (size_t)(rest->start - word->start)};
	return !out->failed;
}
