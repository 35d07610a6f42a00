/* SPDX-License-Identifier: ISC */
/*
 * flag_list - "--packets 1000 --seed 1 OUT" for the generators: named numbers, then file names.
 */
#ifndef KW_BENCH_FLAG_LIST_H
#define KW_BENCH_FLAG_LIST_H

#include <stdint.h>

struct flag_row {
	const char *name;         /* "--packets"; null ends the table */
	uint64_t *value;          /* holds the default, gets what was given */
	uint64_t lowest, highest; /* what is accepted */
};

/* Reads the flags and returns the index of the first file name; ends the program with `usage` if a
 * flag is unknown or out of range, or if there are not exactly `files` names. */
int flag_list_read(
	int argc, char **argv, const struct flag_row *rows, int files, const char *usage);

#endif
