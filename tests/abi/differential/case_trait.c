/* SPDX-License-Identifier: ISC */
#include "case_trait.h"

#include "case_maker.h"
#include "glob_mend.h"
#include "list_mend.h"
#include "table_walk.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

enum {
	LONGEST_LINE = 2046, /* of the original: a buffer of 2048, with a newline and a NUL */
	LONGER_PATHS = 64    /* by which a line may grow when a path that cannot be read is replaced */
};

/* --- lines ------------------------------------------------------------------------------------------------- */

/* With all that they hide, as the original reads it. */
static bool remove_nuls(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < 2; i++) {
		struct case_file *f = &c->table[i];
		char *nul;
		while (f->kind == FILE_TEXT && (nul = memchr(f->bytes, '\0', f->length)) != NULL) {
			const size_t at = (size_t)(nul - f->bytes);
			const char *newline = memchr(nul, '\n', f->length - at);
			const size_t end = newline ? (size_t)(newline - f->bytes) + 1 : f->length;
			memmove(nul, f->bytes + end, f->length - end);
			f->length -= end - at;
			mended = true;
		}
	}
	return mended;
}

static bool last_line_has_no_newline(const struct case_file *f)
{
	struct table_walk w = {.file = f};
	bool ended = true;
	while (table_walk_next(&w))
		ended = w.ended;
	return !ended;
}

static bool add_newline(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < 2; i++) {
		struct case_file *f = &c->table[i];
		if (f->kind != FILE_TEXT || !last_line_has_no_newline(f))
			continue;
		if (f->length >= 2 && memcmp(f->bytes + f->length - 2, "\\\n", 2) == 0)
			f->length -= 2; /* it would join with nothing */
		if (f->length && f->bytes[f->length - 1] == '\\')
			case_file_add(f, " ", 1); /* it stays a letter */
		do
			case_file_add(f, "\n", 1); /* a NUL may swallow the first one */
		while (last_line_has_no_newline(f));
		mended = true;
	}
	return mended;
}

/* --- long lines ------------------------------------------------------------------------------------------ */

static bool is_pad(const struct case_file *f, size_t at, size_t end)
{
	const size_t n = sizeof CASE_MAKER_PAD - 1;
	return at + n <= end && memcmp(f->bytes + at, CASE_MAKER_PAD, n) == 0 &&
	       (at + n == end || strchr(" \n\r\t:,\\", f->bytes[at + n]));
}

/* All but the first of each row: one is as good as many, but none would ask for no name. */
static void remove_pads(struct case_file *f, size_t begin, size_t end)
{
	const size_t n = sizeof CASE_MAKER_PAD - 1;
	size_t to = begin;
	for (size_t from = begin; from < end;) {
		if (is_pad(f, from, end)) {
			memcpy(f->bytes + to, CASE_MAKER_PAD, n);
			to += n;
			while (is_pad(f, from, end))
				from += n;
			continue;
		}
		f->bytes[to++] = f->bytes[from++];
	}
	memmove(f->bytes + to, f->bytes + end, f->length - end);
	f->length -= end - to;
}

/* A letter; for a netgroup, which with such a name is none, a word for which nobody is asked. */
static size_t put_for_long_name(struct case_file *f, size_t to, size_t begin)
{
	static const char address[] = "1.1.1.1";
	const bool is_netgroup = to > begin && f->bytes[to - 1] == '@' &&
				 (to - 1 == begin || strchr(" ,:\t\r", f->bytes[to - 2]));
	if (!is_netgroup) {
		f->bytes[to] = 'n';
		return to + 1;
	}
	memcpy(f->bytes + to - 1, address, strlen(address));
	return to - 1 + strlen(address);
}

/* A name longer than any that a client can have fits nobody, whatever it says: one letter of it is as good. */
static void shorten_names(struct case_file *f, size_t begin, size_t end)
{
	enum { LONGEST_NAME = 127 };
	size_t to = begin, run = 0;
	for (size_t from = begin; from < end; from += run) {
		for (run = 0; from + run < end && strchr("nNdD.", f->bytes[from + run]);)
			run++;
		if (run > LONGEST_NAME) {
			to = put_for_long_name(f, to, begin);
			continue;
		}
		run = run ? run : 1;
		memmove(f->bytes + to, f->bytes + from, run);
		to += run;
	}
	memmove(f->bytes + to, f->bytes + end, f->length - end);
	f->length -= end - to;
}

static bool shorten_lines(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < 2; i++) {
		struct case_file *f = &c->table[i];
		struct table_walk w = {.file = f};
		while (f->kind == FILE_TEXT && table_walk_next(&w)) {
			if (w.length <= LONGEST_LINE - LONGER_PATHS)
				continue;
			const size_t before = f->length;
			remove_pads(f, w.begin, w.end);
			w.end -= before - f->length;
			const size_t long_names = f->length;
			shorten_names(f, w.begin, w.end);
			w.end -= long_names - f->length;
			mended = mended || f->length < before;
		}
	}
	return mended;
}

/* --- what cannot be read ------------------------------------------------------------------------------- */

/* The original then denies everybody whom no rule of it fits: it does so behind a last line without a newline. */
static void deny_the_rest(struct case_file *deny)
{
	if (deny->kind == FILE_MISSING)
		case_file_set(deny, "");
	if (deny->kind == FILE_TEXT)
		case_file_add(deny, "ALL: ALL", strlen("ALL: ALL"));
}

static bool replace_unreadable_tables(struct access_case *c)
{
	struct case_file *allow = &c->table[TABLE_ALLOW], *deny = &c->table[TABLE_DENY];
	bool mended = false;
	if (allow->kind != FILE_TEXT && allow->kind != FILE_MISSING) {
		allow->kind = FILE_MISSING;
		deny_the_rest(deny);
		mended = true;
	}
	if (deny->kind == FILE_DIRECTORY) {
		deny->kind = FILE_LOOP; /* which the original takes for what it is: denied */
		mended = true;
	}
	return mended;
}

/* --- aclexec ------------------------------------------------------------------------------------------- */

/* As if the table ended before that rule, if it has an aclexec: the search in the table is over when that fails, in both. */
static bool end_before_rule(struct access_case *c, const char *match)
{
	struct case_file *f = &c->table[match[0] == 'd' ? TABLE_DENY : TABLE_ALLOW];
	struct table_walk w = {.file = f};
	const unsigned number = (unsigned)strtoul(match + 1, NULL, 10);
	while (f->kind == FILE_TEXT && table_walk_next(&w)) {
		if (w.number < number)
			continue;
		if (table_walk_option(&w, w.begin, "aclexec") == w.end)
			return false;
		f->length = w.begin;
		return true;
	}
	return false;
}

/* The rule that matched first. */
static bool end_before_failed_rule(struct access_case *c, const struct outcome *theirs)
{
	bool mended = false;
	for (unsigned i = 0; i < c->rounds; i++) {
		if (theirs->round[i].match_count > 0)
			mended |= end_before_rule(c, theirs->round[i].matches[0]);
	}
	return mended;
}

/* Where an option ends: at the next ':' without a backslash, or before the newline. */
static size_t option_end(const struct table_walk *w, size_t at)
{
	const char *bytes = w->file->bytes;
	const size_t end = w->ended ? w->end - 1 : w->end;
	while (at < end && (bytes[at] != ':' || bytes[at - 1] == '\\'))
		at++;
	return at;
}

/* The ':' before the first option of a line; its end if there is none. */
static size_t options_begin(const struct table_walk *w)
{
	size_t at = w->begin;
	while (at < w->end && table_walk_field(w, at + 1) < 2)
		at++;
	return at;
}

/* The bytes from `middle` to `end` come before those from `begin` to `middle`. */
static void turn_round(char *bytes, size_t begin, size_t middle, size_t end)
{
	char kept[CASE_TEXT_SIZE];
	const size_t n = middle - begin;
	memcpy(kept, bytes + begin, n);
	memmove(bytes + begin, bytes + middle, end - middle);
	memcpy(bytes + begin + (end - middle), kept, n);
}

/* As ours, an aclexec comes before the other options of its rule. */
static bool put_aclexec_first(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < 2; i++) {
		struct case_file *f = &c->table[i];
		struct table_walk w = {.file = f};
		while (f->kind == FILE_TEXT && table_walk_next(&w)) {
			size_t first = options_begin(&w), at = first;
			bool is_only = true;
			while (first < w.end && (at = table_walk_option(&w, at, "aclexec")) < w.end) {
				size_t colon = at;
				while (f->bytes[colon] != ':')
					colon--;
				const size_t end = option_end(&w, at);
				if (colon > first)
					turn_round(f->bytes, first, colon, end);
				mended = mended || colon > first || !is_only; /* ours does not run one behind one that failed */
				is_only = false;
				first += end - colon;
				at = end - 1;
			}
		}
	}
	return mended;
}

/* --- sockets, names ----------------------------------------------------------------------------------- */

/* Puts a word and blanks in the place of what stands there. Where lines are joined they stay so: lines are counted. */
static bool write_over(struct case_file *f, size_t at, size_t end, const char *word)
{
	if (at >= end)
		return false;
	while (at < end) {
		if (f->bytes[at] == '\\' && at + 1 < f->length && f->bytes[at + 1] == '\n') {
			at += 2;
			continue;
		}
		f->bytes[at++] = *word ? *word : ' ';
		word += *word ? 1 : 0;
	}
	return *word == '\0';
}

/* A twist in a process that knows no socket ends the original; with ours it denies, and the process lives. */
static bool mend_twist_without_socket(struct access_case *c)
{
	bool mended = false;
	if (c->caller[0].form != CALLER_CTL)
		return false;
	for (unsigned i = 0; i < 2; i++) {
		struct case_file *f = &c->table[i];
		struct table_walk w = {.file = f};
		while (f->kind == FILE_TEXT && table_walk_next(&w)) {
			const size_t at = table_walk_option(&w, w.begin, "twist"), end = w.ended ? w.end - 1 : w.end;
			mended = write_over(f, at, end, "deny") || mended;
		}
	}
	return mended;
}

static bool name_daemon(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < c->rounds; i++) {
		if (c->caller[i].daemon[0])
			continue;
		snprintf(c->caller[i].daemon, sizeof c->caller[i].daemon, "unknown");
		mended = true;
	}
	return mended;
}

/* --- user and group ------------------------------------------------------------------------------------ */

bool case_trait_is_user(const struct outcome *theirs, const struct outcome *ours)
{
	char line[200], *save = NULL, text[OUTCOME_TEXT_SIZE];
	uid_t uid = 0;
	gid_t gid = 0;
	memcpy(text, theirs->options, sizeof text);
	for (char *next = strtok_r(text, "\n", &save); next; next = strtok_r(NULL, "\n", &save)) {
		char *value = strpbrk(next, " =");
		if (!value || (strncasecmp(next, "user", 4) != 0 && strncasecmp(next, "group", 5) != 0))
			continue;
		snprintf(line, sizeof line, "%s", value + strspn(value, " ="));
		char *dot = strchr(line, '.');
		if (dot)
			*dot++ = '\0';
		const struct passwd *p = strncasecmp(next, "user", 4) == 0 ? getpwnam(line) : NULL;
		const struct group *g = p && !dot ? NULL : getgrnam(p ? dot : line);
		if ((!p && !g) || (dot && !g))
			continue; /* which denied */
		uid = p ? p->pw_uid : uid;
		gid = g ? g->gr_gid : p->pw_gid;
	}
	return ours->uid == uid && ours->gid == gid;
}

bool case_trait_has_user(const struct outcome *theirs)
{
	return strcasestr(theirs->options, "user") || strcasestr(theirs->options, "group");
}

/* Who is no longer root cannot have more of the processor: with ours a negative "nice" behind a user asks for nothing. */
static bool be_nicer_behind_user(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < 2; i++) {
		struct case_file *f = &c->table[i];
		struct table_walk w = {.file = f};
		while (f->kind == FILE_TEXT && table_walk_next(&w)) {
			size_t at = table_walk_option(&w, w.begin, "user");
			while (at < w.end && (at = table_walk_option(&w, at, "nice")) < w.end) {
				char *value = f->bytes + at + strlen("nice");
				value += strspn(value, " \t=");
				if (*value != '-')
					continue;
				do
					*value++ = '0';
				while (*value >= '0' && *value <= '9');
				mended = true;
			}
		}
	}
	return mended;
}

static bool mentions_user(const struct access_case *c)
{
	for (unsigned i = 0; i < 2; i++) {
		struct table_walk w = {.file = &c->table[i]};
		while (w.file->kind == FILE_TEXT && table_walk_next(&w)) {
			if (table_walk_option(&w, w.begin, "user") < w.end || table_walk_option(&w, w.begin, "group") < w.end)
				return true;
		}
	}
	return false;
}

/* Who has become somebody cannot become another: with ours a second user or group that is not the first has a fault. */
static bool spoil_second_users(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < 2; i++) {
		struct case_file *f = &c->table[i];
		struct table_walk w = {.file = f};
		while (f->kind == FILE_TEXT && table_walk_next(&w)) {
			const size_t first = table_walk_option(&w, w.begin, "user");
			while (first < w.end) {
				const size_t user = table_walk_option(&w, first, "user");
				const size_t group = table_walk_option(&w, first, "group");
				const size_t next = user < group ? user : group;
				if (next == w.end)
					break;
				f->bytes[next] = 'x';
				mended = true;
			}
		}
	}
	return mended;
}

static bool spoil_address(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < c->rounds; i++) {
		char *blank = strchr(c->caller[i].address, ' ');
		mended = mended || blank;
		if (blank)
			*blank = '_';
	}
	return mended;
}

/* --- the table ------------------------------------------------------------------------------------------- */

const char *case_trait_name(enum case_trait t)
{
	static const char *const names[TRAIT_COUNT] = {
		[TRAIT_GLOB_TIME] = "glob-time",
		[TRAIT_NO_NEWLINE] = "last-line-without-newline",
		[TRAIT_LONG_LINE] = "long-line",
		[TRAIT_UNREADABLE_TABLE] = "table-unreadable",
		[TRAIT_UNREADABLE_LIST] = "list-file-unreadable",
		[TRAIT_ACLEXEC_STICKS] = "aclexec-sticks",
		[TRAIT_ACLEXEC_AGAIN] = "aclexec-sticks, twice",
		[TRAIT_ACLEXEC_FIRST] = "aclexec-first",
		[TRAIT_USER_DROPPED] = "user-dropped",
		[TRAIT_NUL_LINE] = "line-number-after-nul",
		[TRAIT_TWIST_NO_SOCKET] = "twist-without-socket",
		[TRAIT_DAEMON_EMPTY] = "daemon-without-name",
		[TRAIT_USER_TWICE] = "user-twice",
		[TRAIT_ADDRESS_BLANK] = "address-with-blank",
	};
	return names[t];
}

bool case_trait_mend(enum case_trait t, struct access_case *c, const struct outcome *theirs)
{
	switch (t) {
	case TRAIT_GLOB_TIME:
		return theirs->end == END_TOO_LONG && glob_mend(c);
	case TRAIT_NUL_LINE:
		return remove_nuls(c);
	case TRAIT_NO_NEWLINE:
		return add_newline(c);
	case TRAIT_LONG_LINE:
		return shorten_lines(c);
	case TRAIT_UNREADABLE_TABLE:
		return replace_unreadable_tables(c);
	case TRAIT_UNREADABLE_LIST:
		return list_mend(c);
	case TRAIT_ACLEXEC_STICKS:
	case TRAIT_ACLEXEC_AGAIN: /* the original was asked again meanwhile */
		return end_before_failed_rule(c, theirs);
	case TRAIT_ACLEXEC_FIRST:
		return put_aclexec_first(c);
	case TRAIT_USER_DROPPED:
		/* But for "nice" nothing is changed: who the process is then is looked at by itself. */
		if (be_nicer_behind_user(c))
			return true;
		return mentions_user(c) || case_trait_has_user(theirs);
	case TRAIT_TWIST_NO_SOCKET:
		return mend_twist_without_socket(c);
	case TRAIT_DAEMON_EMPTY:
		return name_daemon(c);
	case TRAIT_USER_TWICE:
		return spoil_second_users(c);
	case TRAIT_ADDRESS_BLANK:
		return spoil_address(c);
	}
	return false;
}
