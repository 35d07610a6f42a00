/* SPDX-License-Identifier: ISC */
/*
 * process_library - which file of a library the running processes of a program have mapped, as /proc tells.
 *
 * A process belongs to a program if it executes that very file, or one that was replaced under the same name since. Of processes
 * that we may not look into nothing is told.
 *
 * Tests: tests/unit/cli/test_process_library.c
 */
#ifndef KW_CLI_PROCESS_LIBRARY_H
#define KW_CLI_PROCESS_LIBRARY_H

#include <limits.h>
#include <stdbool.h>

struct process_library {
	int pid;
	char path[PATH_MAX]; /* "" where it has none mapped */
	bool replaced;       /* the file has been replaced or removed since */
};

typedef void process_library_fn(void *context, const struct process_library *p);

/* `library`: the beginning of a file's name, "libwrap.so.0" also stands for libwrap.so.0.7.6. */
void process_library_each(
	const char *program, const char *library, process_library_fn *take, void *context);

/* What a line of /proc/PID/maps says: true if it is a mapping of the library. */
bool process_library_of_line(const char *line, const char *library, struct process_library *out);

#endif
