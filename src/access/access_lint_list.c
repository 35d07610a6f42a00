/* SPDX-License-Identifier: ISC */
#include "access/access_lint_list.h"

#include "access/access_lint_net.h"
#include "access/access_lint_word.h"
#include "access/access_rule.h"
#include "access/access_text.h"

enum {
	ROUNDS = 4, /* faults that one word can have, one behind the other */
	BASES_MAX =
		64, /* nets before EXCEPT that are remembered; with more nothing is said about exceptions */
};

struct judge {
	enum access_lint_list_kind kind;
	bool denies;
	const struct access_lint_hearer *hearer;
	struct access_draft *out;
	struct access_draft word, better; /* the word as it is now; what it should be */
	bool changed, told_dns, has_all;
	unsigned words, excepts; /* words that are not EXCEPT, and those that are */
	bool after_except;       /* the last word was EXCEPT */
	size_t except_at; /* where in `out` the first EXCEPT begins, with the blanks before it */
	struct prefix bases[BASES_MAX]; /* what stands before it */
	unsigned base_count, exceptions;
	bool only_nets; /* nothing but nets stand before EXCEPT, and all are in `bases` */
	struct access_draft swallowed;
};

static bool is_covered(const struct judge *j, const struct prefix *p)
{
	for (unsigned i = 0; i < j->base_count; i++) {
		if (j->bases[i].length_bits <= p->length_bits &&
			prefix_holds(&j->bases[i], &p->base))
			return true;
	}
	return false;
}

/* --- one word --- */

/* Where "user@host" and "daemon@host" are apart; the '@' of a netgroup is the first character. */
static size_t at_of(struct text_slice w)
{
	const char *at = w.length > 1 ? memchr(w.start + 1, '@', w.length - 1) : NULL;
	return at ? (size_t)(at - w.start) : w.length;
}

typedef enum access_lint_code judge_fn(
	struct text_slice word, const struct judge *j, struct access_draft *fix);

static enum access_lint_code judge_host(
	struct text_slice word, const struct judge *j, struct access_draft *fix)
{
	return access_lint_word_host(word, j->kind == ACCESS_LINT_LIST_IN_FILE, fix);
}

/* The name of one daemon: no port, no pattern. */
static bool is_name(struct text_slice word)
{
	if (word.length == 0 || access_text_equals(word, "ALL") ||
		access_text_equals(word, "KNOWN"))
		return false;
	char first = word.start[0], last = word.start[word.length - 1];
	return !memchr(word.start, '*', word.length) && !memchr(word.start, '?', word.length) &&
	       first != '.' && last != '.' && (first < '0' || first > '9');
}

static enum access_lint_code judge_daemon(
	struct text_slice word, const struct judge *j, struct access_draft *fix)
{
	enum access_lint_code code = access_lint_word_daemon(word, fix);
	if (code != ACCESS_LINT_CODES || !is_name(word) || !j->hearer->know_daemon)
		return code;
	return j->hearer->know_daemon(j->hearer->self, word, fix);
}

/* Corrects the part of the word from `from` to `to`, as often as there is something to correct. */
static void judge_part(struct judge *j, size_t from, size_t to, judge_fn *judge)
{
	for (unsigned i = 0; i < ROUNDS && !j->word.failed; i++) {
		struct text_slice part = {j->word.text + from, to - from};
		access_draft_clear(&j->better);
		enum access_lint_code code = judge(part, j, &j->better);
		if (code == ACCESS_LINT_CODES)
			return;
		access_lint_tell(j->hearer, code, part);
		if (j->better.used == 0 || j->better.failed)
			return;
		access_draft_replace(&j->word, from, to - from, access_draft_slice(&j->better));
		to = from + j->better.used;
		j->changed = true;
		/* A range has become many words. */
		if (code == ACCESS_LINT_RANGE)
			return;
	}
}

static void tell_price(struct judge *j, enum access_lint_code code, struct text_slice word)
{
	j->hearer->tell(
		j->hearer->self, code, j->denies ? ACCESS_LINT_WARNING : ACCESS_LINT_NOTE, word);
}

static void judge_client(struct judge *j)
{
	size_t at = at_of(access_draft_slice(&j->word));
	if (j->word.used == 0)
		return; /* no memory */
	bool has_user = at < j->word.used;
	judge_part(j, has_user ? at + 1 : 0, j->word.used, judge_host);
	struct text_slice word = access_draft_slice(&j->word);
	struct text_slice host =
		has_user ? (struct text_slice){word.start + at + 1, word.length - at - 1} : word;
	if (has_user && j->kind == ACCESS_LINT_LIST_IN_FILE) {
		access_lint_tell(j->hearer, ACCESS_LINT_LIST_USER, word);
		return;
	}
	j->has_all = j->has_all || (access_text_equals(word, "ALL") && j->excepts == 0);
	if (has_user)
		tell_price(j, ACCESS_LINT_NEEDS_IDENT, word);
	if (host.length > 0 && host.start[0] == '/')
		j->hearer->name_file(j->hearer->self, host);
	else if (!j->told_dns && !j->has_all && !memchr(host.start, ' ', host.length) &&
		 access_lint_word_needs_name(host)) {
		tell_price(j, ACCESS_LINT_NEEDS_DNS, host);
		j->told_dns = true;
	}
}

static void judge_word(struct judge *j)
{
	if (j->kind != ACCESS_LINT_LIST_OF_DAEMONS) {
		judge_client(j);
		return;
	}
	size_t at = at_of(access_draft_slice(&j->word)), length = j->word.used;
	if (length == 0)
		return; /* no memory */
	if (at < length)
		judge_part(j, at + 1, length, judge_host);
	judge_part(j, 0, at, judge_daemon);
}

/* --- EXCEPT --- */

static void remember_base(struct judge *j)
{
	struct prefix p;
	if (j->base_count == BASES_MAX || !access_lint_net_read(access_draft_slice(&j->word), &p))
		j->only_nets = false;
	else
		j->bases[j->base_count++] = p;
}

/* An exception that nothing before covers is no exception. True if it was taken out. */
static bool swallows(struct judge *j)
{
	struct prefix p;
	struct text_slice word = access_draft_slice(&j->word);
	if (j->kind != ACCESS_LINT_LIST_OF_CLIENTS || j->excepts != 1 || !j->only_nets ||
		j->base_count == 0 || !access_lint_net_read(word, &p) || is_covered(j, &p))
		return false;
	access_lint_tell(j->hearer, ACCESS_LINT_EXCEPT_SWALLOWS, word);
	access_draft_add_text(&j->swallowed, " ");
	access_draft_add_slice(&j->swallowed, word);
	j->changed = true;
	return true;
}

static void judge_except(struct judge *j, struct text_slice gap, struct text_slice word)
{
	if (j->words == 0 && j->excepts == 0) {
		access_lint_tell(j->hearer, ACCESS_LINT_EXCEPT_FIRST, word);
		access_draft_add_text(j->out, " ALL");
		j->changed = true;
		j->only_nets = false;
	}
	if (j->excepts == 0)
		j->except_at = j->out->used;
	else if (j->excepts == 1)
		access_lint_tell(j->hearer, ACCESS_LINT_EXCEPT_NESTED, word);
	access_draft_add_slice(j->out, gap);
	access_draft_add_slice(j->out, word);
	j->excepts++;
	j->after_except = true;
}

/* What is known only when the whole list was seen. */
static void finish_excepts(struct judge *j)
{
	if (j->excepts == 0)
		return;
	if (j->swallowed.used > 0) {
		/* Nothing is left behind EXCEPT: it goes with them. */
		if (j->exceptions == 0)
			access_draft_replace(j->out, j->except_at, j->out->used - j->except_at,
				text_slice_of(""));
		access_draft_replace(j->out, j->except_at, 0, access_draft_slice(&j->swallowed));
	} else if (j->after_except) {
		access_lint_tell(j->hearer, ACCESS_LINT_EXCEPT_LAST, text_slice_of("EXCEPT"));
		if (j->excepts == 1)
			access_draft_replace(j->out, j->except_at, j->out->used - j->except_at,
				text_slice_of(""));
		j->changed = j->changed || j->excepts == 1;
	}
}

static void take_word(struct judge *j, struct text_slice gap, struct text_slice word)
{
	bool in_file = j->kind == ACCESS_LINT_LIST_IN_FILE;
	if (access_rule_is_except(word) && !in_file) {
		judge_except(j, gap, word);
		return;
	}
	access_draft_clear(&j->word);
	access_draft_add_slice(&j->word, word);
	if (access_rule_is_except(word))
		access_lint_tell(j->hearer, ACCESS_LINT_LIST_EXCEPT, word);
	else
		judge_word(j);
	j->words++;
	if (j->excepts == 0) {
		remember_base(j);
	} else if (swallows(j)) {
		return;
	} else {
		j->exceptions++;
		j->after_except = false;
	}
	access_draft_add_slice(j->out, gap);
	access_draft_add_slice(j->out, access_draft_slice(&j->word));
}

bool access_lint_list_judge(struct text_slice list, enum access_lint_list_kind kind, bool denies,
	const struct access_lint_hearer *h, struct access_draft *out)
{
	struct judge j = {
		.kind = kind, .denies = denies, .hearer = h, .out = out, .only_nets = true};
	struct text_slice rest = list, word;
	const char *from = list.start;
	while (access_rule_next_word(&rest, &word)) {
		take_word(&j, (struct text_slice){from, (size_t)(word.start - from)}, word);
		from = word.start + word.length;
	}
	finish_excepts(&j);
	if (j.words == 0 && kind != ACCESS_LINT_LIST_IN_FILE && j.excepts == 0)
		access_lint_tell(h, ACCESS_LINT_EMPTY_LIST,
			text_slice_of(kind == ACCESS_LINT_LIST_OF_DAEMONS ? "daemons" : "clients"));
	access_draft_add(out, from, (size_t)(list.start + list.length - from));
	access_draft_free(&j.word);
	access_draft_free(&j.better);
	access_draft_free(&j.swallowed);
	return j.changed;
}
