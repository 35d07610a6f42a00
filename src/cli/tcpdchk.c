/* SPDX-License-Identifier: ISC */
#include "cli/tcpdchk.h"

#include "cli/access_call.h"
#include "cli/classic_tool.h"

#include <stddef.h>

enum option {
	OPTION_IMPLICIT,
	OPTION_HERE,
	OPTION_INETD,
	OPTION_RULES,
	OPTION_JSON,
	OPTION_HELP,
};

static const struct option_row options[] = {
	[OPTION_IMPLICIT] = {"implicit", 'a', NULL, "rules that grant without saying 'allow'"},
	[OPTION_HERE] = {"here", 'd', NULL, "hosts.allow and hosts.deny of this directory"},
	[OPTION_INETD] = {"inetd", 'i', "FILE", "instead of /etc/inetd.conf"},
	[OPTION_RULES] = {"rules", 'v', NULL, "every rule, and what it decides"},
	[OPTION_JSON] = {"json", 'j', NULL, "one JSON object, as 'knockwatch access check'"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct access_call *c = target;
	switch ((enum option)index) {
	case OPTION_IMPLICIT:
		c->implicit = true;
		return true;
	case OPTION_HERE:
		c->tables = ".";
		return true;
	case OPTION_INETD:
		c->inetd_conf = value;
		return true;
	case OPTION_RULES:
		c->rules = true;
		return true;
	case OPTION_JSON:
		c->json = true;
		return true;
	case OPTION_HELP:
		return true;
	}
	return false;
}

int tcpdchk_main(int argc, char **argv)
{
	static const struct classic_tool tool = {
		.name = "tcpdchk",
		.usage = "[-a] [-d] [-i inet_conf] [-j] [-v]",
		.text = "Finds what hosts.allow and hosts.deny do not do as they seem to, and tells the\n"
			"line that was meant. 'knockwatch access check' is the same, can correct the\n"
			"tables, and ends with 1 where it found something.",
		.options = options,
		.set = set_option,
		.operands = 0,
		.run = access_check_run,
	};
	return classic_tool_main(&tool, argc, argv);
}
