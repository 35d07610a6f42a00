/* SPDX-License-Identifier: ISC */
#include "base/diag.h"
#include "base/system_journal.h"
#include "cli/command.h"
#include "cli/other_name.h"
#include "cli/standard_output.h"
#include "version.h"

#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMANDS_MAX 64

static enum stop_code refuse(const char *word)
{
	const char *names[COMMANDS_MAX];
	unsigned n = 0;
	if (*word == '-') {
		diag_error("%s: options stand behind the command, as in 'knockwatch read %s'; "
			   "'knockwatch help' lists the commands",
			word, word);
		return STOP_USAGE;
	}
	for (const struct command *const *c = command_list(); *c != NULL && n + 1 < COMMANDS_MAX;
		c++)
		names[n++] = (*c)->name;
	names[n] = NULL;
	const char *near = option_row_nearest(names, word);
	if (near != NULL)
		diag_error("%s: no such command; did you mean 'knockwatch %s'?", word, near);
	else
		diag_error("%s: no such command; 'knockwatch help' lists them", word);
	return STOP_USAGE;
}

static enum stop_code help(int argc, char **argv)
{
	const struct command *c = argc > 2 ? command_list_find(argv[2]) : NULL;
	if (argc > 2 && c == NULL)
		return refuse(argv[2]);
	if (c != NULL)
		command_help_print(c);
	else
		command_help_print_all();
	return STOP_DONE;
}

static bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0)
			return true;
	}
	return false;
}

static enum stop_code run(int argc, char **argv)
{
	if (argc < 2) {
		command_help_print_all();
		return STOP_USAGE;
	}
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
		strcmp(argv[1], "-h") == 0)
		return help(argc, argv);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
		printf("knockwatch %s\n", KNOCKWATCH_VERSION);
		return STOP_DONE;
	}
	const struct command *c = command_list_find(argv[1]);
	if (c == NULL)
		return refuse(argv[1]);
	if (wants_help(argc - 1, argv + 1)) {
		command_help_print(c);
		return STOP_DONE;
	}
	return c->run(c, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	(void)system_journal_open(getenv("JOURNAL_STREAM"), SYSTEM_JOURNAL_SOCKET);
	other_name_fn *other = argc > 0 ? other_name_find(argv[0]) : NULL;
	if (other != NULL)
		return other(argc, argv);
	enum stop_code code = run(argc, argv);
	/* nor for a no, nor for input that was skipped */
	bool counts = code == STOP_DONE || code == STOP_NO || code == STOP_SKIPPED;
	return counts && standard_output_is_lost() ? (int)STOP_INTERNAL : (int)code;
}
