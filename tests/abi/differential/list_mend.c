/* SPDX-License-Identifier: ISC */
#include "list_mend.h"

#include "table_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

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

/* Where the letter before stands, over what joins lines; the length at the beginning of the file. */
static size_t letter_before(const struct case_file *f, size_t at)
{
	while (at >= 2 && f->bytes[at - 1] == '\n' && f->bytes[at - 2] == '\\')
		at -= 2;
	return at == 0 ? f->length : at - 1;
}

struct path_word {
	char text[200];
	size_t length;   /* in the file, with what joins lines */
	unsigned joints; /* how often lines are joined in it */
};

/* The line that the byte stands in. */
static struct table_walk line_of(const struct case_file *f, size_t at)
{
	struct table_walk w = {.file = f};
	while (table_walk_next(&w) && at >= w.end)
		;
	return w;
}

/* Does that byte end a word, or come before one? A comma does in a table, a form feed in a list; a colon where it ends a field. */
static bool ends_word(const struct case_file *f, size_t at, bool of_list)
{
	if (f->bytes[at] == ':' && !of_list) {
		const struct table_walk line = line_of(f, at);
		return table_walk_field(&line, at + 1) > table_walk_field(&line, at);
	}
	return strchr(of_list ? " \t\r\n\v\f" : " \t\r\n,", f->bytes[at]) != NULL; /* a NUL, too */
}

/* The path that begins there, if one does. */
static bool path_at(const struct case_file *f, size_t at, bool of_list, struct path_word *out)
{
	const size_t before = letter_before(f, at);
	size_t n = 0, to = at;
	*out = (struct path_word){.length = 0};
	if (f->bytes[at] != '/' ||
		(before < f->length && f->bytes[before] != '@' && !ends_word(f, before, of_list)))
		return false;
	while (to < f->length && n + 1 < sizeof out->text && !ends_word(f, to, of_list)) {
		if (to + 1 < f->length && f->bytes[to] == '\\' && f->bytes[to + 1] == '\n') {
			out->joints++;
			to += 2;
			continue;
		}
		out->text[n++] = f->bytes[to++];
	}
	out->length = to - at;
	return true;
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
	return digit >= '0' && digit < '0' + CASE_LISTS && own[strlen(CASE_PLACE "/f0")] == '\0' ? digit - '0' : -1;
}

/* `leads` says which list comes to which in the end. */
static void find_leads(const struct access_case *c, bool leads[CASE_LISTS][CASE_LISTS])
{
	struct path_word path;
	memset(leads, 0, sizeof(bool[CASE_LISTS][CASE_LISTS]));
	for (unsigned i = 0; i < CASE_LISTS; i++) {
		const struct case_file *f = &c->list[i];
		for (size_t at = 0; f->kind == FILE_TEXT && at < f->length; at++) {
			int to = path_at(f, at, true, &path) ? list_number(path.text) : -1;
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

/* Would a match of the word at that byte shut somebody out? */
static bool shuts_out(const struct table_walk *w, size_t at, bool table_denies, const struct table_walk_judge *judge)
{
	return table_walk_denies(w, table_denies, judge) != (table_walk_excepts(w, at) % 2 == 1);
}

/*
 * Where a match shuts somebody out /mnt/_A stands, which says ALL, else /mnt/_N, which is not there. A list that can be read
 * gets another name where it is to shut out, because what it names may have to: /mnt/g0 for /mnt/f0. `rings`, for a
 * list: which lists come back to it.
 */
static bool replace_unreadable(struct case_file *f, bool denies, const struct table_walk_judge *judge, const bool *rings)
{
	struct path_word path;
	bool mended = false;
	for (size_t at = 0; at < f->length; at++) {
		char other[sizeof path.text + 8];
		if (!path_at(f, at, rings != NULL, &path))
			continue;
		const struct table_walk line = line_of(f, at);
		if (!rings && table_walk_field(&line, at) > 1)
			continue; /* of an option */
		const int number = list_number(path.text);
		const bool matches = rings ? denies : shuts_out(&line, at, denies, judge);
		const bool gone = is_unreadable(path.text) || (rings && number >= 0 && rings[number]);
		if (gone)
			snprintf(other, sizeof other, "%s", matches ? CASE_PLACE_EVERYBODY : CASE_PLACE_NOBODY);
		else if (matches && number >= 0)
			snprintf(other, sizeof other, CASE_PLACE "/g%d", number);
		else
			continue;
		mended = mended || gone;
		for (unsigned i = 0; i < path.joints; i++)
			strncat(other, "\\\n", sizeof other - strlen(other) - 1); /* so that lines keep their numbers */
		replace(f, at, path.length, other);
	}
	return mended;
}

bool list_mend(struct access_case *c, const struct table_walk_judge *judge)
{
	bool mended = false, leads[CASE_LISTS][CASE_LISTS];
	find_leads(c, leads);
	mended |= replace_unreadable(&c->table[TABLE_ALLOW], false, judge, NULL);
	mended |= replace_unreadable(&c->table[TABLE_DENY], true, judge, NULL);
	for (unsigned i = 0; i < CASE_LISTS; i++) {
		bool rings[CASE_LISTS];
		for (unsigned j = 0; j < CASE_LISTS; j++)
			rings[j] = leads[i][j] && leads[j][i];
		c->list[CASE_LISTS + i] = c->list[i];
		mended |= replace_unreadable(&c->list[i], false, judge, rings);
		mended |= replace_unreadable(&c->list[CASE_LISTS + i], true, judge, rings);
	}
	return mended;
}
