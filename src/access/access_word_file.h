/* SPDX-License-Identifier: ISC */
/*
 * access_word_file - the words of a /file of host patterns, one after the other.
 *
 * Words are apart by white space, vertical tabs and form feeds too; there are no comments, no commas, and a NUL byte
 * ends a word without ending what the file calls one. The original did this with scanf() into 8 KiB, whatever
 * the length.
 *
 * Tests: tests/unit/access/test_access_word_file.c
 */
#ifndef KW_ACCESS_ACCESS_WORD_FILE_H
#define KW_ACCESS_ACCESS_WORD_FILE_H

#include "base/text_slice.h"

#include <stdbool.h>

enum { ACCESS_WORD_FILE_WORD_MAX = 8191 };

enum access_word_file_result {
	ACCESS_WORD_FILE_WORD,
	ACCESS_WORD_FILE_END,
	ACCESS_WORD_FILE_FAILED, /* errno of read(), or EFBIG: a word that is too long */
};

struct access_word_file {
	int fd;       /* owned */
	char *buffer; /* owned */
	size_t start; /* what was not given out yet */
	size_t end;
	bool at_end;
};

/* -1 with errno, as access_reader_open: a directory or a pipe is no file. */
int access_word_file_open(struct access_word_file *f, const char *path);
/* The word is valid until the next call. It may be empty. */
enum access_word_file_result access_word_file_next(struct access_word_file *f, struct text_slice *word);
void access_word_file_close(struct access_word_file *f);

#endif
