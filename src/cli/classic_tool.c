/* SPDX-License-Identifier: ISC */
#include "cli/classic_tool.h"

#include "base/diag.h"
#include "cli/command.h"
#include "cli/option_row.h"
#include "cli/standard_output.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct option_row options[] = {
	{"implicit", 'a', NULL, "rules that grant without saying 'allow'"},
	{"here", 'd', NULL, "hosts.allow and hosts.deny of this directory"},
	{"inetd", 'i', "FILE", "instead of /etc/inetd.conf"},
	{"rules", 'v', NULL, "every rule, and what it decides"},
	{"json", 'j', NULL, "one JSON object, as 'knockwatch access'"},
	{"help", 0, NULL, "this text"},
};
enum { OPTIONS = sizeof options / sizeof options[0] };

struct reading {
	struct option_row options[OPTIONS + 1]; /* of the tool */
	struct access_call call;
};

static void take_options(struct reading *r, const char *letters)
{
	unsigned n = 0;
	for (unsigned i = 0; i < OPTIONS; i++) {
		if (options[i].letter == 0 || strchr(letters, options[i].letter) != NULL)
			r->options[n++] = options[i];
	}
}

static bool set_option(void *target, unsigned index, const char *value)
{
	struct reading *r = target;
	switch (r->options[index].letter) {
	case 'a':
		r->call.implicit = true;
		break;
	case 'd':
		r->call.tables = ".";
		break;
	case 'i':
		r->call.inetd_conf = value;
		break;
	case 'v':
		r->call.rules = true;
		break;
	case 'j':
		r->call.json = true;
		break;
	default: /* --help, which was looked for before */
		break;
	}
	return true;
}

static bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0)
			return true;
	}
	return false;
}

static void print_help(const struct classic_tool *tool, const struct option_row *rows)
{
	printf("usage: %s %s\n\n%s\n\noptions:\n", tool->name, tool->usage, tool->text);
	command_help_print_options(rows);
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
	struct reading r = {.call = {.root = "", .port = -1, .classic = tool->name}};
	char help[80];
	int first;
	take_options(&r, tool->letters);
	if (wants_help(argc, argv)) {
		print_help(tool, r.options);
		return standard_output_is_lost();
	}
	snprintf(help, sizeof help, "%s --help", tool->name);
	bool good = option_row_parse_for(help, r.options, argc, argv, set_option, &r, &first);
	if (!good || argc - first != tool->operands) {
		fprintf(stderr, "usage: %s %s\n", tool->name, tool->usage);
		return 1;
	}
	r.call.words = argv + first;
	r.call.word_count = argc - first;
	if (!can_read(&r.call))
		return 1;
	bool done = tool->run(&r.call) == STOP_DONE;
	return standard_output_is_lost() || !done ? 1 : 0;
}
