/* SPDX-License-Identifier: ISC */
/*
 * option_row - the options of a command as rows: parsing, help and completion read the same ones.
 */
#ifndef KW_CLI_OPTION_ROW_H
#define KW_CLI_OPTION_ROW_H

#include <stdbool.h>

struct option_row {
	const char *name;  /* long form without dashes */
	char letter;       /* short form; 0 = none */
	const char *value; /* placeholder of its value, "PREFIX"; null = a flag */
	const char *help;  /* one line */
};

/* Called for each option in the order given; `index` is the row. False, with the reason already said on
 * stderr, ends the parsing. */
typedef bool option_row_fn(void *target, unsigned index, const char *value);

#define OPTION_ROWS_MAX 40

/*
 * Parses argv[1..]. Rows end with a null name. Unknown options are said with the nearest known one.
 * Afterwards argv[*first_operand..argc) are the operands (they may be mixed with options before).
 */
bool option_row_parse(const struct option_row *rows, int argc, char **argv, option_row_fn *set,
	void *target, int *first_operand);

/* The same; `help` is what to type where one wants to know more, "tcpdchk --help". */
bool option_row_parse_for(const char *help, const struct option_row *rows, int argc, char **argv,
	option_row_fn *set, void *target, int *first_operand);

/* The nearest of `names` (ends with null) to `word` if it is near enough to be a typing error, or null. */
const char *option_row_nearest(const char *const *names, const char *word);

#endif
