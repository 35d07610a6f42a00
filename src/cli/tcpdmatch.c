/* SPDX-License-Identifier: ISC */
#include "cli/tcpdmatch.h"

#include "cli/access_call.h"
#include "cli/classic_tool.h"

int tcpdmatch_main(int argc, char **argv)
{
	static const struct classic_tool tool = {
		.name = "tcpdmatch",
		.usage = "[-d] [-i inet_conf] [-j] daemon[@server] [user@]client",
		.text = "Tells whether a client may use a service, and why: what was matched, what else\n"
			"would have, and which names were asked for. 'knockwatch access test' is the same\n"
			"with other words; it ends with 1 where the answer is no.",
		.letters = "dij",
		.operands = 2,
		.run = access_trial_run,
	};
	return classic_tool_main(&tool, argc, argv);
}
