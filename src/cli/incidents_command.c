/* SPDX-License-Identifier: ISC */
#include "cli/incidents_command.h"

#include "base/diag.h"
#include "cli/option_number.h"
#include "cli/store_access.h"
#include "event/incident_kind.h"
#include "report/incident_table.h"
#include "store/store_query.h"

#include <string.h>

enum option {
	OPTION_SINCE = STORE_ACCESS_OPTIONS,
	OPTION_UNTIL,
	OPTION_LEVEL,
	OPTION_CLASS,
	OPTION_OPEN,
	OPTION_EACH,
	OPTION_LIMIT,
};

enum {
	LINES = 50,
	READ_LEAST = 10000, /* for people, who see many in one line; 20 MB */
};

static const struct option_row options[] = {
	STORE_ACCESS_ROWS,
	[OPTION_SINCE] = {"since", 0, "TIME", "from then on: yesterday, -7d, 2026-11-20, ..."},
	[OPTION_UNTIL] = {"until", 0, "TIME", "before then"},
	[OPTION_LEVEL] = {"level", 'l', "N", "this and above (default 1; 0: the harmless, too)"},
	[OPTION_CLASS] = {"class", 0, "NAME", "scan, attack, flood or noise"},
	[OPTION_OPEN] = {"open", 'o', NULL, "only those still going on"},
	[OPTION_EACH] = {"each", 0, NULL, "a line for each, also where many did the same"},
	[OPTION_LIMIT] = {"limit", 'n', "N", "at most so many lines (default 50)"},
	{0},
};

struct request {
	struct store_access access;
	struct store_incident_filter filter;
	bool each;
};

static bool is_class(const char *name)
{
	for (int i = 0; i < INCIDENT_CLASSES; i++) {
		if (strcmp(incident_class_name((enum incident_class)i), name) == 0)
			return true;
	}
	diag_error("--class %s: expected scan, attack, flood or noise", name);
	return false;
}

static bool set_option(void *target, unsigned index, const char *value)
{
	struct request *r = target;
	uint64_t number;
	switch (index) {
	case OPTION_SINCE:
		return store_access_parse_time(
			&r->access, "since", value, TIME_TEXT_SINCE, &r->filter.since);
	case OPTION_UNTIL:
		return store_access_parse_time(
			&r->access, "until", value, TIME_TEXT_UNTIL, &r->filter.until);
	case OPTION_LEVEL:
		if (!option_number_parse("level", value, 0, 5, &number))
			return false;
		r->filter.min_level = (int)number;
		return true;
	case OPTION_CLASS:
		r->filter.class = value;
		return is_class(value);
	case OPTION_OPEN:
		r->filter.open_only = true;
		return true;
	case OPTION_EACH:
		r->each = true;
		return true;
	case OPTION_LIMIT:
		if (!option_number_parse("limit", value, 1, STORE_QUERY_LIMIT_MAX, &number))
			return false;
		r->filter.limit = (unsigned)number;
		return true;
	default:
		store_access_set(&r->access, index, value);
		return true;
	}
}

static enum stop_code answer(void *request)
{
	struct request *r = request;
	struct store_incidents list;
	struct store_error error;
	struct store_incident_filter filter = r->filter;
	struct incident_table table = {filter.min_level, filter.limit, r->each};
	if (!r->access.json && !r->each && filter.limit < READ_LEAST)
		filter.limit = READ_LEAST;
	if (!store_query_incidents(r->access.store, &filter, &list, &error))
		return store_access_fail(&error);
	if (r->access.json)
		incident_table_print_json(stdout, &list);
	else
		incident_table_print(&r->access.page, &list, &table);
	enum stop_code code = list.count > 0 ? STOP_DONE : STOP_NO;
	store_incidents_clear(&list);
	return code;
}

static bool take(void *request, int count, char **operands)
{
	(void)request;
	if (count == 0)
		return true;
	diag_error("incidents: '%s' is no option; one incident is shown by 'knockwatch show %s'",
		operands[0], operands[0]);
	return false;
}

static enum stop_code run_incidents(const struct command *self, int argc, char **argv)
{
	static const struct store_question question = {set_option, take, answer, NULL};
	struct request r = {.filter = {.min_level = 1, .limit = LINES}};
	return store_access_run(self, argc, argv, &question, &r);
}

const struct command incidents_command = {
	.name = "incidents",
	.operands = "",
	.summary = "list the stories that are kept",
	.text = "Lists what was seen, the latest first; where many did the same, in one line. The\n"
		"number in the first column is what 'knockwatch show' takes.\n"
		"\n"
		"  knockwatch incidents --since yesterday\n"
		"  knockwatch incidents --level 3 --open",
	.options = options,
	.run = run_incidents,
};
