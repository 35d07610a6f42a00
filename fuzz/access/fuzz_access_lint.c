/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a table: the first says of which kind. Asserted: what is told has words that are printable and a line that
 * the file has, the changes make the corrected file of the old one, and neither it nor what is corrected in it a second time
 * is larger than what is sane.
 */
#include "access/access_lint.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
	if (!kept)
		abort();
}

static unsigned count_lines(struct text_slice s)
{
	unsigned n = 0;
	for (size_t i = 0; i < s.length; i++)
		n += s.start[i] == '\n';
	return n + (s.length > 0 && s.start[s.length - 1] != '\n');
}

static void check_findings(const struct access_lint *l)
{
	unsigned lines = count_lines(access_draft_slice(&l->files[0]->bytes));
	struct access_draft words = {0};
	for (unsigned i = 0; i < l->finding_count; i++) {
		const struct access_lint_finding *f = &l->findings[i];
		require(f->place < l->place_count && f->line <= lines);
		require(i == 0 || l->findings[i - 1].line <= f->line);
		access_draft_clear(&words);
		access_lint_write_words(f, &words);
		require(words.used > 0);
		for (size_t c = 0; c < words.used; c++)
			require(words.text[c] >= 0x20 && words.text[c] < 0x7f);
	}
	access_draft_free(&words);
}

/* Copies the lines of the old file from `at` on up to line `last`. */
static void copy_lines(struct text_slice *rest, unsigned *line, unsigned end, struct access_draft *out)
{
	for (; *line < end && rest->length > 0; ++*line) {
		const char *newline = memchr(rest->start, '\n', rest->length);
		size_t n = newline ? (size_t)(newline - rest->start) + 1 : rest->length;
		if (out != NULL)
			access_draft_add(out, rest->start, n);
		*rest = (struct text_slice){rest->start + n, rest->length - n};
	}
}

static void check_changes(const struct access_lint_file *f)
{
	struct text_slice rest = access_draft_slice(&f->bytes);
	struct access_draft made = {0};
	unsigned line = 1;
	for (unsigned i = 0; i < f->change_count; i++) {
		const struct access_lint_change *c = &f->changes[i];
		require(c->first >= line && c->at + c->length <= f->fixed.used);
		copy_lines(&rest, &line, c->first, &made);
		require(made.used == c->at);
		access_draft_add(&made, f->fixed.text + c->at, c->length);
		copy_lines(&rest, &line, c->first + c->count, NULL);
	}
	access_draft_add_slice(&made, rest);
	require(made.used == f->fixed.used && (made.used == 0 || memcmp(made.text, f->fixed.text, made.used) == 0));
	access_draft_free(&made);
}

static void judge(struct text_slice bytes, enum access_lint_table table, struct access_draft *fixed)
{
	struct access_lint l;
	access_lint_init(&l, NULL, NULL);
	access_lint_add_bytes(&l, "t", table, bytes);
	access_lint_finish(&l);
	if (!l.failed) {
		check_findings(&l);
		check_changes(l.files[0]);
		access_draft_add_slice(fixed, access_draft_slice(&l.files[0]->fixed));
	}
	access_lint_clear(&l);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct access_draft once = {0}, twice = {0};
	if (size == 0)
		return 0;
	enum access_lint_table table = (enum access_lint_table)(data[0] % 3);
	judge((struct text_slice){(const char *)data + 1, size - 1}, table, &once);
	judge(access_draft_slice(&once), table, &twice);
	/* A range of addresses becomes at most 62 nets, a long line as often its daemons and options. */
	require(twice.used <= 80 * size + 4096);
	access_draft_free(&once);
	access_draft_free(&twice);
	return 0;
}
