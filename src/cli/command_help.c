/* SPDX-License-Identifier: ISC */
#include "cli/command.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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

/* A line for each alternative that has blanks around its bars. */
static void print_usage(const struct command *c)
{
	const char *at = c->operands;
	for (bool first = true; first || *at != '\0'; first = false) {
		const char *bar = strstr(at, " | ");
		size_t length = bar != NULL ? (size_t)(bar - at) : strlen(at);
		printf("%s knockwatch %s [OPTION]...%s%.*s\n", first ? "usage:" : "      ", c->name, length > 0 ? " " : "",
			(int)length, at);
		at += bar != NULL ? length + strlen(" | ") : length;
	}
}

void command_help_print(const struct command *c)
{
	print_usage(c);
	printf("\n%s\n\noptions:\n", c->text);
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
