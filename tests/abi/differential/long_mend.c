/* SPDX-License-Identifier: ISC */
#include "long_mend.h"

#include "case_maker.h"
#include "table_walk.h"

#include <string.h>

enum {
	LONGEST_LINE = 2046,   /* of the original: a buffer of 2048, with a newline and a NUL */
	LONGER_PATHS = 64,     /* by which a line may grow when a path that cannot be read is replaced */
	LONGEST_NETGROUP = 255 /* of ours */
};

/* --- lines ------------------------------------------------------------------------------------------------- */

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

/* A name longer than any that a client can have fits nobody, whatever it says, and is no netgroup: one letter of it is as good. */
static void shorten_names(struct case_file *f, size_t begin, size_t end)
{
	enum { LONGEST_NAME = 127 };
	size_t to = begin, run = 0;
	for (size_t from = begin; from < end; from += run) {
		for (run = 0; from + run < end && strchr("nNdD.", f->bytes[from + run]);)
			run++;
		if (run > LONGEST_NAME) {
			f->bytes[to++] = 'n';
			continue;
		}
		run = run ? run : 1;
		memmove(f->bytes + to, f->bytes + from, run);
		to += run;
	}
	memmove(f->bytes + to, f->bytes + end, f->length - end);
	f->length -= end - to;
}

bool long_mend_lines(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < 2; i++) {
		struct case_file *f = &c->table[i];
		struct table_walk w = {.file = f};
		while (f->kind == FILE_TEXT && table_walk_next(&w)) {
			/* With what a NUL hides: of a line that does not fit the original sees it, from the next piece on. */
			if (w.end - w.begin <= LONGEST_LINE - LONGER_PATHS)
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

/* --- netgroups --------------------------------------------------------------------------------------------- */

/* Which words are patterns of hosts. */
enum word_place {
	OF_DAEMONS, /* what stands behind the '@' of DAEMON@HOST */
	OF_CLIENTS, /* the same of USER@HOST, or the word */
	OF_LIST     /* the word, with whatever '@' */
};

static size_t skip_joints(const struct case_file *f, size_t at, size_t end)
{
	while (at + 1 < end && f->bytes[at] == '\\' && f->bytes[at + 1] == '\n')
		at += 2;
	return at;
}

static size_t count_letters(const struct case_file *f, size_t at, size_t end)
{
	size_t letters = 0;
	while ((at = skip_joints(f, at, end)) < end) {
		letters++;
		at++;
	}
	return letters;
}

static bool mend_netgroup(struct case_file *f, size_t word, size_t end, enum word_place place)
{
	size_t host = place == OF_DAEMONS ? end : word;
	const char *at = place != OF_LIST && word < end ? memchr(f->bytes + word + 1, '@', end - word - 1) : NULL;
	if (at)
		host = skip_joints(f, (size_t)(at - f->bytes) + 1, end);
	return host < end && f->bytes[host] == '@' && count_letters(f, host + 1, end) > LONGEST_NETGROUP &&
	       case_file_write_over(f, host, end, "1.1.1.1");
}

static bool mend_netgroups(struct case_file *f, size_t begin, size_t end, enum word_place place)
{
	const char *apart = place == OF_LIST ? " \t\r\n\v\f" : " \t\r\n,"; /* and a NUL */
	bool mended = false;
	for (size_t word = begin, next; word < end; word = next + 1) {
		word = next = skip_joints(f, word, end);
		while (next < end && !strchr(apart, f->bytes[next]))
			next = skip_joints(f, next + 1, end);
		mended |= mend_netgroup(f, word, next, place);
	}
	return mended;
}

bool long_mend_netgroups(struct access_case *c)
{
	bool mended = false;
	for (unsigned i = 0; i < 2; i++) {
		struct case_file *f = &c->table[i];
		struct table_walk w = {.file = f};
		while (f->kind == FILE_TEXT && table_walk_next(&w)) {
			const size_t colon = table_walk_field_end(&w, 0);
			mended |= mend_netgroups(f, w.begin, colon, OF_DAEMONS);
			mended |= mend_netgroups(f, colon + 1, table_walk_field_end(&w, 1), OF_CLIENTS);
		}
	}
	for (unsigned i = 0; i < CASE_LISTS; i++) {
		struct case_file *f = &c->list[i];
		if (f->kind == FILE_TEXT)
			mended |= mend_netgroups(f, 0, f->length, OF_LIST);
	}
	return mended;
}
