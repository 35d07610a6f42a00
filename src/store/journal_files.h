/* SPDX-License-Identifier: ISC */
/*
 * journal_files - the files of the journal: one a day (UTC), in the directory `journal` of the state.
 *
 * YYYY-MM-DD.jsonl, and YYYY-MM-DD.jsonl.zst once the day is over and was packed. Where both are there (a
 * crash while the one replaced the other) the first counts. Names of any other form are not ours and are
 * passed over. Nothing is opened that is no plain file, and no symbolic link is followed. The directory
 * is 0750, files are 0640, whatever the umask is, so that who may enter the state directory (0700, unless its
 * group was let in) may read them; a writer refuses what belongs to somebody else or has a second name.
 *
 * Tests: tests/unit/store/test_journal_files.c
 */
#ifndef KW_STORE_JOURNAL_FILES_H
#define KW_STORE_JOURNAL_FILES_H

#include "store/store_error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOURNAL_DIRECTORY "journal"
#define JOURNAL_FILES_MAX 65536 /* 179 years; what a directory has beyond is not looked at */

struct journal_file {
	uint32_t day;   /* days since 1970 */
	bool packed;    /* with zstd */
	uint64_t bytes; /* as it lies on disk */
};

struct journal_files {
	struct journal_file *items; /* the oldest first, one a day */
	size_t count;
};

struct journal_file_name {
	char text[40];
};

/* "2026-11-28.jsonl" or "2026-11-28.jsonl.zst". */
struct journal_file_name journal_file_name_of(uint32_t day, bool packed);
/* The reverse; false for any other name. */
bool journal_file_name_parse(const char *name, uint32_t *day, bool *packed);

/* Opens STATE/journal; the writer makes it. -1 with the reason: MISSING where there is none. */
int journal_files_open_directory(const char *state, bool writer, struct store_error *error);

/* False with errno. */
bool journal_files_list(int directory, struct journal_files *out);
void journal_files_clear(struct journal_files *files);

/* A day's file to read from the beginning; -1 with errno, EINVAL where it is no plain file. */
int journal_files_open(int directory, const struct journal_file *file);
/* A day's file to append to, made if it is missing; -1 with errno, EINVAL where it is not ours alone. */
int journal_files_open_writer(int directory, uint32_t day);
/* The same of a file with any name, new and empty; -1 with errno. */
int journal_files_create(int directory, const char *name);

#endif
