/* SPDX-License-Identifier: ISC */
#include "cli/tcpdchk.h"

#include "cli/access_call.h"
#include "cli/classic_tool.h"

int tcpdchk_main(int argc, char **argv)
{
	static const struct classic_tool tool = {
		.name = "tcpdchk",
		.usage = "[-a] [-d] [-i inet_conf] [-j] [-v]",
		.text = "Finds what hosts.allow and hosts.deny do not do as they seem to, and tells the\n"
			"line that was meant. 'knockwatch access check' is the same, can correct the\n"
			"tables, and ends with 1 where it found something.",
		.letters = "adijv",
		.operands = 0,
		.run = access_check_run,
	};
	return classic_tool_main(&tool, argc, argv);
}
