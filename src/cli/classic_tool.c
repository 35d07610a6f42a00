/* SPDX-License-Identifier: ISC */
#include "cli/classic_tool.h"

#include "base/diag.h"
#include "cli/command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0)
			return true;
	}
	return false;
}

static void print_help(const struct classic_tool *tool)
{
	printf("usage: %s %s\n\n%s\n\noptions:\n", tool->name, tool->usage, tool->text);
	command_help_print_options(tool->options);
	printf("\nexit codes: 0 there is an answer, 1 there is none\n");
}

/* It is read later, and whether it is there tells nobody then. */
static bool can_read(const struct access_call *c)
{
	if (c->inetd_conf == NULL || access(c->inetd_conf, R_OK) == 0)
		return true;
	diag_error("%s: %s: %m", c->classic, c->inetd_conf);
	return false;
}

int classic_tool_main(const struct classic_tool *tool, int argc, char **argv)
{
	struct access_call c = {.root = "", .port = -1, .classic = tool->name};
	char help[80];
	int first;
	if (wants_help(argc, argv)) {
		print_help(tool);
		return 0;
	}
	snprintf(help, sizeof help, "%s --help", tool->name);
	bool good = option_row_parse_for(help, tool->options, argc, argv, tool->set, &c, &first);
	if (!good || argc - first != tool->operands) {
		fprintf(stderr, "usage: %s %s\n", tool->name, tool->usage);
		return 1;
	}
	c.words = argv + first;
	c.word_count = argc - first;
	if (!can_read(&c) || tool->run(&c) != STOP_DONE)
		return 1;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	diag_error("standard output: %m");
	return 1;
}
