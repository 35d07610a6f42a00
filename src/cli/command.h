/* SPDX-License-Identifier: ISC */
/*
 * command - what a subcommand is: a name, its words for help, its options, and a function.
 */
#ifndef KW_CLI_COMMAND_H
#define KW_CLI_COMMAND_H

#include "cli/option_row.h"
#include "base/stop_code.h"

struct command {
	const char *name;
	const char *operands;             /* "FILE...", "" if there are none */
	const char *summary;              /* one line of the list of commands */
	const char *text;                 /* what it does, in a paragraph or two, then examples */
	const struct option_row *options; /* ends with a null name; --help is always among them */
	/* argv[0] is the command's name. */
	enum stop_code (*run)(const struct command *self, int argc, char **argv);
};

/* All commands, ended by null. */
const struct command *const *command_list(void);
const struct command *command_list_find(const char *name);

/* Help of one command, and of the program. */
void command_help_print(const struct command *c);
void command_help_print_all(void);
/* The lines of options, ended by a null name. */
void command_help_print_options(const struct option_row *rows);

#endif
