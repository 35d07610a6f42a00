/* SPDX-License-Identifier: ISC */
/*
 * What changes is known already (access_lint_change), so nothing has to be compared: changes that are less than twice
 * the context apart share a hunk.
 */
#include "cli/access_diff.h"

#include "base/memory.h"
#include "report/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONTEXT = 3 };

struct diff {
	const struct access_lint_file *file;
	size_t *starts; /* of each line of the old file, and its end */
	unsigned lines;
	FILE *out;
	bool terminal, colour;
};

static unsigned count_lines(struct text_slice s)
{
	unsigned n = 0;
	for (size_t i = 0; i < s.length; i++)
		n += s.start[i] == '\n';
	return n + (s.length > 0 && s.start[s.length - 1] != '\n');
}

static void find_lines(struct diff *d)
{
	struct text_slice all = access_draft_slice(&d->file->bytes);
	d->lines = count_lines(all);
	d->starts = memory_calloc((size_t)d->lines + 1, sizeof *d->starts);
	size_t at = 0;
	for (unsigned i = 1; i <= d->lines; i++) {
		const char *newline = memchr(all.start + at, '\n', all.length - at);
		at = newline ? (size_t)(newline - all.start) + 1 : all.length;
		d->starts[i] = at;
	}
}

/* Line `n`, from 1. */
static struct text_slice old_line(const struct diff *d, unsigned n)
{
	return (struct text_slice){
		d->file->bytes.text + d->starts[n - 1], d->starts[n] - d->starts[n - 1]};
}

static void put_line(const struct diff *d, char mark, struct text_slice line)
{
	const char *colour = !d->colour    ? ""
			     : mark == '-' ? "\033[31m"
			     : mark == '+' ? "\033[32m"
					   : "";
	if (line.start == NULL || line.length == 0)
		return;
	bool ended = line.start[line.length - 1] == '\n';
	fprintf(d->out, "%s%c", colour, mark);
	for (size_t i = 0; i + ended < line.length; i++) {
		unsigned char c = (unsigned char)line.start[i];
		fputc(d->terminal && (c < 0x20 || c >= 0x7f) && c != '\t' ? '?' : c, d->out);
	}
	fprintf(d->out, "%s\n", *colour ? "\033[0m" : "");
	if (!ended)
		fputs("\\ No newline at end of file\n", d->out);
}

static void put_new(const struct diff *d, const struct access_lint_change *c)
{
	struct text_slice rest = {d->file->fixed.text + c->at, c->length};
	while (rest.length > 0) {
		const char *newline = memchr(rest.start, '\n', rest.length);
		size_t n = newline ? (size_t)(newline - rest.start) + 1 : rest.length;
		put_line(d, '+', (struct text_slice){rest.start, n});
		rest = (struct text_slice){rest.start + n, rest.length - n};
	}
}

/* The first old line that the change leaves as it is. */
static unsigned line_behind(const struct access_lint_change *c)
{
	return c->first + c->count;
}

static void put_hunk(const struct diff *d, const struct access_lint_change *first,
	const struct access_lint_change *end, long *shift)
{
	unsigned from = first->first > CONTEXT ? first->first - CONTEXT : 1;
	unsigned to = line_behind(end - 1) + CONTEXT - 1;
	long added = 0;
	to = to < d->lines ? to : d->lines;
	for (const struct access_lint_change *c = first; c < end; c++)
		added += (long)count_lines(
				 (struct text_slice){d->file->fixed.text + c->at, c->length}) -
			 (long)c->count;
	fprintf(d->out, "@@ -%u,%u +%ld,%ld @@\n", from, to - from + 1, (long)from + *shift,
		(long)(to - from + 1) + added);
	*shift += added;
	unsigned at = from;
	for (const struct access_lint_change *c = first; c < end; c++) {
		for (; at < c->first; at++)
			put_line(d, ' ', old_line(d, at));
		for (; at < line_behind(c); at++)
			put_line(d, '-', old_line(d, at));
		put_new(d, c);
	}
	for (; at <= to; at++)
		put_line(d, ' ', old_line(d, at));
}

void access_diff_print(const struct access_lint_file *f, FILE *out)
{
	struct diff d = {.file = f,
		.out = out,
		.terminal = isatty(fileno(out)) == 1,
		.colour = terminal_of(out).colour};
	long shift = 0;
	if (f->change_count == 0)
		return;
	find_lines(&d);
	fprintf(out, "--- %s\n+++ %s\n", f->path, f->path);
	for (unsigned i = 0, end; i < f->change_count; i = end) {
		end = i + 1;
		while (end < f->change_count &&
			f->changes[end].first <= line_behind(&f->changes[end - 1]) + 2 * CONTEXT)
			end++;
		put_hunk(&d, &f->changes[i], &f->changes[end], &shift);
	}
	free(d.starts);
}
