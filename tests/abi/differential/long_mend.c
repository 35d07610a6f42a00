/* SPDX-License-Identifier: ISC */
#include "long_mend.h"

#include "case_maker.h"
#include "table_walk.h"

#include <string.h>

enum {
	LONGEST_LINE = 2046, /* of the original: a buffer of 2048, with a newline and a NUL */
	LONGER_PATHS = 64    /* by which a line may grow when a path that cannot be read is replaced */
};

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

bool long_mend_lines(struct access_case *c)
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
