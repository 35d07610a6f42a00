/* SPDX-License-Identifier: ISC */
#include "case_shrink.h"

#include <stdlib.h>
#include <string.h>

struct shrink {
	struct access_case *c, *trial;
	case_shrink_test *interesting;
	void *self;
	unsigned budget;
};

static bool try_it(struct shrink *s)
{
	if (s->budget == 0)
		return false;
	s->budget--;
	if (!s->interesting(s->self, s->trial))
		return false;
	*s->c = *s->trial;
	return true;
}

static struct case_file *file_of(struct access_case *c, unsigned i)
{
	return i < 2 ? &c->table[i] : &c->list[i - 2];
}

static bool try_without(struct shrink *s, unsigned file, size_t begin, size_t length)
{
	*s->trial = *s->c;
	struct case_file *f = file_of(s->trial, file);
	memmove(f->bytes + begin, f->bytes + begin + length, f->length - begin - length);
	f->length -= length;
	return try_it(s);
}

/* Pieces that end with one of these letters, last one first; each piece is tried away. Null: every byte. */
static void shrink_file(struct shrink *s, unsigned file, const char *ends)
{
	struct case_file *f = file_of(s->c, file);
	size_t end = f->length;
	while (end > 0 && s->budget > 0) {
		size_t begin = end - 1;
		while (ends && begin > 0 && !strchr(ends, f->bytes[begin - 1]))
			begin--;
		try_without(s, file, begin, end - begin);
		end = begin;
	}
}

static void shrink_file_kinds(struct shrink *s)
{
	for (unsigned i = 0; i < 2 + CASE_LISTS; i++) {
		if (file_of(s->c, i)->kind == FILE_MISSING)
			continue;
		*s->trial = *s->c;
		file_of(s->trial, i)->kind = FILE_MISSING;
		try_it(s);
	}
}

static void shrink_callers(struct shrink *s)
{
	while (s->c->rounds > 1) {
		*s->trial = *s->c;
		s->trial->rounds--;
		if (!try_it(s))
			break;
	}
	while (s->c->rounds > 1) {
		*s->trial = *s->c;
		s->trial->rounds--;
		memmove(&s->trial->caller[0], &s->trial->caller[1], sizeof s->trial->caller[0] * s->trial->rounds);
		if (!try_it(s))
			break;
	}
	*s->trial = *s->c;
	s->trial->caller[0].form = CALLER_STRINGS;
	try_it(s);
}

void case_shrink(struct access_case *c, case_shrink_test *interesting, void *self, unsigned budget)
{
	struct shrink s = {c, malloc(sizeof *c), interesting, self, budget};
	if (!s.trial)
		return;
	shrink_callers(&s);
	shrink_file_kinds(&s);
	for (unsigned i = 0; i < 2 + CASE_LISTS; i++)
		shrink_file(&s, i, "\n");
	for (unsigned i = 0; i < 2 + CASE_LISTS; i++)
		shrink_file(&s, i, " :,\n\t");
	for (unsigned i = 0; i < 2 + CASE_LISTS; i++)
		shrink_file(&s, i, NULL);
	free(s.trial);
}
