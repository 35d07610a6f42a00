/* SPDX-License-Identifier: ISC */
#include "access/access_lint.h"

#include "access/access_lint_cover.h"
#include "access/access_lint_record.h"
#include "access/access_reader.h"
#include "base/text_buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	WORD_KEPT = 200,   /* of a word at fault; longer is cut */
	PIECE = 256 << 10, /* read at once */
};

void access_lint_init(struct access_lint *l, const struct access_lint_host *host, const char *root)
{
	*l = (struct access_lint){.root = root};
	if (host != NULL)
		l->host = *host;
	l->cover = access_lint_cover_create();
	l->failed = l->cover == NULL;
}

static void free_file(struct access_lint_file *f)
{
	for (unsigned i = 0; i < f->line_count; i++)
		free(f->lines[i].fix);
	free(f->lines);
	free(f->changes);
	access_draft_free(&f->bytes);
	access_draft_free(&f->mended);
	access_draft_free(&f->fixed);
	free(f->path);
	free(f);
}

void access_lint_clear(struct access_lint *l)
{
	for (unsigned i = 0; i < l->file_count; i++)
		free_file(l->files[i]);
	for (unsigned i = 0; i < l->place_count; i++) {
		free(l->places[i].text);
		free(l->places[i].fix);
	}
	for (unsigned i = 0; i < l->finding_count; i++)
		free(l->findings[i].word);
	free(l->files);
	free(l->places);
	free(l->findings);
	free(l->rules);
	access_lint_cover_destroy(l->cover);
	*l = (struct access_lint){0};
}

void *access_lint_grow(void *array, unsigned count, unsigned *size, size_t each)
{
	if (count < *size)
		return array;
	unsigned bigger = *size < 16 ? 16 : *size * 2;
	void *moved = bigger > *size ? realloc(array, bigger * each) : NULL;
	if (moved != NULL)
		*size = bigger;
	return moved;
}

static char *copy(struct text_slice s)
{
	char *text = malloc(s.length + 1);
	if (text != NULL) {
		if (s.length > 0)
			memcpy(text, s.start, s.length);
		text[s.length] = '\0';
	}
	return text;
}

/* --- findings --- */

unsigned access_lint_place_add(struct access_lint *l, unsigned file, unsigned first, unsigned last,
	const struct text_slice *text)
{
	if (l->finding_count >= ACCESS_LINT_FINDINGS_MAX)
		return ACCESS_LINT_NO_PLACE;
	struct access_lint_place *places =
		access_lint_grow(l->places, l->place_count, &l->place_size, sizeof *places);
	if (places == NULL) {
		l->failed = true;
		return ACCESS_LINT_NO_PLACE;
	}
	l->places = places;
	places[l->place_count] = (struct access_lint_place){
		.file = file, .first = first, .last = last, .text = text ? copy(*text) : NULL};
	l->failed = l->failed || (text && !places[l->place_count].text);
	return l->place_count++;
}

void access_lint_find(struct access_lint *l, enum access_lint_code code,
	enum access_lint_level level, unsigned file, unsigned place, unsigned line,
	struct text_slice word)
{
	l->counts[level]++;
	if (l->finding_count >= ACCESS_LINT_FINDINGS_MAX)
		return;
	struct access_lint_finding *all =
		access_lint_grow(l->findings, l->finding_count, &l->finding_size, sizeof *all);
	word.length = word.length < WORD_KEPT ? word.length : WORD_KEPT;
	char *kept = all ? copy(word) : NULL;
	if (all != NULL)
		l->findings = all;
	if (kept == NULL) {
		l->failed = true;
		return;
	}
	all[l->finding_count] = (struct access_lint_finding){
		code, level, file, place, line, kept, l->finding_count};
	l->finding_count++;
}

void access_lint_write_words(const struct access_lint_finding *f, struct access_draft *out)
{
	char memory[4 * WORD_KEPT + 1];
	struct text_buffer word = text_buffer_over(memory, sizeof memory);
	const char *text = access_lint_code_words(f->code)->text;
	text_buffer_add_escaped(&word, f->word, strlen(f->word));
	for (const char *hole; (hole = strstr(text, "{}")) != NULL; text = hole + 2) {
		access_draft_add(out, text, (size_t)(hole - text));
		access_draft_add(out, word.text, word.used);
	}
	access_draft_add_text(out, text);
}

/* --- files --- */

unsigned access_lint_file_add(
	struct access_lint *l, struct text_slice path, enum access_lint_table table)
{
	struct access_lint_file **files =
		realloc(l->files, (l->file_count + 1) * sizeof(struct access_lint_file *));
	struct access_lint_file *f = files ? calloc(1, sizeof *f) : NULL;
	if (files != NULL)
		l->files = files;
	if (f == NULL || (f->path = copy(path)) == NULL) {
		free(f);
		l->failed = true;
		return UINT32_MAX;
	}
	f->table = table;
	files[l->file_count] = f;
	return l->file_count++;
}

static int read_all(int fd, struct access_draft *out)
{
	char *piece = malloc(PIECE);
	int fault = piece ? 0 : ENOMEM;
	for (ssize_t n = 1; !fault && n > 0;) {
		n = read(fd, piece, PIECE);
		if (n > 0)
			access_draft_add(out, piece, (size_t)n);
		else if (n < 0 && errno != EINTR)
			fault = errno;
		else if (n < 0)
			n = 1;
		if (out->failed || out->used > ACCESS_LINT_FILE_MAX)
			fault = out->failed ? ENOMEM : EFBIG;
	}
	free(piece);
	return fault;
}

int access_lint_file_read(struct access_lint_file *f)
{
	int fd = access_reader_open(f->path);
	f->error = fd < 0 ? errno : read_all(fd, &f->bytes);
	if (fd >= 0)
		close(fd);
	if (f->error != 0)
		access_draft_free(&f->bytes);
	return f->error;
}

void access_lint_add_file(struct access_lint *l, const char *path, enum access_lint_table table)
{
	unsigned file = access_lint_file_add(l, text_slice_of(path), table);
	if (file == UINT32_MAX)
		return;
	int fault = access_lint_file_read(l->files[file]);
	if (fault == 0) {
		access_lint_judge(l, file);
	} else if (fault != ENOENT) {
		char why[128];
		struct text_buffer b = text_buffer_over(why, sizeof why);
		access_reader_add_fault(&b, fault);
		enum access_lint_code code =
			fault == EISDIR ? ACCESS_LINT_DIRECTORY : ACCESS_LINT_UNREADABLE;
		access_lint_find(l, code, access_lint_code_words(code)->level, file,
			access_lint_place_add(l, file, 0, 0, NULL), 0,
			text_slice_of(why));
	}
}

void access_lint_add_bytes(struct access_lint *l, const char *path, enum access_lint_table table,
	struct text_slice bytes)
{
	unsigned file = access_lint_file_add(l, text_slice_of(path), table);
	if (file == UINT32_MAX)
		return;
	access_draft_add_slice(&l->files[file]->bytes, bytes);
	if (l->files[file]->bytes.failed)
		l->failed = true;
	else
		access_lint_judge(l, file);
}

enum access_lint_table access_lint_table_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return strstr(slash ? slash + 1 : path, "deny") ? ACCESS_LINT_DENIES : ACCESS_LINT_GRANTS;
}

/* --- the end --- */

static int compare(const void *a, const void *b)
{
	const struct access_lint_finding *x = a, *y = b;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->level != y->level)
		return x->level > y->level ? -1 : 1;
	return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

/* Rules that let in do nothing where none keeps out: the commonest mistake. Told where both tables are known. */
static void judge_tables(struct access_lint *l)
{
	unsigned deny = 0;
	const struct access_lint_file *restricts = NULL;
	bool denies = false, meant = false;
	for (unsigned i = 0; i < l->file_count; i++) {
		const struct access_lint_file *f = l->files[i];
		if (f->table == ACCESS_LINT_CLIENTS)
			continue;
		if (f->table == ACCESS_LINT_DENIES)
			deny = i + 1;
		else if (f->restricts && restricts == NULL)
			restricts = f;
		denies = denies || f->denies || (f->error != 0 && f->error != ENOENT);
		meant = meant || f->any_meant;
	}
	if (deny == 0 || restricts == NULL || denies || meant)
		return;
	const unsigned place = access_lint_place_add(l, deny - 1, 0, 0, NULL);
	access_lint_find(l, ACCESS_LINT_NOBODY_DENIED, access_lint_code_words(ACCESS_LINT_NOBODY_DENIED)->level, deny - 1, place, 0,
		text_slice_of(restricts->path));
}

/* What was found after places were no longer kept was counted, and is all that can be said of it. */
static void drop_placeless(struct access_lint *l)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < l->finding_count; i++) {
		if (l->findings[i].place == ACCESS_LINT_NO_PLACE)
			free(l->findings[i].word);
		else
			l->findings[kept++] = l->findings[i];
	}
	l->finding_count = kept;
}

void access_lint_finish(struct access_lint *l)
{
	judge_tables(l);
	drop_placeless(l);
	if (l->finding_count > 0)
		qsort(l->findings, l->finding_count, sizeof *l->findings, compare);
	for (unsigned i = 0; i < l->file_count; i++) {
		if (!access_lint_assemble(l->files[i]))
			l->failed = true;
	}
}
