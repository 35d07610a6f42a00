/* SPDX-License-Identifier: ISC */
/*
 * exec_baseline - which programs are started as root here, by which unit and parent, with which shape of arguments.
 *
 * Learned from what happens: a start is new where nothing alike was seen before, and known from then on. Alike =
 * the same unit and parent but for numbers in their names, the same file, the same exec_shape. A unit that
 * starts one file with EXEC_BASELINE_SHAPES different shapes is known for it, and its arguments do not matter
 * any more: it was told so often, and would be told for ever.
 *
 * Memory is fixed: EXEC_BASELINE_ENTRIES hashes of what was seen, no text. Where a bucket is full the one that was
 * seen the longest time ago goes, and would be new again. Saved and loaded whole; a file that is damaged, or was
 * made by another version, is refused and changes nothing.
 *
 * Tests: tests/unit/detect/test_exec_baseline.c   Fuzz: fuzz/detect/fuzz_exec_baseline.c
 */
#ifndef KW_DETECT_EXEC_BASELINE_H
#define KW_DETECT_EXEC_BASELINE_H

#include "event/exec_event.h"

#define EXEC_BASELINE_ENTRIES 8192 /* 192 KiB; a busy server has some hundred */
#define EXEC_BASELINE_SHAPES 64

struct exec_baseline;

struct exec_baseline *exec_baseline_create(void);
/* Accepts null. */
void exec_baseline_destroy(struct exec_baseline *b);

/* Notes a start, of which the secrets are masked. True if it is new. */
bool exec_baseline_note(struct exec_baseline *b, const struct exec_event *e);

struct exec_baseline_stats {
	struct wall_time since; /* of the first start ever noted; 0 = none was */
	uint64_t starts, fresh; /* since then; of them: new */
	unsigned entries;       /* in use */
	uint64_t evicted;
};

struct exec_baseline_stats exec_baseline_stats(const struct exec_baseline *b);

/* To a file that is open for writing; false with errno. */
bool exec_baseline_save(const struct exec_baseline *b, int fd);
/* In place of what was noted so far. Null, or what is wrong with the file, and nothing has changed. */
const char *exec_baseline_load(struct exec_baseline *b, int fd);

#endif
