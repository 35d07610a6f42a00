/* SPDX-License-Identifier: ISC */
#include "access/access_lint_record.h"

#include <stdlib.h>

struct assembly {
	struct access_lint_file *file;
	unsigned size;       /* of `changes` */
	unsigned first_line; /* the next physical line of the old file */
	bool failed;
};

static struct text_slice now_of(const struct access_lint_record *r)
{
	return r->fix ? text_slice_of(r->fix) : r->mended;
}

static bool is_same(struct text_slice a, struct text_slice b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.start, b.start, a.length) == 0);
}

/* Lines next to each other that change are one change. */
static void add_change(struct assembly *a, unsigned first, unsigned count, size_t at)
{
	struct access_lint_file *f = a->file;
	size_t length = f->fixed.used - at;
	struct access_lint_change *last = f->change_count ? &f->changes[f->change_count - 1] : NULL;
	if (last != NULL && last->first + last->count == first) {
		last->count += count;
		last->length += length;
		return;
	}
	struct access_lint_change *all =
		access_lint_grow(f->changes, f->change_count, &a->size, sizeof *all);
	if (all == NULL) {
		a->failed = true;
		return;
	}
	f->changes = all;
	all[f->change_count++] = (struct access_lint_change){first, count, at, length};
}

static void put_line(struct assembly *a, const struct access_lint_record *r)
{
	struct access_lint_file *f = a->file;
	size_t at = f->fixed.used;
	for (unsigned next = r->inserts; next != 0; next = f->lines[next - 1].next)
		access_draft_add_slice(&f->fixed, now_of(&f->lines[next - 1]));
	if (f->fixed.used > at)
		add_change(a, r->first, 0, at);
	at = f->fixed.used;
	if (!r->moved)
		access_draft_add_slice(&f->fixed, now_of(r));
	if (r->moved || !is_same(now_of(r), r->was))
		add_change(a, r->first, r->last - r->first + 1, at);
}

bool access_lint_assemble(struct access_lint_file *f)
{
	struct assembly a = {.file = f};
	for (unsigned i = 0; i < f->line_count; i++)
		put_line(&a, &f->lines[i]);
	/* A file of which no line means anything stays as it is. */
	if (f->line_count == 0)
		access_draft_add_slice(&f->fixed, access_draft_slice(&f->bytes));
	return !a.failed && !f->fixed.failed;
}
