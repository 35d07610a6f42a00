/* SPDX-License-Identifier: ISC */
/*
 * What is wrong with a record whose hash does not fit is told by the number that stands in the next one. Let 7 be the last
 * that was good; then
 *
 *     8' 9    the next number follows: 8 was changed
 *     x  8    8 comes again: x was put in
 *     9  10   a number is left out: 8 is gone
 */
#include "store/journal_piece.h"

#include "store/journal_lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TELL_EVERY = 256 }; /* lines */

struct walk {
	struct journal_piece *piece;
	struct journal_hasher *hasher;
	struct journal_lines *lines;
	struct journal_place before; /* of the record before; the next follows on it */
	bool before_known;
};

static void set_fault(struct journal_piece *p, enum journal_fault_kind kind, uint64_t line,
	uint64_t seq, const char *text)
{
	p->fault = (struct journal_fault){.kind = kind,
		.file = journal_file_name_of(p->file->day, p->file->packed),
		.line = line,
		.seq = seq};
	snprintf(p->fault.text, sizeof p->fault.text, "%s", text);
}

/* The number in the next line; 0 if that is none or no record. */
static uint64_t peek_seq(struct walk *w)
{
	struct journal_record next;
	const char *line;
	size_t length;
	if (journal_lines_next(w->lines, &line, &length) != JOURNAL_LINES_LINE ||
		!journal_record_read(line, length, &next))
		return 0;
	return next.place.seq;
}

static void tell_missing(struct walk *w, uint64_t line, uint64_t next_seq)
{
	char text[128];
	uint64_t first = w->before.seq + 1, last = next_seq - 1;
	if (first == last)
		snprintf(text, sizeof text, "record %llu is gone", (unsigned long long)first);
	else
		snprintf(text, sizeof text, "the records %llu to %llu are gone",
			(unsigned long long)first, (unsigned long long)last);
	set_fault(w->piece, JOURNAL_FAULT_MISSING, line, first, text);
}

/* `seq` stands in a record that does not follow on the one before; 0 = it is no record. */
static void tell_broken(struct walk *w, uint64_t line, uint64_t seq)
{
	uint64_t wanted = w->before.seq + 1, next = peek_seq(w);
	if (next == wanted)
		set_fault(w->piece, JOURNAL_FAULT_INSERTED, line, seq,
			"the line was put in: the record that belongs here comes behind it");
	else if (seq > wanted && next != wanted + 1)
		tell_missing(w, line, seq);
	else if (seq != 0 && seq < wanted)
		set_fault(w->piece, JOURNAL_FAULT_INSERTED, line, seq,
			"its number was there before: it was put in, or is there twice");
	else if (seq == 0)
		set_fault(w->piece, JOURNAL_FAULT_CHANGED, line, wanted,
			"the line has not the form of a record");
	else
		set_fault(w->piece, JOURNAL_FAULT_CHANGED, line, wanted,
			"its text and its hash do not belong together");
}

/* The head says on what the file follows; later events of the type, where the journal begins. */
static void take_chain_event(struct walk *w, const struct journal_record *r)
{
	struct journal_head head;
	bool good = journal_head_read(r, &head);
	if (good && head.first > w->piece->kept_from)
		w->piece->kept_from = head.first;
	if (!good || w->before_known)
		return;
	w->piece->head = head;
	w->before.seq = r->place.seq - 1;
	w->before.hash = head.head;
	w->before_known = true;
}

/* False at the first fault. */
static bool take_line(struct walk *w, const char *line, size_t length)
{
	struct journal_piece *p = w->piece;
	struct journal_record r;
	bool formed = journal_record_read(line, length, &r);
	if (formed && r.is_chain_event)
		take_chain_event(w, &r);
	if (p->from == 0 && p->lines == 0 && !w->before_known) {
		set_fault(p, JOURNAL_FAULT_HEAD, 1, formed ? r.place.seq : 0,
			"the file does not begin with the head of its day");
		return false;
	}
	if (w->before_known && (!formed || r.place.seq != w->before.seq + 1 ||
				       !journal_record_follows(&r, &w->before.hash, w->hasher))) {
		tell_broken(w, p->lines + 1, formed ? r.place.seq : 0);
		return false;
	}
	p->lines++;
	if (!formed)
		return true; /* the piece before names it */
	if (p->first.seq == 0)
		p->first = r.place;
	p->last = w->before = r.place;
	w->before_known = true;
	return true;
}

static void take_lines(struct walk *w, atomic_uint_fast64_t *done)
{
	struct journal_piece *p = w->piece;
	enum journal_lines_result result;
	const char *line;
	size_t length;
	uint64_t counted = 0, start = p->from;
	while ((result = journal_lines_next(w->lines, &line, &length)) == JOURNAL_LINES_LINE) {
		if (start + p->bytes >= p->until && !p->file->packed)
			return; /* it starts in the next piece */
		if (!take_line(w, line, length))
			return;
		p->bytes = journal_lines_bytes(w->lines);
		if (p->lines % TELL_EVERY == 0 && !p->file->packed) {
			atomic_fetch_add(done, p->bytes - counted);
			counted = p->bytes;
		}
	}
	if (!p->file->packed)
		atomic_fetch_add(done, p->bytes - counted);
	if (result == JOURNAL_LINES_REST && (p->file->packed || start + p->bytes < p->until))
		p->rest_bytes = length;
	if (result == JOURNAL_LINES_BROKEN)
		set_fault(p, JOURNAL_FAULT_UNREADABLE, p->lines + 1, w->before.seq + 1,
			journal_lines_fault(w->lines));
}

/* Moves `from` to the first line that starts there or behind, and reads the end of the line before. */
static bool find_start(struct walk *w, int fd)
{
	struct journal_piece *p = w->piece;
	uint64_t before = p->from - 1; /* if the newline lies there a line starts at `from` */
	struct journal_lines *l = journal_lines_create_part(fd, before, p->size);
	const char *line;
	size_t length;
	bool found = journal_lines_next(l, &line, &length) == JOURNAL_LINES_LINE;
	journal_lines_destroy(l);
	if (!found || before + length + 1 >= p->until)
		return false;
	p->from = before + length + 1;
	char end[JOURNAL_TAIL_MAX];
	uint64_t size = p->from - 1 < sizeof end ? p->from - 1 : sizeof end;
	w->before_known = pread(fd, end, size, (off_t)(p->from - 1 - size)) == (ssize_t)size &&
			  journal_place_read(end, size, &w->before);
	return true;
}

void journal_piece_check(struct journal_piece *p, int directory, struct journal_hasher *hasher,
	atomic_uint_fast64_t *done)
{
	struct walk w = {.piece = p, .hasher = hasher};
	int fd = journal_files_open(directory, p->file);
	if (fd < 0) {
		p->vanished = errno == ENOENT;
		set_fault(p, JOURNAL_FAULT_UNREADABLE, 0, 0,
			errno == EINVAL || errno == ELOOP ? "is no plain file" : strerror(errno));
		return;
	}
	if (p->file->packed) {
		w.lines = journal_lines_create(fd, true);
		take_lines(&w, done);
		atomic_fetch_add(done, p->file->bytes);
		journal_lines_destroy(w.lines);
		return;
	}
	if (p->from == 0 || find_start(&w, fd)) {
		w.lines = journal_lines_create_part(fd, p->from, p->size);
		take_lines(&w, done);
		journal_lines_destroy(w.lines);
	}
	close(fd);
}
