/* SPDX-License-Identifier: ISC */
/*
 * A table is judged in two walks: its bytes are mended first (access_lint_bytes), then the lines that result are judged one by
 * one (access_lint_line), each rule also against those before it (access_lint_cover). What was found in the bytes
 * gets its place when its line comes by in the second walk.
 */
#include "access/access_lint_walk.h"

#include "access/access_lint_bytes.h"
#include "access/access_lint_glyph.h"
#include "access/access_lint_line.h"
#include "access/access_lint_list.h"
#include "access/access_lint_option.h"
#include "access/access_reader.h"
#include "access/access_rule.h"
#include "access/access_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	FILES_DEEP = 8, /* files of clients that name each other; as access_pattern */
	NARROW = 78,    /* a line that was made of several is broken here again */
	RUN = 3,        /* so many blanks in a row were the beginning of a line */
};

#define OK_MARK "knockwatch: ok "

/* --- telling --- */

static void tell_bytes(void *self, enum access_lint_code code, enum access_lint_level level,
	struct text_slice word)
{
	struct access_lint_walk *w = self;
	access_lint_find(w->lint, code, level, w->file, ACCESS_LINT_NO_PLACE, w->line, word);
}

static unsigned place_here(struct access_lint_walk *w)
{
	struct access_lint_record *r = w->at;
	if (r->place == ACCESS_LINT_NO_PLACE) {
		struct text_slice text =
			r->was.length > 0 && memchr(r->was.start, '\0', r->was.length) ? r->mended
										       : r->was;
		if (text.length > 0 && text.start[text.length - 1] == '\n')
			text.length--;
		r->place = access_lint_place_add(w->lint, w->file, r->first, r->last, &text);
	}
	return r->place;
}

/* Would it be corrected if it were told? */
static bool corrects(enum access_lint_code code)
{
	return access_lint_code_words(code)->level == ACCESS_LINT_FAULT ||
	       code == ACCESS_LINT_EXCEPT_LAST || code == ACCESS_LINT_EXCEPT_SWALLOWS ||
	       code == ACCESS_LINT_SPAWN_WAITS || code == ACCESS_LINT_REPEATED ||
	       code == ACCESS_LINT_DAEMON_UNKNOWN;
}

void access_lint_walk_tell(void *self, enum access_lint_code code, enum access_lint_level level,
	struct text_slice word)
{
	struct access_lint_walk *w = self;
	/* What the original takes otherwise, and a strict table as it is written. */
	if (access_lint_walk_file(w)->strict && (code == ACCESS_LINT_BARE_V6 || code == ACCESS_LINT_GLOB_ON_NAMES))
		level = ACCESS_LINT_NOTE;
	if (w->ok[code])
		w->vetoed = w->vetoed || corrects(code);
	else
		access_lint_find(w->lint, code, level, w->file, place_here(w), w->at->first, word);
}

static enum access_lint_code know_daemon(
	void *self, struct text_slice name, struct access_draft *hint)
{
	struct access_lint_walk *w = self;
	const struct access_lint_host *host = &w->lint->host;
	return host->know_daemon ? host->know_daemon(host->self, name, hint) : ACCESS_LINT_CODES;
}

/* --- files of clients --- */

static unsigned find_file(const struct access_lint *l, struct text_slice path)
{
	unsigned i = 0;
	while (i < l->file_count && !text_slice_equals(path, l->files[i]->path))
		i++;
	return i;
}

static unsigned depth_of(const struct access_lint *l)
{
	unsigned n = 0;
	for (unsigned i = 0; i < l->file_count; i++)
		n += l->files[i]->open;
	return n;
}

static void tell_file(struct access_lint_walk *w, enum access_lint_code code, struct text_slice path)
{
	access_lint_walk_tell(w, code, access_lint_code_words(code)->level, path);
}

static unsigned open_file(struct access_lint *l, struct text_slice path, bool strict)
{
	unsigned file = find_file(l, path);
	if (file < l->file_count || depth_of(l) > FILES_DEEP)
		return file;
	file = access_lint_file_add(l, path, ACCESS_LINT_CLIENTS);
	if (file != UINT32_MAX)
		l->files[file]->strict = strict;
	if (file != UINT32_MAX && access_lint_file_read(l->files[file]) == 0)
		access_lint_judge(l, file);
	return file;
}

static void name_file(void *self, struct text_slice named)
{
	struct access_lint_walk *w = self;
	struct access_lint *l = w->lint;
	struct access_draft path = {0};
	if (l->root == NULL)
		return;
	access_draft_add_text(&path, l->root);
	access_draft_add_slice(&path, named);
	unsigned file = path.failed ? UINT32_MAX : open_file(l, access_draft_slice(&path), access_lint_walk_file(w)->strict);
	access_draft_free(&path);
	/* Too deep is as good as a circle: nobody reads that far. */
	if (file == UINT32_MAX)
		l->failed = true;
	else if (file == l->file_count || l->files[file]->open)
		tell_file(w, ACCESS_LINT_LIST_LOOP, named);
	else if (l->files[file]->error == ENOENT)
		tell_file(w, ACCESS_LINT_LIST_MISSING, named);
	else if (l->files[file]->error != 0)
		tell_file(w, ACCESS_LINT_LIST_UNREADABLE, named);
}

static bool lacks(void *self, enum access_lint_fact fact, struct text_slice name)
{
	struct access_lint_walk *w = self;
	return w->lint->host.lacks(w->lint->host.self, fact, name);
}

static struct access_lint_hearer hearer_of(struct access_lint_walk *w)
{
	const struct access_lint_host *host = &w->lint->host;
	return (struct access_lint_hearer){.tell = access_lint_walk_tell,
		.name_file = name_file,
		.know_daemon = know_daemon,
		.lacks = host->lacks ? lacks : NULL,
		.now_s = host->now_s,
		.self = w};
}

/* --- what is to be in the place of a line --- */

/* A rule that was made of several lines is so again: at runs of blanks, else at the last blank before the margin. */
static void add_broken(struct access_draft *out, struct text_slice text)
{
	size_t from = 0, blank = 0;
	for (size_t i = 0; i < text.length; i++) {
		bool is_blank = text.start[i] == ' ' || text.start[i] == '\t';
		bool run = is_blank && i > 0 && i + RUN <= text.length &&
			   strspn(text.start + i, " \t") >= RUN && text.start[i - 1] != ' ' &&
			   text.start[i - 1] != '\t';
		if (run || (i - from > NARROW && blank > from)) {
			size_t end = run ? i + 1 : blank + 1;
			access_draft_add(out, text.start + from, end - from);
			access_draft_add_text(out, "\\\n");
			from = blank = end;
		}
		if (is_blank && !run)
			blank = i;
	}
	access_draft_add(out, text.start + from, text.length - from);
}

static void set_fix(struct access_lint_walk *w, const struct access_lint_line *line)
{
	struct access_lint_record *r = w->at;
	struct access_draft out = {0};
	struct text_slice text = access_draft_slice(&line->text);
	if (line->comment.used > 0) {
		access_draft_add_slice(&out, access_draft_slice(&line->comment));
		access_draft_add_text(&out, "\n");
	}
	if (r->last > r->first && line->is_rule && !memchr(text.start, '\n', text.length))
		add_broken(&out, text);
	else
		access_draft_add_slice(&out, text);
	access_draft_add_text(&out, "\n");
	if (out.failed) {
		w->lint->failed = true;
		access_draft_free(&out);
		return;
	}
	free(r->fix);
	r->fix = out.text;
}

/* --- lines --- */

/* "# knockwatch: ok host-bits, needs-dns": holds for the next line that is no comment. */
static void read_ok(struct access_lint_walk *w, struct text_slice text)
{
	struct text_slice bare = access_text_trim(
				  (struct text_slice){text.start + 1, text.length - 1}),
			  word;
	size_t mark = strlen(OK_MARK);
	if (bare.length <= mark || memcmp(bare.start, OK_MARK, mark) != 0)
		return;
	bare = (struct text_slice){bare.start + mark, bare.length - mark};
	while (access_rule_next_word(&bare, &word)) {
		enum access_lint_code code = access_lint_code_of(word);
		if (code < ACCESS_LINT_CODES)
			w->ok[code] = w->any_ok = true;
		access_lint_walk_file(w)->any_meant |= code == ACCESS_LINT_NOBODY_DENIED;
	}
}

static void forget_ok(struct access_lint_walk *w)
{
	if (w->any_ok)
		memset(w->ok, 0, sizeof w->ok);
	w->any_ok = w->vetoed = false;
}

/* Bytes of the last of these physical lines. */
static size_t tail_of(struct text_slice lines)
{
	size_t n = 0;
	lines.length -= lines.length > 0 && lines.start[lines.length - 1] == '\n';
	while (n < lines.length && lines.start[lines.length - 1 - n] != '\n')
		n++;
	return n;
}

static void judge_line(struct access_lint_walk *w, struct access_lint_line *line, struct text_slice text)
{
	const struct access_lint_hearer hearer = hearer_of(w);
	bool is_comment = text.length > 0 && text.start[0] == '#';
	bool denies = access_lint_walk_file(w)->table == ACCESS_LINT_DENIES;
	access_lint_strict_judge(&w->strict, w->at->last, &hearer);
	access_lint_walk_file(w)->strict = w->strict.head.strict;
	access_lint_walk_file(w)->refused = w->strict.refused;
	access_lint_line_judge(line, text, tail_of(w->at->mended), denies, &hearer);
	if (line->text.failed || line->comment.failed)
		w->lint->failed = true;
	/* What is not corrected covers nobody as if it were. */
	if (line->is_rule && line->changed && (w->vetoed || line->unsure))
		access_lint_walk_file(w)->denies = true;
	else if (line->is_rule)
		access_lint_walk_reach(w, line);
	access_lint_walk_file(w)->rules += line->is_rule;
	if (line->changed && !line->unsure && !w->vetoed && !w->lint->failed)
		set_fix(w, line);
	if (is_comment && !line->changed)
		read_ok(w, text);
	else
		forget_ok(w);
}

static struct text_slice word_around(struct text_slice line, size_t at)
{
	size_t from = at, end = at;
	while (from > 0 && !access_text_is_space(line.start[from - 1]))
		from--;
	while (end < line.length && !access_text_is_space(line.start[end]))
		end++;
	return (struct text_slice){line.start + from, end - from};
}

/* A comment in a /file, and the commas of one line: what is left is judged as a list. */
static void judge_clients(struct access_lint_walk *w, struct access_lint_line *line, struct text_slice text)
{
	const struct access_lint_hearer hearer = hearer_of(w);
	struct access_draft plain = {0};
	access_draft_add_slice(&plain, text);
	line->changed = line->is_rule = false;
	access_draft_clear(&line->text);
	access_draft_clear(&line->comment);
	line->changed = access_lint_glyph_mend(&plain, true, &hearer);
	if (access_lint_walk_file(w)->strict)
		access_lint_walk_file(w)->refused += access_lint_strict_judge_words(text, &hearer);
	for (size_t i = 0; i < plain.used; i++) {
		bool begins = i == 0 || access_text_is_space(plain.text[i - 1]);
		if (plain.text[i] == '#' && begins) {
			access_lint_walk_tell(w, ACCESS_LINT_LIST_COMMENT, ACCESS_LINT_FAULT,
				(struct text_slice){
					plain.text + i, strcspn(plain.text + i, " \t\r")});
			while (i > 0 && access_text_is_space(plain.text[i - 1]))
				i--;
			access_draft_replace(&plain, i, plain.used - i, text_slice_of(""));
			line->changed = true;
		} else if (plain.text[i] == ',') {
			if (!line->changed)
				access_lint_walk_tell(w, ACCESS_LINT_LIST_COMMA, ACCESS_LINT_FAULT,
					word_around(access_draft_slice(&plain), i));
			plain.text[i] = ' ';
			line->changed = true;
		}
	}
	const struct access_lint_list_use use = {.table_denies = false};
	line->changed |= access_lint_list_judge(
		access_draft_slice(&plain), ACCESS_LINT_LIST_IN_FILE, &use, &hearer, &line->text);
	if (line->changed && !line->text.failed)
		set_fix(w, line);
	access_draft_free(&plain);
}

/* --- the walks --- */

static struct text_slice take_lines(struct text_slice *rest, unsigned lines)
{
	struct text_slice all = *rest;
	size_t n = 0;
	for (unsigned i = 0; i < lines && n < all.length; i++) {
		const char *newline = memchr(all.start + n, '\n', all.length - n);
		n = newline ? (size_t)(newline - all.start) + 1 : all.length;
	}
	*rest = (struct text_slice){all.start + n, all.length - n};
	return (struct text_slice){all.start, n};
}

static struct access_lint_record *add_record(struct access_lint_walk *w, unsigned first, unsigned last)
{
	struct access_lint_file *f = access_lint_walk_file(w);
	struct access_lint_record *lines =
		access_lint_grow(f->lines, f->line_count, &f->line_size, sizeof *lines);
	if (lines == NULL) {
		w->lint->failed = true;
		return NULL;
	}
	f->lines = lines;
	lines[f->line_count] = (struct access_lint_record){
		.first = first, .last = last, .place = ACCESS_LINT_NO_PLACE};
	return &lines[f->line_count++];
}

static bool differs(struct text_slice a, struct text_slice b)
{
	return a.length != b.length || (a.length > 0 && memcmp(a.start, b.start, a.length) != 0);
}

/* What was found in the bytes of this line belongs here, and what is to be in its place is known now. */
static void finish_line(struct access_lint_walk *w)
{
	struct access_lint *l = w->lint;
	struct access_lint_record *r = w->at;
	for (; w->bytes_findings < l->finding_count; w->bytes_findings++) {
		struct access_lint_finding *f = &l->findings[w->bytes_findings];
		if (f->file != w->file || f->place != ACCESS_LINT_NO_PLACE || f->line > r->last)
			break;
		f->place = place_here(w);
	}
	struct text_slice now = r->fix ? text_slice_of(r->fix) : r->mended;
	bool changed = differs(now, r->was) || r->moved != 0;
	l->fixable += changed;
	if (r->place == ACCESS_LINT_NO_PLACE || !changed)
		return;
	struct access_lint_place *p = &l->places[r->place];
	p->before = r->moved;
	p->fix = malloc(now.length + 1);
	if (p->fix == NULL) {
		l->failed = true;
		return;
	}
	memcpy(p->fix, now.start, now.length);
	p->fix[now.length - (now.length > 0 && now.start[now.length - 1] == '\n')] = '\0';
}

/* A line that the library does not read, and all behind it: told, and left as they are. */
static void leave_rest(struct access_lint_walk *w, struct text_slice was, struct text_slice mended)
{
	char why[80];
	unsigned lines = 0;
	struct text_slice rest = was;
	struct access_lint *l = w->lint;
	if (was.length == 0 && mended.length == 0)
		return;
	while (rest.length > 0) {
		take_lines(&rest, 1);
		lines++;
	}
	struct access_lint_record *r = add_record(w, w->line, w->line + (lines > 0 ? lines - 1 : 0));
	if (r == NULL)
		return;
	r->was = was;
	r->mended = mended;
	w->at = r;
	snprintf(why, sizeof why, "The line that begins at %u has more than %d MiB", w->line, ACCESS_READER_LINE_MAX >> 20);
	access_lint_find(l, ACCESS_LINT_UNREADABLE, ACCESS_LINT_FAULT, w->file, access_lint_place_add(l, w->file, 0, 0, NULL), 0,
		text_slice_of(why));
	access_lint_walk_file(w)->denies = true;
	finish_line(w);
}

static void walk_lines(struct access_lint_walk *w)
{
	struct access_lint_file *f = access_lint_walk_file(w);
	struct text_slice was = access_draft_slice(&f->bytes),
			  mended = access_draft_slice(&f->mended);
	struct access_lint_line line = {0};
	struct access_reader reader;
	struct access_line logical;
	access_reader_init_over(&reader, mended);
	access_lint_strict_start(&w->strict, was);
	while (!w->lint->failed) {
		if (f->table == ACCESS_LINT_CLIENTS) {
			struct text_slice next = mended;
			logical = (struct access_line){
				.text = take_lines(&next, 1), .first = w->line, .number = w->line};
			if (logical.text.length == 0)
				break;
			logical.text.length -= logical.text.start[logical.text.length - 1] == '\n';
		} else if (access_reader_next(&reader, &logical) != ACCESS_READER_LINE) {
			break;
		}
		unsigned lines = logical.number - logical.first + 1;
		struct access_lint_record *r = add_record(w, logical.first, logical.number);
		if (r == NULL)
			break;
		r->was = take_lines(&was, lines);
		r->mended = take_lines(&mended, lines);
		w->at = r;
		w->line = logical.number + 1;
		if (f->table == ACCESS_LINT_CLIENTS)
			judge_clients(w, &line, logical.text);
		else
			judge_line(w, &line, logical.text);
		finish_line(w);
	}
	if (!w->lint->failed)
		leave_rest(w, was, mended);
	access_reader_clear(&reader);
	access_lint_strict_end(&w->strict);
	access_lint_line_free(&line);
}

/* Findings in bytes that no line came by for: of a file without a line. */
static void finish_bytes(struct access_lint_walk *w)
{
	struct access_lint *l = w->lint;
	unsigned place = ACCESS_LINT_NO_PLACE;
	for (unsigned i = w->bytes_findings; i < l->finding_count; i++) {
		struct access_lint_finding *f = &l->findings[i];
		if (f->file != w->file || f->place != ACCESS_LINT_NO_PLACE)
			continue;
		if (place == ACCESS_LINT_NO_PLACE)
			place = access_lint_place_add(l, w->file, 0, 0, NULL);
		f->place = place;
	}
}

void access_lint_judge(struct access_lint *l, unsigned file)
{
	struct access_lint_file *f = l->files[file];
	struct access_lint_walk w = {.lint = l, .file = file, .bytes_findings = l->finding_count};
	const struct access_lint_hearer hearer = {.tell = tell_bytes, .self = &w};
	f->open = true;
	bool readable = access_lint_bytes_mend(access_draft_slice(&f->bytes),
		f->table == ACCESS_LINT_CLIENTS, &hearer, &w.line, &f->mended);
	w.line = 1;
	if (f->mended.failed)
		l->failed = true;
	else if (readable)
		walk_lines(&w);
	finish_bytes(&w);
	f->open = false;
}
