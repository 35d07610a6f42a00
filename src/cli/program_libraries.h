/* SPDX-License-Identifier: ISC */
/*
 * program_libraries - does a program use this shared library, and which file would it get?
 *
 * Reads the program's file and those of the libraries that it names, where the loader would look: never runs anything. What a
 * program loads by itself later (plug-ins) cannot be seen. Directories of the loader are those of /etc/ld.so.conf.d and the usual
 * four; its cache is not read. Of run paths with a $, only $ORIGIN is understood.
 *
 * Tests: tests/unit/cli/test_program_libraries.c
 */
#ifndef KW_CLI_PROGRAM_LIBRARIES_H
#define KW_CLI_PROGRAM_LIBRARIES_H

#include <limits.h>
#include <stdbool.h>

enum program_libraries_answer {
	PROGRAM_LIBRARIES_NO,
	PROGRAM_LIBRARIES_YES,
	PROGRAM_LIBRARIES_UNKNOWN, /* a script, unreadable, or another kind of file */
};

struct program_libraries_place {
	char path[PATH_MAX]; /* of the library, with `root`; empty: the loader would not find it */
	char asked_by[PATH_MAX]; /* the file that names it: the program, or one of its libraries */
	bool by_old_path;        /* found by a run path that comes before LD_LIBRARY_PATH */
	unsigned word_bits, machine; /* of the program */
};

/* `root` is put before each path, "" for none; `library` is a soname, "libwrap.so.0". */
enum program_libraries_answer program_libraries_uses(
	const char *root, const char *path, const char *library);

/* The same, and where: with LD_LIBRARY_PATH as it is told, null or "" for none. `out` is set where the answer is yes. */
enum program_libraries_answer program_libraries_find(const char *root, const char *path,
	const char *library, const char *library_path, struct program_libraries_place *out);

#endif
