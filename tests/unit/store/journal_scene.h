/* SPDX-License-Identifier: ISC */
/*
 * journal_scene - a state directory of its own for a test, and hands to write and to spoil a journal.
 */
#ifndef KW_TESTS_JOURNAL_SCENE_H
#define KW_TESTS_JOURNAL_SCENE_H

#include "store/journal_check.h"
#include "store/journal_writer.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct journal_scene {
	char state[64];
	struct journal_writer *writer;
	struct wall_time now;
	int64_t steady_us;
	unsigned events; /* appended so far */
};

/* Makes the directory; the clock stands at 2026-11-20T12:00:00Z. */
void journal_scene_begin(struct journal_scene *s);
/* Removes the directory and all in it. */
void journal_scene_end(struct journal_scene *s);

/* Opens the writer, which must work. */
void journal_scene_open(struct journal_scene *s);
void journal_scene_close(struct journal_scene *s);
/* Appends so many events, each with a text of its own, and writes them. */
void journal_scene_append(struct journal_scene *s, unsigned count);
/* Both clocks go on by so many seconds, and the writer hears of it. */
void journal_scene_wait(struct journal_scene *s, int64_t seconds);
/* Days of `each` events, one after another, and the writer closed. */
void journal_scene_fill(struct journal_scene *s, unsigned days, unsigned each);

/* STATE/journal/NAME; valid until the next call. */
const char *journal_scene_path(const struct journal_scene *s, const char *name);
/* The file as a text on the heap, its length in `length` where that is not null. */
char *journal_scene_read(const struct journal_scene *s, const char *name, size_t *length);
void journal_scene_write(
	const struct journal_scene *s, const char *name, const char *text, size_t length);
/* Packs a day's file as zstd does and removes the plain one. */
void journal_scene_pack(const struct journal_scene *s, const char *name);

/* What journal_check_run says, by `threads`. */
struct journal_report journal_scene_check(const struct journal_scene *s, unsigned threads);
void journal_scene_assert_whole(const struct journal_scene *s, uint64_t records);
void journal_scene_assert_fault(const struct journal_scene *s, enum journal_fault_kind kind,
	const char *file, uint64_t line, uint64_t seq);

#endif
