/* SPDX-License-Identifier: ISC */
/*
 * classic_tool - what tcpdmatch and tcpdchk have in common: options, help, and the exit codes of the originals, which are 0 where
 * there was an answer and 1 where there was none or the call was wrong.
 */
#ifndef KW_CLI_CLASSIC_TOOL_H
#define KW_CLI_CLASSIC_TOOL_H

#include "cli/access_call.h"
#include "cli/option_row.h"

struct classic_tool {
	const char *name;
	const char *usage; /* behind the name */
	const char *text;  /* what it does */
	const struct option_row *options;
	option_row_fn *set; /* its target is a struct access_call */
	int operands;       /* exactly so many */
	enum stop_code (*run)(const struct access_call *c);
};

int classic_tool_main(const struct classic_tool *tool, int argc, char **argv);

#endif
