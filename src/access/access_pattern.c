/* SPDX-License-Identifier: ISC */
/*
 * The order in which the forms of a word are tried is the language: a glob goes before a leading dot, a '/' before a
 * glob. And what is asked when is a part of it: a word that is all digits, dots and slashes never asks for a name, any
 * other does as soon as the address did not fit.
 *
 * What an unreadable /file means depends on where it stands. It must never open a door: in a rule that denies it fits,
 * in one that grants it does not, and behind EXCEPT the other way round (`closed` below). A name that nobody could say
 * is such a thing, too (`open_name`).
 */
#include "access/access_pattern.h"

#include "access/access_asker.h"
#include "access/access_denial.h"
#include "access/access_grammar.h"
#include "access/access_grammar_fault.h"
#include "access/access_network.h"
#include "access/access_number.h"
#include "access/access_reader.h"
#include "access/access_text.h"
#include "access/access_word_file.h"
#include "base/text_buffer.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>

enum {
	FILES_IN_ONE_WORD = 1024, /* a /file may lead to; no table that means well comes near */
	GROUP_NAME_SIZE = 256,
};

/* A /file that is being read, and the one it stands in. */
struct open_file {
	dev_t device;
	ino_t inode;
	const struct open_file *within;
	unsigned depth;
};

/* Where a word is compared. */
struct word_place {
	struct access_asker *asker;
	const struct access_place *at;
	bool except;          /* behind an odd number of EXCEPT */
	unsigned files_opened; /* by the word of the table */
	enum { NOT_ASKED, DENIES, GRANTS } rule; /* what it does whom it fits, its options read */
};

/* What a file that cannot be read amounts to. Seldom asked: the options have to be read for it, once for a list. */
static bool closed(struct word_place *p)
{
	if (p->rule == NOT_ASKED)
		p->rule = access_denial_of(p->at->rule, p->at->denies, &p->asker->no_memory) ? DENIES : GRANTS;
	return (p->rule == DENIES) != p->except;
}

/* What a word amounts to that hangs on a name which nobody could say. */
static bool open_name(struct word_place *p)
{
	return closed(p) != p->at->hopes;
}

bool access_pattern_is_numeric(struct text_slice word)
{
	return !(access_list_part_of(word).letters & ACCESS_LIST_OTHER);
}

/*
 * '*' stands for any letters, '?' for one. As in the original two stars at the end stand for at least one
 * letter. Goes back to the last star only: a text of 127 letters is looked at 127 times at most.
 */
static bool fits_glob(struct text_slice word, struct text_slice text)
{
	const char *p = word.start, *t = text.start;
	const char *p_end = p + word.length, *t_end = t + text.length;
	const char *star = NULL, *mark = NULL;
	if (word.length > 1 && p_end[-1] == '*' && p_end[-2] == '*' && t_end-- == t)
		return false;
	while (t < t_end) {
		if (p < p_end && *p == '*') {
			star = p++;
			mark = t;
		} else if (p < p_end && (*p == '?' || access_text_lower(*p) == access_text_lower(*t))) {
			p++;
			t++;
		} else if (star) {
			p = star + 1;
			t = ++mark;
		} else {
			return false;
		}
	}
	while (p < p_end && *p == '*')
		p++;
	return p == p_end;
}

/* `address` is what the text is, where that is known already. */
static bool fits_bracketed(
	struct text_slice word, struct text_slice text, const struct access_network_address *address)
{
	uint8_t bytes[16];
	struct access_network_address read;
	if (!address) {
		if (text.length < 2 || !memchr(text.start, ':', text.length))
			return false;
		read = access_network_read(text);
		address = &read;
	}
	if (address->kind == ACCESS_NETWORK_V6 && word.length == text.length + 2 &&
		memcmp(word.start + 1, text.start, text.length) == 0)
		return true; /* written alike */
	return address->kind == ACCESS_NETWORK_V6 && access_network_read_bracketed(word, bytes) &&
	       memcmp(bytes, address->bytes, sizeof bytes) == 0;
}

static bool fits_text(
	struct access_list_part part, struct text_slice text, const struct access_network_address *address)
{
	const struct text_slice word = part.text;
	if (word.length == 0)
		return text.length == 0;
	if (part.letters & ACCESS_LIST_GLOB)
		return fits_glob(word, text);
	if (word.start[0] == '.')
		return text.length > word.length &&
		       access_text_same(word.start, text.start + text.length - word.length, word.length);
	if (part.letters & ACCESS_LIST_OTHER) {
		if (access_text_equals(word, "ALL"))
			return true;
		if (access_text_equals(word, "KNOWN"))
			return !access_text_equals(text, ACCESS_UNKNOWN);
	}
	if (word.start[word.length - 1] == '.')
		return text.length >= word.length && access_text_same(word.start, text.start, word.length);
	if (word.start[0] == '[' && word.start[word.length - 1] == ']')
		return fits_bracketed(word, text, address);
	return word.length == text.length && access_text_same(word.start, text.start, word.length);
}

static bool fits_any_text(struct access_list_part part, const char *text)
{
	return fits_text(part, access_asker_plain(text_slice_of(text)), NULL);
}

bool access_pattern_fits_text(struct text_slice word, const char *text)
{
	return fits_any_text(access_list_part_of(word), text);
}

static bool is_known_name(const char *name)
{
	struct text_slice s = text_slice_of(name);
	return !access_text_equals(s, ACCESS_UNKNOWN) && !access_text_equals(s, ACCESS_PARANOID);
}

static const char *name_of(struct word_place *p, enum access_side side)
{
	return p->asker->q->answers->name(p->asker->q->self, side);
}

/* Why nobody could say the name; null where it is known, or not asked for. */
static const char *why_open(const struct word_place *p, enum access_side side)
{
	const struct access_answers *answers = p->asker->q->answers;
	return answers->unanswered ? answers->unanswered(p->asker->q->self, side) : NULL;
}

/* The word does not fit the name as it stands. Could it, if somebody answered? */
static bool could_fit(struct word_place *p, enum access_side side)
{
	const char *why = why_open(p, side);
	if (!why)
		return false;
	p->asker->unanswered = why;
	return open_name(p);
}

static bool fits_known(struct word_place *p, enum access_side side)
{
	const char *name = name_of(p, side);
	return !access_text_equals(access_asker_address(p->asker, side)->text, ACCESS_UNKNOWN) &&
	       (is_known_name(name) || could_fit(p, side));
}

static bool fits_local(struct word_place *p, enum access_side side)
{
	const char *name = name_of(p, side);
	return (!strchr(name, '.') && is_known_name(name)) || could_fit(p, side);
}

static bool fits_netgroup(struct text_slice word, struct word_place *p, enum access_side side)
{
	char group[GROUP_NAME_SIZE];
	if (word.length > sizeof group)
		return false;
	memcpy(group, word.start + 1, word.length - 1);
	group[word.length - 1] = '\0';
	const char *name = name_of(p, side);
	return p->asker->q->answers->in_netgroup(p->asker->q->self, group, name) || could_fit(p, side);
}

static void warn_of_file(const struct word_place *p, struct text_slice path, const char *what)
{
	char text[512];
	if (!p->at->sink.warn)
		return;
	struct text_buffer b = text_buffer_over(text, sizeof text);
	text_buffer_add(&b, "cannot read ");
	text_buffer_add_escaped(&b, path.start, path.length < 300 ? path.length : 300);
	text_buffer_printf(&b, ": %s", what);
	p->at->sink.warn(p->at->sink.self, p->at->file, p->at->line, text);
}

/* Says why, and what it amounts to. */
static bool unreadable(struct word_place *p, struct text_slice path, int fault)
{
	char reason[128];
	if (fault == ENOMEM)
		p->asker->no_memory = true;
	struct text_buffer b = text_buffer_over(reason, sizeof reason);
	access_reader_add_fault(&b, fault);
	warn_of_file(p, path, reason);
	return closed(p);
}

static bool fits_host(
	struct access_list_part part, struct word_place *p, enum access_side side, const struct open_file *within);

static bool fits_file_words(
	struct access_word_file *f, struct text_slice path, struct word_place *p, enum access_side side,
	const struct open_file *within)
{
	for (;;) {
		struct text_slice word;
		enum access_word_file_result result = access_word_file_next(f, &word);
		if (result == ACCESS_WORD_FILE_FAILED)
			return unreadable(p, path, errno);
		if (result == ACCESS_WORD_FILE_END)
			return false;
		if (word.length > 0 && p->at->strict && access_grammar_of_host(word).form == ACCESS_GRAMMAR_BROKEN) {
			warn_of_file(p, path, access_grammar_fault_of_host(word).text);
			return closed(p);
		}
		if (word.length > 0 && fits_host(access_list_part_of(word), p, side, within))
			return true;
	}
}

static bool is_being_read(const struct open_file *file)
{
	for (const struct open_file *f = file->within; f; f = f->within) {
		if (f->device == file->device && f->inode == file->inode)
			return true;
	}
	return false;
}

static bool fits_file(
	struct text_slice path, struct word_place *p, enum access_side side, const struct open_file *within)
{
	char name[PATH_MAX];
	struct access_word_file f;
	struct stat s;
	if (path.length >= sizeof name)
		return unreadable(p, path, ENAMETOOLONG);
	memcpy(name, path.start, path.length);
	name[path.length] = '\0';
	if (++p->files_opened > FILES_IN_ONE_WORD) {
		warn_of_file(p, path, "too many files are named by files");
		return closed(p);
	}
	if (access_word_file_open(&f, name) < 0)
		return errno == ENOENT ? false : unreadable(p, path, errno);
	bool fits;
	struct open_file file = {.within = within, .depth = within ? within->depth + 1 : 1};
	if (fstat(f.fd, &s) < 0) {
		fits = unreadable(p, path, errno);
	} else {
		file.device = s.st_dev;
		file.inode = s.st_ino;
		const bool is_loop = is_being_read(&file), is_deep = file.depth > ACCESS_PATTERN_FILES_DEEP;
		if (is_loop || is_deep)
			warn_of_file(p, path, is_loop ? "it names itself" : "files name files more than eight deep");
		fits = is_loop || is_deep ? closed(p) : fits_file_words(&f, path, p, side, &file);
	}
	access_word_file_close(&f);
	return fits;
}

/*
 * "unknown" and "paranoid" are no names: while nobody answers, and in a strict table always, no glob fits them, but these words
 * alone. A name that is an address can be given, but nobody who is asked says one.
 */
static bool fits_name(struct access_list_part part, struct word_place *p, enum access_side side)
{
	const struct text_slice word = part.text;
	const char *name = name_of(p, side);
	const bool is_open = why_open(p, side) != NULL;
	if ((is_open || p->at->strict) && !is_known_name(name) && !access_text_equals(word, name))
		return is_open && word.start[0] != '[' && could_fit(p, side);
	return fits_any_text(part, name) || (word.start[0] != '[' && could_fit(p, side));
}

static bool fits_address_or_name(struct access_list_part part, struct word_place *p, enum access_side side)
{
	const struct access_asked_host *h = access_asker_address(p->asker, side);
	if (fits_text(part, h->plain, &h->address))
		return true;
	if (!(part.letters & ACCESS_LIST_OTHER))
		return false;
	return fits_name(part, p, side);
}

static bool is_in_prefix(const struct prefix *block, const struct access_asked_host *h)
{
	struct addr a;
	if (h->address.kind != ACCESS_NETWORK_V6)
		return false;
	memcpy(a.bytes, h->address.bytes, sizeof a.bytes);
	return prefix_holds(block, &a);
}

/* A pattern for addresses is compared with nothing else, and one for names neither. */
static bool fits_one_kind(
	struct access_list_part part, const struct access_grammar_word *is, struct word_place *p, enum access_side side)
{
	struct text_slice net = part.text, mask;
	if (is->form == ACCESS_GRAMMAR_NAME)
		return fits_name(part, p, side);
	const struct access_asked_host *h = access_asker_address(p->asker, side);
	if (h->address.kind == ACCESS_NETWORK_NONE)
		return false;
	if (is->bare_v6)
		return is_in_prefix(&is->network, h);
	if ((part.letters & ACCESS_LIST_SLASH) && access_rule_cut(&net, '/', &mask))
		return access_network_holds(net, mask, &h->address);
	return fits_text(part, h->plain, &h->address);
}

static bool fits_host(
	struct access_list_part part, struct word_place *p, enum access_side side, const struct open_file *within)
{
	const struct text_slice word = part.text;
	if (p->at->strict) {
		const struct access_grammar_word is = access_grammar_of_host(word);
		if (is.form != ACCESS_GRAMMAR_WORD)
			return is.form == ACCESS_GRAMMAR_BROKEN ? closed(p) : fits_one_kind(part, &is, p, side);
	}
	if (part.letters) {
		struct text_slice net = word, mask;
		if (word.start[0] == '@')
			return fits_netgroup(word, p, side);
		if (word.start[0] == '/')
			return fits_file(word, p, side, within);
		if (access_text_equals(word, "KNOWN"))
			return fits_known(p, side);
		if (access_text_equals(word, "LOCAL"))
			return fits_local(p, side);
		if ((part.letters & ACCESS_LIST_SLASH) && access_rule_cut(&net, '/', &mask))
			return access_network_holds(net, mask, &access_asker_address(p->asker, side)->address);
	}
	return fits_address_or_name(part, p, side);
}


bool access_pattern_fits_host(
	struct text_slice word, const struct access_request *q, enum access_side side, const struct access_place *at)
{
	struct access_asker asker = access_asker_of(q);
	struct word_place p = {.asker = &asker, .at = at};
	return word.length > 0 && fits_host(access_list_part_of(word), &p, side, NULL);
}

/* A number is a port, whatever the daemon is called; ports of the server only. */
static bool fits_daemon_name(struct access_list_part part, struct word_place *p)
{
	const struct text_slice word = part.text;
	unsigned port;
	if ((word.start[0] <= '9') && access_number_read_unsigned(word, 10, &port) == word.length &&
		port <= UINT16_MAX)
		return p->asker->q->answers->port(p->asker->q->self, ACCESS_SERVER) == (int)port;
	return fits_text(part, access_asker_plain(p->asker->daemon), NULL);
}

static bool fits_daemon_word(const struct access_list_word *word, struct word_place *p)
{
	if (!word->has_host)
		return fits_daemon_name(word->part, p);
	return fits_daemon_name(word->part, p) && word->host.text.length > 0 &&
	       fits_host(word->host, p, ACCESS_SERVER, NULL);
}

static bool fits_client_word(const struct access_list_word *word, struct word_place *p)
{
	if (!word->has_host)
		return fits_host(word->part, p, ACCESS_CLIENT, NULL);
	if (p->at->hopes && !p->asker->q->answers->has_user(p->asker->q->self))
		return open_name(p);
	return word->host.text.length > 0 && fits_host(word->host, p, ACCESS_CLIENT, NULL) &&
	       fits_any_text(word->part, p->asker->q->answers->user(p->asker->q->self));
}

/*
 * a EXCEPT b EXCEPT c is a EXCEPT (b EXCEPT c): the first part that does not fit decides, and which way is a matter of
 * how many went before. Not by recursion, for a line may be long.
 */
static bool fits_list(struct access_list list, bool (*fits)(const struct access_list_word *, struct word_place *),
	struct access_asker *asker, const struct access_place *at)
{
	struct word_place p = {.asker = asker, .at = at};
	struct access_list_word room;
	const struct access_list_word *word;
	for (;; p.except = !p.except) {
		bool fitted = false;
		while (!fitted && (word = access_list_next(&list, &room)) != NULL && !word->is_except) {
			p.files_opened = 0;
			fitted = fits(word, &p);
		}
		if (!fitted)
			return p.except;
		do {
			word = access_list_next(&list, &room);
			if (word == NULL)
				return !p.except;
		} while (!word->is_except);
	}
}

bool access_pattern_fits_daemon(
	struct text_slice list, const struct access_request *q, const struct access_place *at)
{
	struct access_asker asker = access_asker_of(q);
	return access_pattern_daemons_fit(access_list_of(list), &asker, at);
}

bool access_pattern_fits_client(
	struct text_slice list, const struct access_request *q, const struct access_place *at)
{
	struct access_asker asker = access_asker_of(q);
	return access_pattern_clients_fit(access_list_of(list), &asker, at);
}

bool access_pattern_daemons_fit(struct access_list list, struct access_asker *asker, const struct access_place *at)
{
	return fits_list(list, fits_daemon_word, asker, at);
}

bool access_pattern_clients_fit(struct access_list list, struct access_asker *asker, const struct access_place *at)
{
	return fits_list(list, fits_client_word, asker, at);
}

bool access_pattern_fits_rule(
	const struct access_rule *rule, struct access_asker *asker, const struct access_place *at)
{
	return access_pattern_daemons_fit(access_list_of(rule->daemons), asker, at) &&
	       access_pattern_clients_fit(access_list_of(rule->clients), asker, at);
}
