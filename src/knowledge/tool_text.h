/* SPDX-License-Identifier: ISC */
/*
 * tool_text - what a scanner is that betrays itself by its packets, and what its use means.
 *
 * Every tool that an incident can name is told. Printable ASCII, `what` and `means` one or two
 * sentences of at most TOOL_TEXT_LENGTH characters each; they live as long as the program.
 *
 * Source: knowledge/tools.yaml   Tests: tests/unit/knowledge/test_tool_text.c
 */
#ifndef KW_KNOWLEDGE_TOOL_TEXT_H
#define KW_KNOWLEDGE_TOOL_TEXT_H

#define TOOL_TEXT_LENGTH 240

struct tool_text {
	const char *name;  /* as an incident names it: "nmap", "6000-256" */
	const char *what;  /* what it is */
	const char *means; /* what its use tells about the sender */
};

/* Null for a name that is not known, and for null. */
const struct tool_text *tool_text_of(const char *name);

#endif
