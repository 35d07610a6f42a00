/* SPDX-License-Identifier: ISC */
#include "case_trait.h"

#include "case_maker.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST_LINE = 2046 }; /* of the original: a buffer of 2048, with a newline and a NUL */

/* --- lines, as the original joins them ------------------------------------------------------------- */

struct table_walk {
	const struct case_file *file;
	size_t begin, end; /* of the logical line; the end behind its newline */
	size_t length;     /* of it once joined */
	unsigned number;   /* physical lines with a newline so far */
	bool ended;
};

static bool next_line(struct table_walk *w)
{
	const struct case_file *f = w->file;
	size_t at = w->end;
	w->begin = at;
	w->length = 0;
	w->ended = false;
	if (at == f->length)
		return false;
	while (at < f->length && !w->ended) {
		const char *start = f->bytes + at, *newline = memchr(start, '\n', f->length - at);
		size_t n = newline ? (size_t)(newline - start) : f->length - at;
		const char *nul = memchr(start, '\0', n);
		at += n + (newline ? 1 : 0);
		if (nul) { /* the rest is not seen, nor the newline */
			w->length += (size_t)(nul - start);
			continue;
		}
		w->number += newline ? 1 : 0;
		w->length += n;
		if (newline && n > 0 && start[n - 1] == '\\')
			w->length--;
		else
			w->ended = newline != NULL;
	}
	w->end = at;
	return true;
}

static bool last_line_has_no_newline(const struct case_file *f)
{
	struct table_walk w = {.file = f};
	bool ended = true;
	while (next_line(&w))
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
		if (f->bytes[f->length - 1] == '\\')
			case_file_add(f, " ", 1); /* it stays a letter */
		case_file_add(f, "\n", 1);
		mended = true;
	}
	return mended;
}

/* --- long lines ------------------------------------------------------------------------------------------ */

static void remove_pads(struct case_file *f, size_t begin, size_t end)
{
	const size_t n = sizeof CASE_MAKER_PAD - 1;
	size_t to = begin;
	for (size_t from = begin; from < end;) {
		if (from + n <= end && memcmp(f->bytes + from, CASE_MAKER_PAD, n) == 0 &&
			(from + n == end || strchr(" \n\r\t:,\\", f->bytes[from + n])))
			from += n;
		else
			f->bytes[to++] = f->bytes[from++];
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
		while (f->kind == FILE_TEXT && next_line(&w)) {
			if (w.length <= LONGEST_LINE)
				continue;
			const size_t before = f->length;
			remove_pads(f, w.begin, w.end);
			w.end -= before - f->length;
			mended = mended || f->length < before;
		}
	}
	return mended;
}

/* --- what cannot be read ------------------------------------------------------------------------------- */

static bool replace_directories(struct access_case *c)
{
	bool mended = false;
	if (c->table[TABLE_ALLOW].kind == FILE_DIRECTORY) {
		c->table[TABLE_ALLOW].kind = FILE_MISSING;
		mended = true;
	}
	if (c->table[TABLE_DENY].kind == FILE_DIRECTORY) {
		c->table[TABLE_DENY].kind = FILE_LOOP; /* which the original takes for what it is: denied */
		mended = true;
	}
	return mended;
}

static bool is_unreadable(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return errno != ENOENT;
	bool unreadable = read(fd, &byte, 1) < 0;
	close(fd);
	return unreadable;
}

static bool begins_word(const struct case_file *f, size_t at)
{
	return at == 0 || strchr(" \t\r\n\v\f,:@", f->bytes[at - 1]) != NULL;
}

/* The path that begins there, if one does. */
static size_t path_at(const struct case_file *f, size_t at, char path[200])
{
	size_t n = 0;
	if (f->bytes[at] != '/' || !begins_word(f, at))
		return 0;
	while (at + n < f->length && n < 199 && !strchr(" \t\r\n\v\f,:", f->bytes[at + n])) {
		path[n] = f->bytes[at + n];
		n++;
	}
	path[n] = '\0';
	return n;
}

static void replace(struct case_file *f, size_t at, size_t length, const char *with)
{
	const size_t n = strlen(with);
	if (f->length - length + n > sizeof f->bytes)
		return;
	memmove(f->bytes + at + n, f->bytes + at + length, f->length - at - length);
	memcpy(f->bytes + at, with, n);
	f->length = f->length - length + n;
}

/* Which of /mnt/f0, /mnt/f1, /mnt/f2 a path is, or -1. */
static int list_number(const char *path)
{
	const char *own = strstr(path, CASE_PLACE "/f");
	const char digit = own ? own[strlen(CASE_PLACE "/f")] : 0;
	return digit >= '0' && digit < '0' + CASE_LISTS ? digit - '0' : -1;
}

/* `leads` says which list comes to which in the end. */
static void find_leads(const struct access_case *c, bool leads[CASE_LISTS][CASE_LISTS])
{
	char path[200];
	memset(leads, 0, sizeof(bool[CASE_LISTS][CASE_LISTS]));
	for (unsigned i = 0; i < CASE_LISTS; i++) {
		const struct case_file *f = &c->list[i];
		for (size_t at = 0; f->kind == FILE_TEXT && at < f->length; at++) {
			int to = path_at(f, at, path) ? list_number(path) : -1;
			if (to >= 0)
				leads[i][to] = true;
		}
	}
	for (unsigned over = 0; over < CASE_LISTS; over++) {
		for (unsigned i = 0; i < CASE_LISTS; i++) {
			for (unsigned j = 0; j < CASE_LISTS; j++)
				leads[i][j] |= leads[i][over] && leads[over][j];
		}
	}
}

/* How many words EXCEPT stand before it in its list: each turns round what a match there means. */
static unsigned excepts_before(const struct case_file *f, size_t at)
{
	unsigned excepts = 0;
	for (; at > 0 && f->bytes[at - 1] != '\n' && f->bytes[at - 1] != ':'; at--) {
		if (at >= 7 && strncasecmp(f->bytes + at - 7, "EXCEPT", 6) == 0 && strchr(" \t\r,", f->bytes[at - 1]) &&
			(at == 7 || strchr(" \t\r\n,:", f->bytes[at - 8])))
			excepts++;
	}
	return excepts;
}

/*
 * Where ours takes a file that cannot be read for one that matches (so that nobody gets in by it), /mnt/_A stands, else
 * /mnt/_N, which is not there. A list that can be read gets another name where it is meant to match, because lists in it that cannot
 * be read are to match, too: /mnt/g0 for /mnt/f0. `rings`, for a list: which lists come back to it.
 */
static bool replace_unreadable(struct case_file *f, bool denies, const bool *rings)
{
	char path[200];
	bool mended = false;
	for (size_t at = 0; at < f->length; at++) {
		const size_t n = path_at(f, at, path);
		const int number = n ? list_number(path) : -1;
		if (n == 0)
			continue;
		const bool matches = rings ? denies : denies != (excepts_before(f, at) % 2 == 1);
		if (is_unreadable(path) || (rings && number >= 0 && rings[number])) {
			replace(f, at, n, matches ? CASE_PLACE_EVERYBODY : CASE_PLACE_NOBODY);
			mended = true;
		} else if (matches && number >= 0) {
			f->bytes[at + (size_t)(strstr(path, CASE_PLACE "/f") - path) + strlen(CASE_PLACE "/")] = 'g';
		}
	}
	return mended;
}

static bool replace_unreadable_lists(struct access_case *c)
{
	bool mended = false, leads[CASE_LISTS][CASE_LISTS];
	find_leads(c, leads);
	mended |= replace_unreadable(&c->table[TABLE_ALLOW], false, NULL);
	mended |= replace_unreadable(&c->table[TABLE_DENY], true, NULL);
	for (unsigned i = 0; i < CASE_LISTS; i++) {
		bool rings[CASE_LISTS];
		for (unsigned j = 0; j < CASE_LISTS; j++)
			rings[j] = leads[i][j] && leads[j][i];
		c->list[CASE_LISTS + i] = c->list[i];
		mended |= replace_unreadable(&c->list[i], false, rings);
		mended |= replace_unreadable(&c->list[CASE_LISTS + i], true, rings);
	}
	return mended;
}

/* --- aclexec ------------------------------------------------------------------------------------------- */

/* As if the table ended before the rule whose aclexec failed: its search is over then, in both. */
static bool end_before_failed_rule(struct access_case *c, const struct outcome *theirs)
{
	bool mended = false;
	for (unsigned r = 0; r < c->rounds; r++) {
		for (unsigned i = 0; i < theirs->round[r].match_count; i++) {
			const char *match = theirs->round[r].matches[i];
			struct case_file *f = &c->table[match[0] == 'd' ? TABLE_DENY : TABLE_ALLOW];
			struct table_walk w = {.file = f};
			const unsigned number = (unsigned)strtoul(match + 1, NULL, 10);
			while (f->kind == FILE_TEXT && next_line(&w)) {
				if (w.number < number)
					continue;
				if (memmem(f->bytes + w.begin, w.end - w.begin, "xec", 3) ||
					memmem(f->bytes + w.begin, w.end - w.begin, "XEC", 3)) {
					f->length = w.begin;
					mended = true;
				}
				break;
			}
			if (mended)
				break;
		}
	}
	return mended;
}

/* --- user and group ------------------------------------------------------------------------------------ */

bool case_trait_is_user(const struct outcome *o)
{
	char line[200], *save = NULL, text[OUTCOME_TEXT_SIZE];
	uid_t uid = 0;
	gid_t gid = 0;
	memcpy(text, o->options, sizeof text);
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
		if (!p && !g)
			return false;
		uid = p ? p->pw_uid : uid;
		gid = g ? g->gr_gid : p->pw_gid;
	}
	return o->uid == uid && o->gid == gid;
}

static bool has_user(const struct outcome *theirs)
{
	return strcasestr(theirs->options, "user") || strcasestr(theirs->options, "group");
}

/* --- the table ------------------------------------------------------------------------------------------- */

const char *case_trait_name(enum case_trait t)
{
	static const char *const names[TRAIT_COUNT] = {
		[TRAIT_NO_NEWLINE] = "last-line-without-newline",
		[TRAIT_LONG_LINE] = "long-line",
		[TRAIT_DIRECTORY_TABLE] = "table-is-directory",
		[TRAIT_UNREADABLE_LIST] = "list-file-unreadable",
		[TRAIT_ACLEXEC_STICKS] = "aclexec-sticks",
		[TRAIT_USER_DROPPED] = "user-dropped",
		[TRAIT_NUL_LINE] = "line-number-after-nul",
	};
	return names[t];
}

bool case_trait_mend(enum case_trait t, struct access_case *c, const struct outcome *theirs)
{
	switch (t) {
	case TRAIT_NO_NEWLINE:
		return add_newline(c);
	case TRAIT_LONG_LINE:
		return shorten_lines(c);
	case TRAIT_DIRECTORY_TABLE:
		return replace_directories(c);
	case TRAIT_UNREADABLE_LIST:
		return replace_unreadable_lists(c);
	case TRAIT_ACLEXEC_STICKS:
		return c->false_command && end_before_failed_rule(c, theirs);
	case TRAIT_USER_DROPPED:
		return has_user(theirs); /* nothing is changed: who the process is then is looked at by itself */
	case TRAIT_NUL_LINE: /* nor here: only the numbers are not compared */
		return memchr(c->table[0].bytes, '\0', c->table[0].length) || memchr(c->table[1].bytes, '\0', c->table[1].length);
	}
	return false;
}
