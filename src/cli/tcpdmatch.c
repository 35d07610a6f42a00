/* SPDX-License-Identifier: ISC */
#include "cli/tcpdmatch.h"

#include "cli/access_call.h"
#include "cli/classic_tool.h"

#include <stddef.h>

enum option {
	OPTION_HERE,
	OPTION_INETD,
	OPTION_JSON,
	OPTION_HELP,
};

static const struct option_row options[] = {
	[OPTION_HERE] = {"here", 'd', NULL, "hosts.allow and hosts.deny of this directory"},
	[OPTION_INETD] = {"inetd", 'i', "FILE", "instead of /etc/inetd.conf"},
	[OPTION_JSON] = {"json", 'j', NULL, "one JSON object, as 'knockwatch access test'"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct access_call *c = target;
	switch ((enum option)index) {
	case OPTION_HERE:
		c->tables = ".";
		return true;
	case OPTION_INETD:
		c->inetd_conf = value;
		return true;
	case OPTION_JSON:
		c->json = true;
		return true;
	case OPTION_HELP:
		return true;
	}
	return false;
}

int tcpdmatch_main(int argc, char **argv)
{
	static const struct classic_tool tool = {
		.name = "tcpdmatch",
		.usage = "[-d] [-i inet_conf] [-j] daemon[@server] [user@]client",
		.text = "Tells whether a client may use a service, and why: what was matched, what else\n"
			"would have, and which names were asked for. 'knockwatch access test' is the same\n"
			"with other words; it ends with 1 where the answer is no.",
		.options = options,
		.set = set_option,
		.operands = 2,
		.run = access_trial_run,
	};
	return classic_tool_main(&tool, argc, argv);
}
