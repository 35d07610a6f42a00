/* SPDX-License-Identifier: ISC */
/*
 * classic_tool - what tcpdmatch and tcpdchk have in common: options, help, and the exit codes of the originals, which are 0 where
 * there was an answer and 1 where there was none or the call was wrong.
 */
#ifndef KW_CLI_CLASSIC_TOOL_H
#define KW_CLI_CLASSIC_TOOL_H

#include "cli/access_call.h"

struct classic_tool {
	const char *name;
	const char *usage; /* behind the name */
	const char *text;  /* what it does */
	const char *letters; /* of a, d, i, j, v: the options it takes, beside --help */
	int operands;        /* exactly so many */
	enum stop_code (*run)(const struct access_call *c);
};

int classic_tool_main(const struct classic_tool *tool, int argc, char **argv);

#endif
