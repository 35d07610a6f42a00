/* SPDX-License-Identifier: ISC */
#include "cli/command.h"

#include <stdio.h>

static void print_option(const struct option_row *o)
{
	char left[64];
	char letter[4] = "  ";
	if (o->letter)
		snprintf(letter, sizeof letter, "-%c", o->letter);
	snprintf(left, sizeof left, "%s%s --%s%s%s", letter, o->letter ? "," : " ", o->name,
		o->value ? " " : "", o->value ? o->value : "");
	printf("  %-26s %s\n", left, o->help);
}

void command_help_print_options(const struct option_row *rows)
{
	for (const struct option_row *o = rows; o->name != NULL; o++)
		print_option(o);
}

void command_help_print(const struct command *c)
{
	printf("usage: knockwatch %s [OPTION]...%s%s\n\n%s\n\noptions:\n", c->name,
		c->operands[0] ? " " : "", c->operands, c->text);
	command_help_print_options(c->options);
	printf("\nexit codes: 0 done, 1 no or nothing matched, 2 usage, 3 configuration\n"
	       "invalid, 4 not reachable, 5 not permitted, 6 done but some input skipped,\n"
	       "7 internal error\n");
}

void command_help_print_all(void)
{
	printf("knockwatch tells who knocks on the doors this host does not offer, what they\n"
	       "want, and whether to care.\n\nusage: knockwatch COMMAND [OPTION]...\n\n");
	for (const struct command *const *c = command_list(); *c != NULL; c++)
		printf("  %-12s %s\n", (*c)->name, (*c)->summary);
	printf("\n'knockwatch COMMAND --help' tells more. First steps:\n"
	       "  knockwatch watch                       who is knocking right now\n"
	       "  knockwatch read capture.pcap kern.log  the stories in old files\n");
}
