/* SPDX-License-Identifier: ISC */
#include "flag_list.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_number(const struct flag_row *row, const char *text)
{
	char *end;
	errno = 0;
	uint64_t n = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || end == text || n < row->lowest || n > row->highest)
		return false;
	*row->value = n;
	return true;
}

static bool read_flag(const struct flag_row *rows, const char *name, const char *text)
{
	for (const struct flag_row *row = rows; row->name != NULL; row++) {
		if (strcmp(row->name, name) == 0)
			return text != NULL && read_number(row, text);
	}
	return false;
}

int flag_list_read(int argc, char **argv, const struct flag_row *rows, int files, const char *usage)
{
	int at = 1;
	bool good = true;
	while (good && at < argc && strncmp(argv[at], "--", 2) == 0) {
		good = read_flag(rows, argv[at], at + 1 < argc ? argv[at + 1] : NULL);
		at += 2;
	}
	if (good && argc - at == files)
		return at;
	fprintf(stderr, "usage: %s\n", usage);
	exit(2);
}
