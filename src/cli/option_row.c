/* SPDX-License-Identifier: ISC */
#include "cli/option_row.h"

#include "base/diag.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
	FIRST_LONG = 256,
	WORD_MAX = 64,
};

/* Levenshtein distance of two short words; long ones are infinitely far. */
static unsigned distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	unsigned row[WORD_MAX + 1];
	if (n > WORD_MAX || m > WORD_MAX)
		return UINT32_MAX;
	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned best = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[m];
}

const char *option_row_nearest(const char *const *names, const char *word)
{
	const char *nearest = NULL;
	unsigned best = 3; /* two slips at most */
	for (; *names != NULL; names++) {
		unsigned d = distance(*names, word);
		if (d < best) {
			best = d;
			nearest = *names;
		}
	}
	return nearest;
}

static void complain(const struct option_row *rows, const char *word, const char *help)
{
	const char *names[OPTION_ROWS_MAX + 1];
	char bare[WORD_MAX];
	unsigned n = 0;
	for (; rows[n].name != NULL; n++)
		names[n] = rows[n].name;
	names[n] = NULL;
	snprintf(bare, sizeof bare, "%s", word + strspn(word, "-"));
	bare[strcspn(bare, "=")] = '\0';
	const char *near = option_row_nearest(names, bare);
	if (near != NULL)
		diag_error("%s: no such option; did you mean --%s?", word, near);
	else
		diag_error("%s: no such option; see '%s'", word, help);
}

bool option_row_parse(const struct option_row *rows, int argc, char **argv, option_row_fn *set,
	void *target, int *first_operand)
{
	char help[WORD_MAX];
	snprintf(help, sizeof help, "knockwatch %s --help", argv[0]);
	return option_row_parse_for(help, rows, argc, argv, set, target, first_operand);
}

bool option_row_parse_for(const char *help, const struct option_row *rows, int argc, char **argv,
	option_row_fn *set, void *target, int *first_operand)
{
	struct option longs[OPTION_ROWS_MAX + 1];
	char shorts[3 * OPTION_ROWS_MAX + 2];
	size_t used = 0;
	unsigned n = 0;
	shorts[used++] = ':';
	for (; rows[n].name != NULL; n++) {
		int has_value = rows[n].value ? required_argument : no_argument;
		longs[n] = (struct option){rows[n].name, has_value, NULL, FIRST_LONG + (int)n};
		if (rows[n].letter) {
			shorts[used++] = rows[n].letter;
			if (rows[n].value)
				shorts[used++] = ':';
		}
	}
	shorts[used] = '\0';
	longs[n] = (struct option){0};
	optind = 0;
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
		unsigned index = (unsigned)(c - FIRST_LONG);
		if (c == '?') {
			complain(rows, argv[optind - 1], help);
			return false;
		}
		if (c == ':') {
			diag_error("%s: a value is missing; see '%s'", argv[optind - 1], help);
			return false;
		}
		if (c < FIRST_LONG) {
			for (index = 0; rows[index].letter != (char)c; index++)
				continue;
		}
		if (!set(target, index, optarg))
			return false;
	}
	*first_operand = optind;
	return true;
}
