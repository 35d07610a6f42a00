/* SPDX-License-Identifier: ISC */
#include "store/journal_check.h"

#include "base/memory.h"
#include "store/journal_lines.h"
#include "store/journal_piece.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PIECE_BYTES (UINT64_C(16) << 20)

enum {
	PROGRESS_MS = 200,
	TRIES = 3, /* while a watch packs and deletes files under us */
};

const char *journal_fault_name(enum journal_fault_kind kind)
{
	static const char *const names[JOURNAL_FAULTS] = {
		[JOURNAL_FAULT_NONE] = "none",
		[JOURNAL_FAULT_CHANGED] = "changed",
		[JOURNAL_FAULT_MISSING] = "missing",
		[JOURNAL_FAULT_INSERTED] = "inserted",
		[JOURNAL_FAULT_TORN] = "torn",
		[JOURNAL_FAULT_HEAD] = "head",
		[JOURNAL_FAULT_UNREADABLE] = "unreadable",
	};
	assert(kind < JOURNAL_FAULTS);
	return names[kind];
}

struct check {
	const struct journal_check_options *options;
	int directory;
	struct journal_files all;
	const struct journal_file *files; /* those asked for, in `all` */
	size_t files_count;
	struct journal_piece *pieces; /* in order; several for a large file */
	size_t pieces_count;
	uint64_t bytes_all;
	atomic_uint_fast64_t bytes_done;
	atomic_size_t next;         /* piece to take */
	atomic_size_t first_faulty; /* no piece behind it matters */
	atomic_uint workers_running;
	bool vanished; /* a file that was left out, when it was asked something */
};

struct worker {
	struct check *check;
	pthread_t thread;
	bool started;
};

/* --- what there is to check ------------------------------------------------------------------- */

static void choose_files(struct check *c)
{
	size_t first = 0, end = c->all.count;
	while (first < end && c->all.items[first].day < c->options->since)
		first++;
	while (end > first && c->all.items[end - 1].day > c->options->until)
		end--;
	c->files = c->all.items + first;
	c->files_count = end - first;
}

static uint64_t pieces_of(const struct journal_file *f)
{
	return f->packed || f->bytes == 0 ? 1 : (f->bytes + PIECE_BYTES - 1) / PIECE_BYTES;
}

static void cut_pieces(struct check *c)
{
	for (size_t i = 0; i < c->files_count; i++)
		c->pieces_count += pieces_of(&c->files[i]);
	c->pieces = memory_calloc(c->pieces_count, sizeof *c->pieces);
	struct journal_piece *p = c->pieces;
	for (size_t i = 0; i < c->files_count; i++) {
		const struct journal_file *f = &c->files[i];
		uint64_t count = pieces_of(f);
		c->bytes_all += f->bytes;
		for (uint64_t n = 0; n < count; n++)
			*p++ = (struct journal_piece){.file = f,
				.from = n * PIECE_BYTES,
				.until = n + 1 < count ? (n + 1) * PIECE_BYTES : f->bytes,
				.size = f->bytes};
	}
}

/* --- the work --------------------------------------------------------------------------------- */

static void note_fault(struct check *c, size_t piece)
{
	size_t before = atomic_load(&c->first_faulty);
	while (piece < before && !atomic_compare_exchange_weak(&c->first_faulty, &before, piece))
		continue;
}

static void *work(void *context)
{
	struct worker *w = context;
	struct check *c = w->check;
	struct journal_hasher *hasher = journal_hasher_create();
	size_t i;
	while ((i = atomic_fetch_add(&c->next, 1)) < c->pieces_count &&
		i < atomic_load(&c->first_faulty)) {
		journal_piece_check(&c->pieces[i], c->directory, hasher, &c->bytes_done);
		if (c->pieces[i].fault.kind != JOURNAL_FAULT_NONE)
			note_fault(c, i);
	}
	journal_hasher_destroy(hasher);
	atomic_fetch_sub(&c->workers_running, 1);
	return NULL;
}

static unsigned count_workers(const struct check *c)
{
	long n =
		c->options->threads > 0 ? (long)c->options->threads : sysconf(_SC_NPROCESSORS_ONLN);
	if (n > JOURNAL_CHECK_THREADS_MAX)
		n = JOURNAL_CHECK_THREADS_MAX;
	if ((size_t)n > c->pieces_count)
		n = (long)c->pieces_count;
	return n > 1 ? (unsigned)n : 1;
}

static void show_progress(struct check *c)
{
	const struct timespec pause = {.tv_nsec = PROGRESS_MS * 1000000L};
	while (c->options->progress != NULL && atomic_load(&c->workers_running) > 0) {
		c->options->progress(
			c->options->context, atomic_load(&c->bytes_done), c->bytes_all);
		nanosleep(&pause, NULL);
	}
}

static void work_all(struct check *c)
{
	struct worker workers[JOURNAL_CHECK_THREADS_MAX];
	unsigned count = count_workers(c);
	atomic_store(&c->first_faulty, SIZE_MAX);
	atomic_store(&c->workers_running, count);
	for (unsigned i = 0; i < count; i++) {
		workers[i] = (struct worker){.check = c};
		workers[i].started =
			pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
		if (!workers[i].started)
			work(&workers[i]); /* here, then */
	}
	show_progress(c);
	for (unsigned i = 0; i < count; i++) {
		if (workers[i].started)
			pthread_join(workers[i].thread, NULL);
	}
}

/* --- the parts against each other ------------------------------------------------------------- */

/* What the pieces of one file have told together. */
struct file_sum {
	struct journal_file_name name;
	uint32_t day;
	struct journal_head head;
	struct journal_place first, last;
	uint64_t lines, bytes, rest_bytes;
	struct journal_fault fault;
};

static struct file_sum sum_file(struct check *c, const struct journal_file *file, size_t *piece)
{
	struct file_sum s = {
		.name = journal_file_name_of(file->day, file->packed), .day = file->day};
	for (; *piece < c->pieces_count && c->pieces[*piece].file == file; ++*piece) {
		const struct journal_piece *p = &c->pieces[*piece];
		if (s.fault.kind != JOURNAL_FAULT_NONE)
			continue;
		if (s.lines == 0) {
			s.head = p->head;
			s.first = p->first;
		}
		if (p->last.seq > 0)
			s.last = p->last;
		s.fault = p->fault;
		if (s.fault.line > 0)
			s.fault.line += s.lines;
		s.lines += p->lines;
		s.bytes += p->bytes;
		s.rest_bytes += p->rest_bytes; /* of the one that it starts in */
	}
	return s;
}

static void set_fault(struct journal_fault *f, enum journal_fault_kind kind,
	const struct file_sum *file, uint64_t line, uint64_t seq, const char *text)
{
	*f = (struct journal_fault){.kind = kind, .file = file->name, .line = line, .seq = seq};
	snprintf(f->text, sizeof f->text, "%s", text);
}

static void tell_gone(struct journal_fault *f, const struct file_sum *file, uint64_t line,
	uint64_t first, uint64_t last, const char *more)
{
	char text[sizeof f->text];
	snprintf(text, sizeof text, "the records %llu to %llu are gone%s",
		(unsigned long long)first, (unsigned long long)last, more);
	set_fault(f, JOURNAL_FAULT_MISSING, file, line, first, text);
}

/* The file against the one before it. */
static void join_files(const struct file_sum *a, const struct file_sum *b, struct journal_fault *f)
{
	const struct journal_head *h = &b->head;
	uint32_t named;
	bool packed;
	bool names_one = journal_file_name_parse(h->file, &named, &packed);
	if (names_one && named > a->day) {
		char text[sizeof f->text];
		snprintf(text, sizeof text,
			"the file %s, %llu records from %llu on, is gone, with all between it and %s",
			h->file, (unsigned long long)h->events,
			(unsigned long long)(a->last.seq + 1), a->name.text);
		set_fault(f, JOURNAL_FAULT_MISSING, b, 1, a->last.seq + 1, text);
	} else if (!names_one || named != a->day || b->first.seq <= a->last.seq) {
		set_fault(f, JOURNAL_FAULT_HEAD, b, 1, b->first.seq,
			"its head does not follow on the file before");
	} else if (b->first.seq > a->last.seq + 1) {
		tell_gone(f, a, a->lines + 1, a->last.seq + 1, b->first.seq - 1,
			" from the end of the file");
	} else if (!journal_hash_equal(&h->head, &a->last.hash)) {
		set_fault(f, JOURNAL_FAULT_CHANGED, a, a->lines, a->last.seq,
			"the last record is not the one that the head of the next day names");
	} else if (!journal_hash_equal(&h->prev, &a->first.hash) || h->events != a->lines) {
		set_fault(f, JOURNAL_FAULT_HEAD, b, 1, b->first.seq,
			"its head and the records of the file before differ");
	}
}

static uint64_t kept_from(const struct check *c)
{
	uint64_t first = 0;
	for (size_t i = 0; i < c->pieces_count; i++) {
		if (c->pieces[i].kept_from > first)
			first = c->pieces[i].kept_from;
	}
	return first;
}

/* --- what files say that are not checked ------------------------------------------------------ */

static struct journal_lines *open_lines(struct check *c, const struct journal_file *file)
{
	int fd = journal_files_open(c->directory, file);
	c->vanished |= fd < 0 && errno == ENOENT;
	return fd < 0 ? NULL : journal_lines_create(fd, file->packed);
}

/* With which record the journal begins, as one file says: in its head, and of what was deleted on its day behind
 * that. Each later head repeats it, so that of all but the newest the head is enough. */
static uint64_t ask_beginning(struct check *c, const struct journal_file *file, bool newest)
{
	struct journal_lines *l = open_lines(c, file);
	struct journal_record r;
	struct journal_head head;
	const char *line;
	size_t length;
	uint64_t first = 0;
	while (l != NULL && journal_lines_next(l, &line, &length) == JOURNAL_LINES_LINE) {
		if (journal_record_read(line, length, &r) && r.is_chain_event &&
			journal_head_read(&r, &head) && head.first > first)
			first = head.first;
		if (!newest)
			break;
	}
	journal_lines_destroy(l);
	return first;
}

/* The same of all files behind those asked for: old days are deleted long after they were written. */
static uint64_t ask_later_files(struct check *c)
{
	uint64_t first = 0;
	const struct journal_file *end = c->all.items + c->all.count;
	for (const struct journal_file *f = c->files + c->files_count; f < end; f++) {
		uint64_t told = ask_beginning(c, f, f + 1 == end);
		if (told > first)
			first = told;
	}
	return first;
}

/* The head of a file that is left out, if it is as it was written. */
static bool peek_file(struct check *c, const struct journal_file *file, struct file_sum *out)
{
	struct journal_lines *l = open_lines(c, file);
	struct journal_hasher *hasher = journal_hasher_create();
	struct journal_record r;
	const char *line;
	size_t length;
	*out = (struct file_sum){
		.name = journal_file_name_of(file->day, file->packed), .day = file->day};
	bool good = l != NULL && journal_lines_next(l, &line, &length) == JOURNAL_LINES_LINE &&
		    journal_record_read(line, length, &r) && journal_head_read(&r, &out->head) &&
		    journal_record_follows(&r, &out->head.head, hasher);
	if (good)
		out->first = r.place;
	journal_hasher_destroy(hasher);
	journal_lines_destroy(l);
	return good;
}

/* --- both ends -------------------------------------------------------------------------------- */

/* The oldest file of all against what the journal says of its beginning. */
static void check_beginning(struct check *c, const struct file_sum *s, struct journal_fault *f)
{
	uint64_t first = kept_from(c);
	bool is_first_ever = s->head.file[0] == '\0';
	if (s->first.seq > first) {
		uint64_t later = ask_later_files(c);
		first = later > first ? later : first;
	}
	if (is_first_ever != (s->first.seq == 1))
		set_fault(f, JOURNAL_FAULT_HEAD, s, 1, s->first.seq,
			"its head does not say what came before it");
	else if (s->first.seq > first)
		tell_gone(f, s, 1, first > 0 ? first : 1, s->first.seq - 1,
			", and no record says that they were deleted");
}

/* The first of the files asked for, where older ones are there: then nothing between them was deleted. */
static void check_since(const struct check *c, const struct file_sum *s, struct journal_fault *f)
{
	char text[sizeof f->text];
	uint32_t named;
	bool packed;
	if (!journal_file_name_parse(s->head.file, &named, &packed) || named < c->options->since ||
		named >= s->day)
		return;
	snprintf(text, sizeof text, "the file %s, and what may have been before it, is gone",
		s->head.file);
	set_fault(f, JOURNAL_FAULT_MISSING, s, 1, 0, text);
}

/* The last of the files asked for against the head of the next one, which says how it ended. A day that is gone and that
 * nobody asked for may be between them. */
static void check_until(struct check *c, const struct file_sum *last, struct journal_report *out)
{
	const struct journal_file *behind = c->files + c->files_count;
	struct file_sum next;
	uint32_t named;
	bool packed;
	if (last->lines > 0 && behind < c->all.items + c->all.count &&
		peek_file(c, behind, &next) &&
		journal_file_name_parse(next.head.file, &named, &packed) &&
		named <= c->options->until)
		join_files(last, &next, &out->fault);
}

static void check_end(
	const struct check *c, const struct file_sum *s, bool newest, struct journal_report *out)
{
	if (s->rest_bytes == 0)
		return;
	if (newest && c->options->growing) {
		out->rest_bytes = s->rest_bytes;
		return;
	}
	set_fault(&out->fault, JOURNAL_FAULT_TORN, s, s->lines + 1, s->last.seq + 1,
		newest ? "the last line is not whole; the next start of a watch sets it aside"
		       : "the file ends in the middle of a line");
}

/* Takes one file into the report; false at the first fault. */
static bool report_file(struct check *c, const struct file_sum *s, const struct file_sum *before,
	bool newest, struct journal_report *out)
{
	bool empty = s->lines == 0 && s->rest_bytes == 0 && s->fault.kind == JOURNAL_FAULT_NONE;
	if (empty && newest)
		return true; /* made, and its head not yet written */
	if (empty)
		set_fault(&out->fault, JOURNAL_FAULT_HEAD, s, 0, 0, "the file is empty");
	else if (s->fault.kind != JOURNAL_FAULT_NONE && s->lines == 0)
		out->fault = s->fault;
	else if (before->lines > 0)
		join_files(before, s, &out->fault);
	else if (s->first.seq > 0 && c->files == c->all.items)
		check_beginning(c, s, &out->fault);
	else if (s->first.seq > 0)
		check_since(c, s, &out->fault);
	if (out->fault.kind == JOURNAL_FAULT_NONE)
		out->fault = s->fault;
	if (out->fault.kind == JOURNAL_FAULT_NONE)
		check_end(c, s, newest, out);
	if (out->fault.kind != JOURNAL_FAULT_NONE)
		return false;
	out->files++;
	out->records += s->lines;
	out->bytes += s->bytes;
	if (out->oldest.seq == 0)
		out->oldest = s->first;
	out->newest = s->last;
	out->newest_file = s->name;
	return true;
}

static void report(struct check *c, struct journal_report *out)
{
	struct file_sum before = {.lines = 0};
	size_t piece = 0;
	const struct journal_file *newest =
		c->all.count > 0 ? &c->all.items[c->all.count - 1] : NULL;
	out->whole_range = c->files_count == c->all.count;
	for (size_t i = 0; i < c->files_count; i++) {
		struct file_sum s = sum_file(c, &c->files[i], &piece);
		if (!report_file(c, &s, &before, &c->files[i] == newest, out))
			return;
		before = s;
	}
	check_until(c, &before, out);
}

static bool has_vanished(const struct check *c)
{
	if (c->vanished)
		return true;
	for (size_t i = 0; i < c->pieces_count; i++) {
		if (c->pieces[i].vanished)
			return true;
	}
	return false;
}

/* Walks all that is there now. False with errno; `again` is set where a file went away meanwhile. */
static bool walk(struct check *c, struct journal_report *out, bool *again)
{
	*out = (struct journal_report){0};
	*again = false;
	if (!journal_files_list(c->directory, &c->all))
		return false;
	if (c->all.count == 0) {
		errno = ENOENT;
		return false;
	}
	choose_files(c);
	cut_pieces(c);
	work_all(c);
	report(c, out);
	*again = has_vanished(c);
	free(c->pieces);
	return true;
}

bool journal_check_run(const char *state, const struct journal_check_options *options,
	struct journal_report *out, struct store_error *error)
{
	int directory = journal_files_open_directory(state, false, error);
	bool done = true, again = true;
	if (directory < 0)
		return false;
	for (int i = 0; i < TRIES && done && again; i++) {
		struct check c = {.options = options, .directory = directory};
		done = walk(&c, out, &again);
		if (!done)
			store_error_from_system(error, state, errno);
		journal_files_clear(&c.all);
	}
	close(directory);
	return done;
}
