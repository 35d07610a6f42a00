/* SPDX-License-Identifier: ISC */
#include "case_trait.h"

#include "aclexec_mend.h"
#include "glob_mend.h"
#include "list_mend.h"
#include "long_mend.h"
#include "table_mend.h"
#include "table_walk.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

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
		else if (f->length && f->bytes[f->length - 1] == '\\')
			f->length--; /* so does this */
		if (f->length && f->bytes[f->length - 1] == '\\')
			case_file_add(f, " ", 1); /* it stays a letter */
		do
			case_file_add(f, "\n", 1); /* a NUL may swallow the first one */
		while (last_line_has_no_newline(f));
		mended = true;
	}
	return mended;
}

/* --- sockets, names ----------------------------------------------------------------------------------- */

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
			mended = case_file_write_over(f, at, end, "deny") || mended;
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
		[TRAIT_NETGROUP_LENGTH] = "netgroup-length",
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

bool case_trait_mend(
	enum case_trait t, struct access_case *c, const struct outcome *theirs, const struct table_walk_judge *judge)
{
	switch (t) {
	case TRAIT_GLOB_TIME:
		return theirs->end == END_TOO_LONG && glob_mend(c);
	case TRAIT_NUL_LINE:
		return remove_nuls(c);
	case TRAIT_NETGROUP_LENGTH:
		return long_mend_netgroups(c);
	case TRAIT_NO_NEWLINE:
		return add_newline(c);
	case TRAIT_LONG_LINE:
		return long_mend_lines(c);
	case TRAIT_UNREADABLE_TABLE:
		return table_mend_unreadable(c);
	case TRAIT_UNREADABLE_LIST:
		return list_mend(c, judge);
	case TRAIT_ACLEXEC_STICKS:
	case TRAIT_ACLEXEC_AGAIN: /* the original was asked again meanwhile */
		return aclexec_mend_failed(c, theirs);
	case TRAIT_ACLEXEC_FIRST:
		return aclexec_mend_order(c);
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
