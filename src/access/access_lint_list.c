/* SPDX-License-Identifier: ISC */
#include "access/access_lint_list.h"

#include "access/access_lint_except.h"
#include "access/access_lint_join.h"
#include "access/access_lint_word.h"
#include "access/access_rule.h"
#include "access/access_text.h"

enum { ROUNDS = 4 }; /* faults that one word can have, one behind the other */

struct judge {
	enum access_lint_list_kind kind;
	const struct access_lint_list_use *use;
	const struct access_lint_hearer *hearer;
	struct access_draft *out;
	struct access_draft joined;       /* words that belong together */
	struct access_draft word, better; /* the word as it is now; what it should be */
	bool changed, told_dns, has_all;
	bool told_slip;               /* a word that makes another list than is written */
	bool is_option;               /* what follows is the rest of an option */
	bool base_all;                /* ALL stands before EXCEPT */
	struct text_slice beside_all; /* as written: the first word there that is not ALL */
	struct access_lint_excepts *excepted;
	unsigned words, excepts; /* words that are not EXCEPT, and those that are */
	bool after_except;       /* the last word was EXCEPT */
	size_t except_at; /* where in `out` the first EXCEPT begins, with the blanks before it */
	unsigned exceptions;           /* that are some */
	struct access_draft swallowed; /* those that are none */
	struct access_draft kept;      /* from the first EXCEPT on, without them */
};

/* A word that fits fewer lets in fewer: not where it is an exception, or the rule denies. */
static bool may_narrow(const struct judge *j)
{
	return j->excepts % 2 == 0 ? j->use->lets_in : j->use->keeps_out;
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

/* Would the correction of a name let somebody in? */
static bool widens(const struct judge *j, enum access_lint_code code, struct text_slice part)
{
	return code == ACCESS_LINT_NAME_DOT && part.length > 0 && part.start[0] != '.' && !may_narrow(j);
}

/* Corrects the part of the word from `from` to `to`, as often as there is something to correct. */
static void judge_part(struct judge *j, size_t from, size_t to, judge_fn *judge)
{
	for (unsigned i = 0; i < ROUNDS && j->word.text && !j->word.failed; i++) {
		struct text_slice part = {j->word.text + from, to - from};
		access_draft_clear(&j->better);
		enum access_lint_code code = judge(part, j, &j->better);
		if (code == ACCESS_LINT_CODES)
			return;
		access_lint_tell(j->hearer, code, part);
		if (j->better.used == 0 || j->better.failed || widens(j, code, part))
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
		j->hearer->self, code, j->use->table_denies ? ACCESS_LINT_WARNING : ACCESS_LINT_NOTE, word);
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

/* `stays`: where it is, if what is no exception is taken out. */
static void put(struct judge *j, struct text_slice gap, struct text_slice word, bool stays)
{
	access_draft_add_slice(j->out, gap);
	access_draft_add_slice(j->out, word);
	if (stays && (j->excepts > 0 || access_rule_is_except(word))) {
		access_draft_add_slice(&j->kept, gap);
		access_draft_add_slice(&j->kept, word);
	}
}

static void put_as_it_is(struct judge *j, struct text_slice gap, struct text_slice word)
{
	put(j, gap, word, true);
	j->words++;
	j->exceptions += j->excepts > 0;
	j->after_except = false;
}

/* An exception that nothing before covers is no exception. True if it belongs before EXCEPT. */
static bool swallows(struct judge *j, struct text_slice written)
{
	struct text_slice word = access_draft_slice(&j->word);
	bool apart = access_lint_excepts_take(j->excepted, word, written, j->kind == ACCESS_LINT_LIST_OF_CLIENTS);
	if (j->excepts != 1 || !apart)
		return false;
	access_lint_tell(j->hearer, ACCESS_LINT_EXCEPT_SWALLOWS, word);
	/* Where the rule lets in, somebody would be let in who was to be kept out, perhaps. */
	if (!j->use->keeps_out)
		return false;
	access_draft_add_text(&j->swallowed, " ");
	access_draft_add_slice(&j->swallowed, word);
	return true;
}

static void judge_except(struct judge *j, struct text_slice gap, struct text_slice word)
{
	if (j->words == 0 && j->excepts == 0) {
		access_lint_tell(j->hearer, ACCESS_LINT_EXCEPT_FIRST, word);
		access_draft_add_text(j->out, " ALL");
		j->changed = true;
		access_lint_excepts_add_base(j->excepted, text_slice_of("ALL"), text_slice_of("ALL"), false);
	}
	if (j->excepts == 0)
		j->except_at = j->out->used;
	else if (j->excepts == 1)
		access_lint_tell(j->hearer, ACCESS_LINT_EXCEPT_NESTED, word);
	put(j, gap, word, true);
	j->excepts++;
	j->after_except = true;
}

/* What is known only when the whole list was seen. */
static void finish_excepts(struct judge *j)
{
	struct text_slice base;
	if (j->excepts == 1 && access_lint_excepts_find(j->excepted, &base)) {
		access_lint_tell(j->hearer, ACCESS_LINT_EXCEPT_ALL, base);
		if (j->use->unsure)
			*j->use->unsure = true;
	}
	/* Where no other is left it was meant as one, and has a slip in it. */
	if (j->swallowed.used > 0 && j->exceptions > 0) {
		access_draft_replace(
			j->out, j->except_at, j->out->used - j->except_at, access_draft_slice(&j->swallowed));
		access_draft_add_slice(j->out, access_draft_slice(&j->kept));
		j->changed = true;
	}
	if (!j->after_except)
		return;
	access_lint_tell(j->hearer, ACCESS_LINT_EXCEPT_LAST, text_slice_of("EXCEPT"));
	if (j->excepts == 1)
		access_draft_replace(j->out, j->except_at, j->out->used - j->except_at, text_slice_of(""));
	j->changed = j->changed || j->excepts == 1;
}

/* --- words that stand in the wrong place --- */

static bool is_any_of(struct text_slice word, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (access_text_equals(word, *names))
			return true;
	}
	return false;
}

/* What other languages have for EXCEPT. True if it was taken. */
static bool take_negation(struct judge *j, struct text_slice gap, struct text_slice word)
{
	static const char *const names[] = {"but", "not", "expect", "exept", "excpt", "excluding", "unless", "without", NULL};
	const bool is_word = j->kind != ACCESS_LINT_LIST_IN_FILE && is_any_of(word, names);
	if (word.start[0] != '!' && !is_word)
		return false;
	access_lint_tell(j->hearer, ACCESS_LINT_NEGATION, word);
	j->told_slip = true;
	if (is_word && j->words > 0 && j->excepts == 0 && j->use->lets_in) {
		j->changed = true;
		judge_except(j, gap, text_slice_of("EXCEPT"));
		return true;
	}
	put_as_it_is(j, gap, word);
	return true;
}

/* "sshd: deny" */
static bool take_option(struct judge *j, struct text_slice gap, struct text_slice word)
{
	if (j->is_option) {
		put(j, gap, word, true);
		return true;
	}
	static const char *const anywhere[] = {"allow", "deny", NULL};
	static const char *const first[] = {"spawn", "twist", "aclexec", "severity", "banners", "setenv", "rfc931", NULL};
	if (j->kind != ACCESS_LINT_LIST_OF_CLIENTS ||
		(!is_any_of(word, anywhere) && (j->words > 0 || !is_any_of(word, first))))
		return false;
	access_lint_tell(j->hearer, ACCESS_LINT_OPTION_AS_CLIENT, word);
	j->told_slip = j->is_option = true;
	put_as_it_is(j, gap, word);
	return true;
}

/* Beside ALL every other word is for nothing. */
static void note_base(struct judge *j, struct text_slice written)
{
	struct text_slice word = access_draft_slice(&j->word);
	access_lint_excepts_add_base(j->excepted, word, written, j->kind == ACCESS_LINT_LIST_OF_CLIENTS);
	if (access_text_equals(word, "ALL"))
		j->base_all = true;
	else if (j->beside_all.length == 0)
		j->beside_all = written;
}

/* Words that belong together. True where they are left as they are: together they would let in more. */
static bool take_joined(struct judge *j, struct text_slice gap, struct text_slice words, bool narrows)
{
	if (!memchr(j->joined.text, '-', j->joined.used))
		access_lint_tell(j->hearer, ACCESS_LINT_NET_IN_PIECES, words);
	if (!narrows || may_narrow(j)) {
		j->changed = true;
		return false;
	}
	put_as_it_is(j, gap, words);
	return true;
}

static void take_word(struct judge *j, struct text_slice gap, struct text_slice word, bool joined)
{
	bool in_file = j->kind == ACCESS_LINT_LIST_IN_FILE;
	if (access_rule_is_except(word) && !in_file) {
		judge_except(j, gap, word);
		return;
	}
	if (take_option(j, gap, word) || take_negation(j, gap, word))
		return;
	access_draft_clear(&j->word);
	access_draft_add_slice(&j->word, joined ? access_draft_slice(&j->joined) : word);
	if (access_rule_is_except(word))
		access_lint_tell(j->hearer, ACCESS_LINT_LIST_EXCEPT, word);
	else
		judge_word(j);
	j->words++;
	bool stays = true;
	if (j->excepts == 0) {
		note_base(j, word);
	} else {
		stays = !swallows(j, word);
		j->exceptions += stays;
		j->after_except = false;
	}
	put(j, gap, access_draft_slice(&j->word), stays);
}

bool access_lint_list_judge(struct text_slice list, enum access_lint_list_kind kind, const struct access_lint_list_use *use,
	const struct access_lint_hearer *h, struct access_draft *out)
{
	struct access_lint_excepts excepted; /* large: only what is used of it is written */
	excepted.count = 0;
	excepted.too_many = false;
	struct judge j = {.kind = kind, .use = use, .hearer = h, .out = out, .excepted = &excepted};
	struct text_slice rest = list, word;
	const char *from = list.start;
	bool narrows;
	while (access_rule_next_word(&rest, &word)) {
		const struct text_slice gap = {from, (size_t)(word.start - from)};
		access_draft_clear(&j.joined);
		bool joined = kind != ACCESS_LINT_LIST_OF_DAEMONS && access_lint_join_words(&word, &rest, &narrows, &j.joined);
		if (!joined || !take_joined(&j, gap, word, narrows))
			take_word(&j, gap, word, joined);
		from = word.start + word.length;
	}
	finish_excepts(&j);
	if (j.base_all && j.beside_all.length > 0 && !j.told_slip && kind != ACCESS_LINT_LIST_IN_FILE)
		access_lint_tell(h, ACCESS_LINT_BESIDE_ALL, j.beside_all);
	if (j.words == 0 && kind != ACCESS_LINT_LIST_IN_FILE && j.excepts == 0)
		access_lint_tell(h, ACCESS_LINT_EMPTY_LIST,
			text_slice_of(kind == ACCESS_LINT_LIST_OF_DAEMONS ? "daemons" : "clients"));
	access_draft_add(out, from, (size_t)(list.start + list.length - from));
	access_draft_free(&j.word);
	access_draft_free(&j.better);
	access_draft_free(&j.joined);
	access_draft_free(&j.kept);
	access_draft_free(&j.swallowed);
	return j.changed;
}
