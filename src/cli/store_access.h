/* SPDX-License-Identifier: ISC */
/*
 * store_access - what all questions to the store share: where it is, the time range, the page.
 */
#ifndef KW_CLI_STORE_ACCESS_H
#define KW_CLI_STORE_ACCESS_H

#include "cli/command.h"
#include "cli/option_row.h"
#include "base/stop_code.h"
#include "report/page.h"
#include "store/store.h"

/* Options that these commands have in common stand first in their tables, in this order. */
enum store_access_option {
	STORE_ACCESS_STATE,
	STORE_ACCESS_JSON,
	STORE_ACCESS_UTC,
	STORE_ACCESS_HELP,
	STORE_ACCESS_OPTIONS
};

#define STORE_ACCESS_ROWS                                                                          \
	[STORE_ACCESS_STATE] = {"state", 0, "DIR", "where it is kept (default: as configured)"},   \
	[STORE_ACCESS_JSON] = {"json", 'j', NULL, "JSON instead of tables"},                       \
	[STORE_ACCESS_UTC] = {"utc", 0, NULL, "times in UTC instead of the local zone"},           \
	[STORE_ACCESS_HELP] = {"help", 0, NULL, "this text"}

struct store_access {
	const char *state; /* null = as configured */
	bool json;
	struct page page;
	struct store *store;
	char directory[4096];
};

/* Sets one of the common options. */
void store_access_set(struct store_access *a, unsigned index, const char *value);

/* The state directory of the configuration, where none was named, and the page. STOP_DONE or how the
 * command ends. */
enum stop_code store_access_find(struct store_access *a);

/* Opens the store to read it; says what is wrong. STOP_DONE or how the command ends. */
enum stop_code store_access_open(struct store_access *a);
void store_access_close(struct store_access *a);

/* Says the error of a question and how the command ends. */
enum stop_code store_access_fail(const struct store_error *error);

/* What makes one question to the store different from the others. */
struct store_question {
	option_row_fn *set;
	/* Looks at the operands; false with a message. Null = there may be none. */
	bool (*take)(void *request, int count, char **operands);
	enum stop_code (*answer)(void *request);
	/* Tells what can be told without the store, after it was said why it cannot be opened; null =
	 * nothing. */
	void (*answer_without)(void *request);
};

/* Parses, opens the store, answers and closes it again. A request begins with its store_access. */
enum stop_code store_access_run(const struct command *self, int argc, char **argv,
	const struct store_question *question, void *request);

/* Reads a point in time for --since or --until; false with a message. */
bool store_access_parse_time(const struct store_access *a, const char *option, const char *text,
	enum time_text_edge edge, struct wall_time *out);

#endif
