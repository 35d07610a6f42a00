/* SPDX-License-Identifier: ISC */
#include "table_walk.h"

#include <ctype.h>
#include <string.h>

bool table_walk_next(struct table_walk *w)
{
	const struct case_file *f = w->file;
	size_t at = w->end;
	if (at == f->length)
		return false;
	w->begin = at;
	w->ended = false;
	while (at < f->length && !w->ended) {
		const char *start = f->bytes + at, *newline = memchr(start, '\n', f->length - at);
		size_t n = newline ? (size_t)(newline - start) : f->length - at;
		const char *nul = memchr(start, '\0', n);
		at += n + (newline ? 1 : 0);
		if (nul) /* the rest is not seen, nor the newline */
			continue;
		w->number += newline ? 1 : 0;
		if (!newline || n == 0 || start[n - 1] != '\\')
			w->ended = newline != NULL;
	}
	w->end = at;
	return true;
}

/* The joined text of the line, without its newline. */
static size_t join(const struct table_walk *w, char *text, size_t size)
{
	size_t used = 0;
	for (size_t at = w->begin; at < w->end && used + 1 < size; at++) {
		const char *p = w->file->bytes + at;
		if (p[0] == '\\' && at + 1 < w->end && p[1] == '\n')
			at++;
		else if (p[0] != '\n')
			text[used++] = p[0];
	}
	text[used] = '\0';
	return used;
}

/* Fields end at a ':' outside of brackets; once there are options, at every ':' without a backslash. */
static bool ends_field(const char *text, size_t i, int depth, size_t colons)
{
	if (text[i] != ':')
		return false;
	return colons < 2 ? depth == 0 : text[i - 1] != '\\';
}

/* Where the argument of an option begins that has this keyword; null where it has another, or none is there. */
static const char *argument_of(const char *option, const char *end, const char *keyword)
{
	static const char blanks[] = " \t\r\v\f";
	const size_t n = strlen(keyword);
	option += strspn(option, blanks);
	if (option + n >= end || strncasecmp(option, keyword, n) != 0 || !strchr(" \t\r=", option[n]))
		return NULL;
	option += n + strspn(option + n, blanks);
	option += *option == '=' ? 1 : 0;
	option += strspn(option, blanks);
	return option < end ? option : NULL;
}

/* One with names that there are; a fault where one is missing. */
static const char *user_that_is_there(const char *argument, const char *end)
{
	while (end > argument && isspace((unsigned char)end[-1]))
		end--;
	const char *dot = memchr(argument, '.', (size_t)(end - argument));
	if (dot == argument || (dot && dot + 1 == end))
		return ":umask 9";
	return dot ? ":user nobody.nogroup" : ":user nobody";
}

/* The options that begin with the ':' at `from`: commands that would be asked are ones that succeed, users and groups are there. */
static void copy_options(const char *from, char *out)
{
	while (*from) {
		const char *end = from + 1, *argument;
		while (*end && (*end != ':' || end[-1] == '\\'))
			end++;
		if (argument_of(from + 1, end, "aclexec")) {
			out = stpcpy(out, ":aclexec true");
		} else if ((argument = argument_of(from + 1, end, "user"))) {
			out = stpcpy(out, user_that_is_there(argument, end));
		} else if (argument_of(from + 1, end, "group")) {
			out = stpcpy(out, ":group nogroup");
		} else {
			memcpy(out, from, (size_t)(end - from));
			out += end - from;
		}
		from = end;
	}
	*out = '\0';
}

bool table_walk_denies(const struct table_walk *w, bool table_denies, const struct table_walk_judge *judge)
{
	static char text[CASE_TEXT_SIZE], options[8 * CASE_TEXT_SIZE];
	const size_t n = join(w, text, sizeof text);
	size_t colons = 0, first = 0;
	int depth = 0;
	for (size_t i = 0; i < n && colons < 2; i++) {
		depth += (text[i] == '[') - (text[i] == ']');
		if (ends_field(text, i, depth, colons)) {
			colons++;
			first = i;
		}
	}
	if (colons < 2)
		return table_denies;
	copy_options(text + first, options);
	return judge->denies(judge->self, options, table_denies);
}

unsigned table_walk_field(const struct table_walk *w, size_t at)
{
	const char *bytes = w->file->bytes;
	unsigned field = 0;
	int depth = 0;
	for (size_t i = w->begin; i < at; i++) {
		depth += (bytes[i] == '[') - (bytes[i] == ']');
		field += bytes[i] == ':' && depth == 0;
	}
	return field;
}

size_t table_walk_field_end(const struct table_walk *w, unsigned field)
{
	const char *bytes = w->file->bytes;
	int depth = 0;
	for (size_t i = w->begin; i < w->end; i++) {
		depth += (bytes[i] == '[') - (bytes[i] == ']');
		if (bytes[i] == ':' && depth == 0 && field-- == 0)
			return i;
	}
	return w->end;
}

unsigned table_walk_excepts(const struct table_walk *w, size_t at)
{
	const char *bytes = w->file->bytes;
	unsigned excepts = 0;
	int depth = 0;
	for (size_t i = w->begin; i < at; i++) {
		depth += (bytes[i] == '[') - (bytes[i] == ']');
		if (bytes[i] == ':' && depth == 0)
			excepts = 0; /* the next list */
		if (i + 7 <= at && strncasecmp(bytes + i, "EXCEPT", 6) == 0 && strchr(" \t\r,\\", bytes[i + 6]) &&
			(i == w->begin || strchr(" \t\r\n,:", bytes[i - 1])))
			excepts++;
	}
	return excepts;
}

/* Do these letters stand there, in whatever case, over what joins lines? */
static bool has_word(const struct table_walk *w, size_t at, const char *word)
{
	const char *bytes = w->file->bytes;
	while (*word && at < w->end) {
		if (bytes[at] == '\\' && at + 1 < w->end && bytes[at + 1] == '\n') {
			at += 2;
			continue;
		}
		if (tolower((unsigned char)bytes[at++]) != *word++)
			return false;
	}
	return *word == '\0';
}

size_t table_walk_option(const struct table_walk *w, size_t from, const char *keyword)
{
	const struct case_file *f = w->file;
	for (size_t at = from + 1; at < w->end; at++) {
		size_t before = at - 1;
		while (before > w->begin && strchr(" \t\r\n\\", f->bytes[before]))
			before--;
		if (f->bytes[before] == ':' && f->bytes[at] != '\\' && has_word(w, at, keyword))
			return at;
	}
	return w->end;
}
