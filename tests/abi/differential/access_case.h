/* SPDX-License-Identifier: ISC */
/*
 * access_case - one question to the library: two tables, the files they name, and who asks.
 *
 * Everything lives inside the struct, so that a case can be copied, changed a little and asked again.
 */
#ifndef KW_ABI_ACCESS_CASE_H
#define KW_ABI_ACCESS_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	CASE_TEXT_SIZE = 24000, /* of a table; more than ten of the longest lines the original takes */
	CASE_LISTS = 3,         /* files that a pattern can name: /mnt/f0, /mnt/f1, /mnt/f2 */
	CASE_ALL_LISTS = 6,     /* and /mnt/g0 to /mnt/g2, which only case_trait uses */
	CASE_WORD_SIZE = 400,   /* of a name; more than three times what the library keeps */
	CASE_ROUNDS = 3,        /* decisions one after the other in one process */
};

enum file_kind {
	FILE_TEXT,
	FILE_MISSING,
	FILE_DIRECTORY,
	FILE_LOOP,    /* a link to itself: ELOOP */
	FILE_NOT_DIR, /* below a plain file: ENOTDIR */
};

struct case_file {
	enum file_kind kind;
	size_t length;
	char bytes[CASE_TEXT_SIZE];
};

enum case_table {
	TABLE_ALLOW,
	TABLE_DENY,
};

/* How the library is told who asks. */
enum caller_form {
	CALLER_USUAL,   /* in corner_list: CALLER_SOCKETS */
	CALLER_STRINGS, /* request_init() with strings */
	CALLER_SOCKETS, /* with socket addresses; names and users as strings where they are not empty */
	CALLER_LOOKUP,  /* with socket addresses; names are looked up when a rule wants them */
	CALLER_CTL,     /* hosts_ctl() */
};

struct case_caller {
	enum caller_form form;
	char daemon[CASE_WORD_SIZE];
	char name[CASE_WORD_SIZE]; /* empty: not told */
	char address[CASE_WORD_SIZE];
	char user[CASE_WORD_SIZE];
	char server_name[CASE_WORD_SIZE];
	char server_address[CASE_WORD_SIZE];
	int port, server_port; /* with socket addresses only */
};

struct access_case {
	struct case_file table[2]; /* by case_table */
	struct case_file list[CASE_ALL_LISTS];
	unsigned rounds; /* at least 1 */
	struct case_caller caller[CASE_ROUNDS];
	bool plain;         /* no rule has options that do anything: the process stays as it is */
};

/* Where the files of a case are put, seen from inside private_place. What stands there all the time, too: a file
 * that says ALL, a banner for some daemons. */
#define CASE_PLACE "/mnt"
#define CASE_PLACE_EVERYBODY CASE_PLACE "/_A"
#define CASE_PLACE_NOBODY CASE_PLACE "/_N" /* does not exist */
void access_case_prepare_place(void);

const char *access_case_path(const struct access_case *c, enum case_table table);

/* Writes the files below CASE_PLACE, in place of those that were there. Exits where it cannot. */
void access_case_write(const struct access_case *c);

/* Shows it to a person, with everything that is not printable escaped. */
void access_case_print(const struct access_case *c, FILE *out);

void case_file_set(struct case_file *f, const char *text);
void case_file_add(struct case_file *f, const char *bytes, size_t length);

/*
 * Puts a word and blanks in the place of what stands there; false where there is no room for all of the word. Where lines are
 * joined they stay so: lines are counted.
 */
bool case_file_write_over(struct case_file *f, size_t at, size_t end, const char *word);

#endif
