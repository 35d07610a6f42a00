/* SPDX-License-Identifier: ISC */
/*
 * command_run - runs a command as the program would, in a process of its own, and keeps what it
 * said.
 */
#ifndef KW_TESTS_COMMAND_RUN_H
#define KW_TESTS_COMMAND_RUN_H

#include <stdbool.h>

#define COMMAND_RUN_WORDS 8

struct command_run {
	int code;        /* exit code; -1 if it died */
	char out[65536]; /* cut if longer */
	char err[16384];
};

/* Runs the words, the first of which is the command; ends with null. */
void command_run(struct command_run *run, const char *const *words);

/* A fresh directory, its path in `path` (at least 64 bytes). Removed by command_run_remove. */
void command_run_make_directory(char *path);
void command_run_remove_directory(const char *path);

/* Writes a file. */
void command_run_write(const char *directory, const char *name, const char *text);

#endif
