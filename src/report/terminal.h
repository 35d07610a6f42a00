/* SPDX-License-Identifier: ISC */
/*
 * terminal - how wide, how colourful and in which characters we may write.
 *
 * COLUMNS wins over the terminal's own width; without both it is 80. Colour only on a terminal, not
 * with NO_COLOR (no-color.org) or TERM=dumb; CLICOLOR_FORCE other than 0 forces it. Anything but a
 * UTF-8 locale gets ASCII.
 */
#ifndef KW_REPORT_TERMINAL_H
#define KW_REPORT_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#define TERMINAL_WIDTH_MIN 40  /* narrower tables hold nothing */
#define TERMINAL_WIDTH_MAX 400 /* wider lines nobody reads */
#define TERMINAL_WIDTH_USUAL 80

struct terminal {
	unsigned width; /* columns, inside the bounds above */
	bool colour;
	bool utf8;
};

/* What the decision rests on; texts are null where the variable is not set. */
struct terminal_facts {
	bool is_terminal;
	unsigned window_columns;    /* as the kernel says, 0 = unknown */
	const char *columns;        /* $COLUMNS */
	const char *no_color;       /* $NO_COLOR */
	const char *term;           /* $TERM */
	const char *clicolor_force; /* $CLICOLOR_FORCE */
	const char *charset;        /* of the locale, "UTF-8" */
};

struct terminal terminal_decide(const struct terminal_facts *facts);

/* Asks the environment about `out`. The program must have called setlocale(LC_CTYPE, ""). */
struct terminal terminal_of(FILE *out);

#endif
