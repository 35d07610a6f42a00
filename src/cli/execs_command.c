/* SPDX-License-Identifier: ISC */
#include "cli/execs_command.h"

#include "base/diag.h"
#include "cli/store_access.h"
#include "report/exec_table.h"

#include <stdint.h>

enum { DAYS = 7, ROWS = 40 };

enum option {
	OPTION_NEW = STORE_ACCESS_OPTIONS,
	OPTION_SINCE,
	OPTION_UNTIL,
	OPTION_ALL,
};

static const struct option_row options[] = {
	STORE_ACCESS_ROWS,
	[OPTION_NEW] = {"new", 'n', NULL, "only what was new when it was started"},
	[OPTION_SINCE] = {"since", 0, "TIME", "from then on (default -7d)"},
	[OPTION_UNTIL] = {"until", 0, "TIME", "up to then (default now)"},
	[OPTION_ALL] = {"all", 'a', NULL, "every line, not only the latest 40"},
	{0},
};

struct request {
	struct store_access access;
	struct wall_time since, until;
	bool only_new, all;
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct request *r = target;
	switch (index) {
	case OPTION_NEW:
		r->only_new = true;
		return true;
	case OPTION_SINCE:
		return store_access_parse_time(
			&r->access, "since", value, TIME_TEXT_SINCE, &r->since);
	case OPTION_UNTIL:
		return store_access_parse_time(
			&r->access, "until", value, TIME_TEXT_UNTIL, &r->until);
	case OPTION_ALL:
		r->all = true;
		return true;
	default:
		store_access_set(&r->access, index, value);
		return true;
	}
}

static enum stop_code answer(struct request *r)
{
	struct exec_list list;
	struct store_error error;
	if (r->since.us == 0)
		r->since.us = r->access.page.now.us - DAYS * INT64_C(86400) * CLOCK_US_PER_S;
	if (!exec_list_read(r->access.state, r->since, r->until, &list, &error))
		return store_access_fail(&error);
	struct exec_table table = {.list = &list,
		.since = r->since,
		.only_new = r->only_new,
		.rows = r->all ? SIZE_MAX : ROWS};
	enum stop_code code = exec_table_count(&table) > 0 ? STOP_DONE : STOP_NO;
	if (r->access.json)
		exec_table_print_json(&r->access.page, &table);
	else
		exec_table_print(&r->access.page, &table);
	exec_list_clear(&list);
	return code;
}

static enum stop_code run_execs(const struct command *self, int argc, char **argv)
{
	struct request r = {0};
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, &r, &first))
		return STOP_USAGE;
	if (first < argc) {
		diag_error("execs: '%s' is no option; see 'knockwatch execs --help'", argv[first]);
		return STOP_USAGE;
	}
	enum stop_code code = store_access_find(&r.access);
	return code == STOP_DONE ? answer(&r) : code;
}

const struct command execs_command = {
	.name = "execs",
	.operands = "",
	.summary = "tell what was started as root, and what of it is new",
	.text = "Lists the programs that were started with the rights of root, alike ones as one\n"
		"line, the latest first: by which unit (or parent), with which arguments, and\n"
		"whether nothing alike had been seen before. Secrets in arguments were masked\n"
		"before they were kept. Ends with 1 where there is nothing to list.\n"
		"\n"
		"  knockwatch execs\n"
		"  knockwatch execs --new --since yesterday",
	.options = options,
	.run = run_execs,
};
