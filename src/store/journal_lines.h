/* SPDX-License-Identifier: ISC */
/*
 * journal_lines - the lines of one day's file in order, packed or not, or of a part of a plain one.
 *
 * Reads with pread, so that several may share a file, and a plain file that grows goes on where it ended.
 * A line of more than JOURNAL_LINE_MAX is given out cut to that, as what it is: no record. Memory:
 * 128 KiB, more for a longer line (JOURNAL_LINE_MAX at most), and what unpacking takes (a window of 8 MiB
 * at most; ours are 256 KiB).
 *
 * Tests: tests/unit/store/test_journal_lines.c   Fuzz: fuzz/store/fuzz_journal_lines.c
 */
#ifndef KW_STORE_JOURNAL_LINES_H
#define KW_STORE_JOURNAL_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal_lines;

enum journal_lines_result {
	JOURNAL_LINES_LINE,
	JOURNAL_LINES_REST, /* bytes without a newline, and the end behind them: torn, or still to come */
	JOURNAL_LINES_END,
	JOURNAL_LINES_BROKEN /* cannot be read or unpacked further: see journal_lines_fault */
};

/* Takes over the descriptor. */
struct journal_lines *journal_lines_create(int fd, bool packed);
/* The part of a plain file that begins at `from` and ends before `until` (UINT64_MAX = its end); the
 * descriptor stays the caller's. */
struct journal_lines *journal_lines_create_part(int fd, uint64_t from, uint64_t until);
/* Accepts null. */
void journal_lines_destroy(struct journal_lines *l);

/* The next line, without its newline, valid until the next call. After REST or END a plain file may be
 * asked again: what has come meanwhile is then given. */
enum journal_lines_result journal_lines_next(
	struct journal_lines *l, const char **line, size_t *length);

/* Bytes of lines given out so far, newlines included, unpacked. */
uint64_t journal_lines_bytes(const struct journal_lines *l);
/* Why it is BROKEN, as constant text. */
const char *journal_lines_fault(const struct journal_lines *l);

#endif
