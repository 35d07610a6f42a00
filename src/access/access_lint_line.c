/* SPDX-License-Identifier: ISC */
#include "access/access_lint_line.h"

#include "access/access_lint_brackets.h"
#include "access/access_lint_glyph.h"
#include "access/access_lint_list.h"
#include "access/access_lint_net.h"
#include "access/access_lint_option.h"
#include "access/access_rule.h"
#include "access/access_text.h"

struct judge {
	struct access_lint_line *line;
	const struct access_lint_hearer *hearer;
	bool denies;
	size_t tail;      /* bytes of the last physical line */
	bool comment_out; /* it does nothing as it is, and nobody knows what it should */
};

static void comment_out(struct access_lint_line *l)
{
	access_draft_replace(&l->text, 0, 0, text_slice_of("# "));
	l->changed = true;
	l->is_rule = false;
}

/* --- a line without a colon --- */

/* Surely a pattern of clients, and no word of a sentence. */
static bool is_surely_client(struct text_slice w)
{
	static const char *const sure[] = {
		"ALL", "LOCAL", "KNOWN", "UNKNOWN", "PARANOID", "EXCEPT"};
	if (w.length > 1 &&
		(strchr("0123456789[/@.", w.start[0]) || memchr(w.start, '.', w.length - 1)))
		return true;
	for (size_t i = 0; i < sizeof sure / sizeof *sure; i++) {
		if (text_slice_equals(w, sure[i]))
			return true;
	}
	return false;
}

/* "sshd 192.0.2.1", "sshd; ALL", "sshd = ALL", "sshd, in.ftpd LOCAL": where the colon belongs, and what goes for it. */
static bool find_separator(struct text_slice line, size_t *at, size_t *length)
{
	struct text_slice rest = line, word, next;
	if (!access_rule_next_word(&rest, &word))
		return false;
	/* A comma goes on with the list of daemons. */
	while (rest.length > 0 && rest.start[0] == ',' && access_rule_next_word(&rest, &word))
		continue;
	const char *end = word.start + word.length;
	*at = (size_t)(end - line.start);
	*length = 0;
	if (word.length > 1 && strchr(";=", end[-1])) {
		--*at;
		*length = 1;
	}
	next = rest;
	unsigned clients = 0;
	while (access_rule_next_word(&next, &word)) {
		if (clients == 0 && *length == 0 && word.length == 1 &&
			strchr(";=", word.start[0])) {
			*length = (size_t)(word.start + 1 - (line.start + *at));
			continue;
		}
		if (!is_surely_client(word))
			return false;
		clients++;
	}
	return clients > 0;
}

static bool mend_separator(struct judge *j)
{
	struct access_lint_line *l = j->line;
	size_t at, length;
	access_lint_tell(j->hearer, ACCESS_LINT_NO_SEPARATOR, access_draft_slice(&l->text));
	if (!find_separator(access_draft_slice(&l->text), &at, &length))
		return false;
	access_draft_replace(&l->text, at, length, text_slice_of(":"));
	l->changed = true;
	return true;
}

/* --- a line that is too long --- */

/* Where a piece of at most `most` bytes ends: at a blank or comma, if there is one. */
static size_t piece_of(struct text_slice s, size_t most)
{
	if (s.length <= most)
		return s.length;
	size_t n = most;
	while (n > 0 && s.start[n] != ' ' && s.start[n] != '\t' && s.start[n] != ',')
		n--;
	return n;
}

static struct text_slice skip_separators(struct text_slice s)
{
	while (s.length > 0 && (s.start[0] == ',' || access_text_is_space(s.start[0])))
		s = (struct text_slice){s.start + 1, s.length - 1};
	return s;
}

/* Clients before the first EXCEPT, and from it on. */
static void part_at_except(
	struct text_slice clients, struct text_slice *base, struct text_slice *exceptions)
{
	struct text_slice rest = clients, word;
	*base = clients;
	*exceptions = (struct text_slice){clients.start + clients.length, 0};
	while (access_rule_next_word(&rest, &word)) {
		if (!access_rule_is_except(word))
			continue;
		*base = (struct text_slice){clients.start, (size_t)(word.start - clients.start)};
		*exceptions = (struct text_slice){word.start, clients.length - base->length};
		return;
	}
}

/* The rule as several, each with a part of the clients. False if even one client would be too much. */
static bool split_rule(const struct access_rule *rule, struct access_draft *out)
{
	struct text_slice base, exceptions, daemons = access_text_trim(rule->daemons);
	part_at_except(rule->clients, &base, &exceptions);
	exceptions = access_text_trim(exceptions);
	size_t around = daemons.length + exceptions.length + rule->options.length + 8;
	if (around > ACCESS_LINT_LINE_LONGEST / 2)
		return false;
	while ((base = skip_separators(base)).length > 0) {
		size_t n = piece_of(base, ACCESS_LINT_LINE_LONGEST - around);
		if (n == 0)
			return false;
		access_draft_add_text(out, out->used ? "\n" : "");
		access_draft_add_slice(out, daemons);
		access_draft_add_text(out, ": ");
		access_draft_add_slice(out, access_text_trim((struct text_slice){base.start, n}));
		access_draft_add_text(out, exceptions.length ? " " : "");
		access_draft_add_slice(out, exceptions);
		access_draft_add_text(out, rule->has_options ? " :" : "");
		access_draft_add_slice(out, rule->options);
		base = (struct text_slice){base.start + n, base.length - n};
	}
	return out->used > 0;
}

static bool split_comment(struct text_slice text, struct access_draft *out)
{
	while (text.length > 0) {
		size_t n = piece_of(text, ACCESS_LINT_LINE_LONGEST - 8);
		n = n > 2                                        ? n
		    : text.length < ACCESS_LINT_LINE_LONGEST - 8 ? text.length
								 : ACCESS_LINT_LINE_LONGEST - 8;
		access_draft_add_text(out, out->used ? "\n# " : "");
		access_draft_add(out, text.start, n);
		text = access_text_trim((struct text_slice){text.start + n, text.length - n});
	}
	return true;
}

static void shorten(struct judge *j)
{
	struct access_lint_line *l = j->line;
	struct access_draft out = {0};
	struct access_rule rule;
	struct text_slice text = access_draft_slice(&l->text);
	if (text.length <= ACCESS_LINT_LINE_LONGEST)
		return;
	access_lint_tell(j->hearer, ACCESS_LINT_TOO_LONG, (struct text_slice){text.start, 40});
	enum access_rule_form form = access_rule_split(text, &rule);
	if (form == ACCESS_RULE_COMMENT ? split_comment(text, &out)
					: form == ACCESS_RULE_RULE && split_rule(&rule, &out)) {
		access_draft_clear(&l->text);
		access_draft_add_slice(&l->text, access_draft_slice(&out));
		l->changed = true;
	}
	access_draft_free(&out);
}

/* --- the line --- */

static bool has_words(struct text_slice list)
{
	struct text_slice word;
	return access_rule_next_word(&list, &word);
}

static struct access_lint_list_use use_of(const struct judge *j, const struct access_rule *rule)
{
	struct access_lint_effect effect = {0};
	if (rule->has_options)
		effect = access_lint_option_effect(rule->options);
	/* One that a slip makes deny may let in when it is mended. */
	const bool keeps_out = effect.denies || (j->denies && !rule->has_options);
	return (struct access_lint_list_use){
		.table_denies = j->denies, .lets_in = !keeps_out && !(j->denies && !effect.grants), .keeps_out = keeps_out,
		.unsure = &j->line->unsure};
}

static void judge_fields(struct judge *j, const struct access_rule *rule)
{
	struct access_lint_line *l = j->line;
	struct access_draft whole = {0}, options = {0};
	const struct access_lint_list_use use = use_of(j, rule);
	bool changed = access_lint_list_judge(
		rule->daemons, ACCESS_LINT_LIST_OF_DAEMONS, &use, j->hearer, &whole);
	access_draft_add_text(&whole, ":");
	changed |= access_lint_list_judge(
		rule->clients, ACCESS_LINT_LIST_OF_CLIENTS, &use, j->hearer, &whole);
	j->comment_out = !has_words(rule->daemons) || !has_words(rule->clients);
	bool other_options = rule->has_options &&
			     access_lint_option_judge(rule->options, j->denies, j->tail, j->hearer, &options, &l->comment, &l->unsure);
	if (other_options ? options.used > 0 : rule->has_options) {
		access_draft_add_text(&whole, ":");
		access_draft_add_slice(
			&whole, other_options ? access_draft_slice(&options) : rule->options);
	}
	if (changed || other_options) {
		access_draft_clear(&l->text);
		access_draft_add_slice(&l->text, access_draft_slice(&whole));
		while (l->text.used > 0 && access_text_is_space(l->text.text[l->text.used - 1]))
			access_draft_replace(&l->text, l->text.used - 1, 1, text_slice_of(""));
		l->changed = true;
	}
	access_draft_free(&options);
	access_draft_free(&whole);
}

/* "192.0.2.7: sshd" */
static bool is_swapped(struct judge *j, const struct access_rule *rule)
{
	struct text_slice daemons = rule->daemons, clients = rule->clients, word, first = {0};
	struct prefix net;
	while (access_rule_next_word(&daemons, &word)) {
		if (!access_lint_net_read(word, &net) || !(memchr(word.start, '.', word.length) || memchr(word.start, ':', word.length)))
			return false;
		first = first.length > 0 ? first : word;
	}
	while (first.length > 0 && access_rule_next_word(&clients, &word)) {
		if (access_lint_net_read(word, &net) || memchr(word.start, '.', word.length) || strchr("/@[", word.start[0]))
			return false;
	}
	if (first.length > 0)
		access_lint_tell(j->hearer, ACCESS_LINT_FIELDS_SWAPPED, first);
	return first.length > 0;
}

static void judge_rule(struct judge *j)
{
	struct access_lint_line *l = j->line;
	struct access_rule rule;
	l->changed |= access_lint_glyph_mend(&l->text, false, j->hearer);
	l->changed |= access_lint_brackets_mend(&l->text, &l->comment, j->tail, j->denies, j->hearer, &l->unsure);
	if (l->unsure) {
		l->is_rule = true;
		return;
	}
	enum access_rule_form form = access_rule_split(access_draft_slice(&l->text), &rule);
	if (form == ACCESS_RULE_NO_SEPARATOR) {
		if (!mend_separator(j)) {
			comment_out(l);
			return;
		}
		form = access_rule_split(access_draft_slice(&l->text), &rule);
	}
	l->is_rule = form == ACCESS_RULE_RULE;
	if (!l->is_rule)
		return;
	if (has_words(rule.clients) && is_swapped(j, &rule)) {
		l->unsure = true;
		return;
	}
	judge_fields(j, &rule);
	if (j->comment_out)
		comment_out(l);
}

void access_lint_line_judge(struct access_lint_line *l, struct text_slice line, size_t tail, bool denies,
	const struct access_lint_hearer *h)
{
	struct judge j = {.line = l, .hearer = h, .denies = denies, .tail = tail};
	struct text_slice bare = access_text_trim(line);
	access_draft_clear(&l->text);
	access_draft_clear(&l->comment);
	l->changed = l->is_rule = l->unsure = false;
	if (bare.length > 0 && bare.start[0] == '#' && line.start[0] != '#') {
		access_lint_tell(h, ACCESS_LINT_INDENTED_COMMENT, bare);
		access_draft_add_slice(&l->text, bare);
		l->changed = true;
	} else {
		access_draft_add_slice(&l->text, line);
		if (bare.length > 0 && line.start[0] != '#')
			judge_rule(&j);
	}
	if (!l->unsure)
		shorten(&j);
}

void access_lint_line_free(struct access_lint_line *l)
{
	access_draft_free(&l->text);
	access_draft_free(&l->comment);
}
