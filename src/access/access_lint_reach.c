/* SPDX-License-Identifier: ISC */
#include "access/access_lint_walk.h"

#include "access/access_lint_cover.h"
#include "access/access_lint_option.h"
#include "access/access_rule.h"
#include "access/access_text.h"

#include <stdio.h>

static bool note_rule(struct access_lint_walk *w, uint32_t number)
{
	struct access_lint *l = w->lint;
	struct access_lint_rule_place *rules =
		access_lint_grow(l->rules, number, &l->rule_size, sizeof *rules);
	if (rules == NULL) {
		l->failed = true;
		return false;
	}
	l->rules = rules;
	rules[number] =
		(struct access_lint_rule_place){w->file, (unsigned)(w->at - access_lint_walk_file(w)->lines)};
	l->rule_count++;
	return true;
}

static void move_before(struct access_lint_walk *w, unsigned target)
{
	struct access_lint_file *f = access_lint_walk_file(w);
	unsigned *end = &f->lines[target].inserts;
	while (*end != 0)
		end = &f->lines[*end - 1].next;
	*end = (unsigned)(w->at - f->lines) + 1;
	w->at->moved = f->lines[target].first;
}

/* It is covered: told, and moved or made a comment. */
static void judge_covered(
	struct access_lint_walk *w, struct access_lint_line *line, const struct access_lint_covered *by)
{
	struct access_lint *l = w->lint;
	const struct access_lint_rule_place *other = &l->rules[by->by];
	const struct access_lint_file *where = l->files[other->file];
	enum access_lint_code code = by->against ? ACCESS_LINT_UNREACHABLE : ACCESS_LINT_REPEATED;
	char text[300];
	unsigned number = where->lines[other->record].first;
	if (other->file == w->file)
		snprintf(text, sizeof text, "line %u", number);
	else
		snprintf(text, sizeof text, "line %u of %s", number, where->path);
	access_lint_walk_tell(w, code, access_lint_code_words(code)->level, text_slice_of(text));
	if (w->vetoed || line->unsure)
		return;
	if (!by->against) {
		access_draft_replace(&line->text, 0, 0, text_slice_of("# "));
		line->changed = true;
		line->is_rule = false;
	} else if (other->file == w->file) {
		/* The one in its way may have been moved itself. */
		unsigned target = other->record;
		if (!where->lines[target].moved)
			move_before(w, target);
	}
}

/* ALL without exceptions. */
static bool fits_all(struct text_slice clients)
{
	struct text_slice word;
	bool all = false;
	while (access_rule_next_word(&clients, &word)) {
		if (access_rule_is_except(word))
			return false;
		all = all || access_text_equals(word, "ALL");
	}
	return all;
}

void access_lint_walk_reach(struct access_lint_walk *w, struct access_lint_line *line)
{
	struct access_lint *l = w->lint;
	struct text_slice rest = access_draft_slice(&line->text);
	bool table_denies = access_lint_walk_file(w)->table == ACCESS_LINT_DENIES;
	bool alone = !memchr(rest.start, '\n', rest.length);
	while (rest.length > 0 && l->cover) {
		const char *newline = memchr(rest.start, '\n', rest.length);
		struct text_slice one = {
			rest.start, newline ? (size_t)(newline - rest.start) : rest.length};
		size_t taken = one.length + (newline ? 1 : 0);
		struct access_rule rule;
		struct access_lint_covered by;
		rest = (struct text_slice){rest.start + taken, rest.length - taken};
		if (access_rule_split(one, &rule) != ACCESS_RULE_RULE ||
			!note_rule(w, l->rule_count))
			continue;
		struct access_lint_effect effect = {0};
		if (rule.has_options)
			effect = access_lint_option_effect(rule.options);
		bool denies = effect.denies || (table_denies && !effect.grants);
		access_lint_walk_file(w)->denies |= denies;
		access_lint_walk_file(w)->restricts |= !denies && !fits_all(rule.clients);
		if (access_lint_cover_add(l->cover, &rule, denies, effect.may_not_match,
			    l->rule_count - 1, &by) &&
			alone) {
			judge_covered(w, line, &by);
			return;
		}
	}
}
