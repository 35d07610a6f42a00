/* SPDX-License-Identifier: ISC */
/*
 * program_libraries - does a program use this shared library?
 *
 * Reads the program's file and those of the libraries that it names, where the loader would look: never runs anything. What a
 * program loads by itself later (plug-ins) cannot be seen.
 *
 * Tests: tests/unit/cli/test_program_libraries.c
 */
#ifndef KW_CLI_PROGRAM_LIBRARIES_H
#define KW_CLI_PROGRAM_LIBRARIES_H

enum program_libraries_answer {
	PROGRAM_LIBRARIES_NO,
	PROGRAM_LIBRARIES_YES,
	PROGRAM_LIBRARIES_UNKNOWN, /* a script, unreadable, or another kind of file */
};

/* `root` is put before each path, "" for none; `library` is a soname, "libwrap.so.0". */
enum program_libraries_answer program_libraries_uses(
	const char *root, const char *path, const char *library);

#endif
