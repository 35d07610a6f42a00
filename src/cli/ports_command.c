/* SPDX-License-Identifier: ISC */
#include "cli/ports_command.h"

#include "base/diag.h"
#include "cli/option_number.h"
#include "cli/store_access.h"
#include "knowledge/service_name.h"
#include "report/port_table.h"

#include <string.h>
#include <time.h>

enum option {
	OPTION_BY = STORE_ACCESS_OPTIONS,
	OPTION_LAST,
	OPTION_TOP,
	OPTION_SINCE,
	OPTION_UNTIL,
};

static const struct option_row options[] = {
	STORE_ACCESS_ROWS,
	[OPTION_BY] = {"by", 0, "STEP", "day (default) or month"},
	[OPTION_LAST] = {"last", 0, "N", "so many days or months (default 7)"},
	[OPTION_TOP] = {"top", 'n', "N", "so many ports (default 20)"},
	[OPTION_SINCE] = {"since", 0, "TIME", "from then on, instead of --last"},
	[OPTION_UNTIL] = {"until", 0, "TIME", "up to then (default now)"},
	{0},
};

struct request {
	struct store_access access;
	struct store_ports_question question;
	struct wall_time since, until;
};

static bool set_count(const char *option, const char *text, unsigned most, unsigned *out)
{
	uint64_t n;
	if (!option_number_parse(option, text, 1, most, &n))
		return false;
	*out = (unsigned)n;
	return true;
}

static bool set_option(void *target, unsigned index, const char *value)
{
	struct request *r = target;
	switch (index) {
	case OPTION_BY:
		r->question.by =
			strcmp(value, "month") == 0 ? STORE_PORTS_BY_MONTH : STORE_PORTS_BY_DAY;
		if (strcmp(value, "month") == 0 || strcmp(value, "day") == 0)
			return true;
		diag_error("--by %s: expected day or month", value);
		return false;
	case OPTION_LAST:
		return set_count("last", value, STORE_PORTS_COLUMNS_MAX, &r->question.columns);
	case OPTION_TOP:
		return set_count("top", value, STORE_PORTS_ROWS_MAX, &r->question.rows);
	case OPTION_SINCE:
		return store_access_parse_time(
			&r->access, "since", value, TIME_TEXT_SINCE, &r->since);
	case OPTION_UNTIL:
		return store_access_parse_time(
			&r->access, "until", value, TIME_TEXT_UNTIL, &r->until);
	default:
		store_access_set(&r->access, index, value);
		return true;
	}
}

/* How many days or months from one day to the other, both counted. */
static unsigned columns_between(enum store_ports_step by, uint32_t from, uint32_t to)
{
	unsigned columns = to - from + 1;
	if (by == STORE_PORTS_BY_MONTH) {
		int64_t y1, y2;
		int m1, m2, day;
		clock_civil_from_days(from, &y1, &m1, &day);
		clock_civil_from_days(to, &y2, &m2, &day);
		columns = (unsigned)((y2 - y1) * 12 + m2 - m1 + 1);
	}
	return columns > STORE_PORTS_COLUMNS_MAX ? STORE_PORTS_COLUMNS_MAX : columns;
}

static void settle_range(struct request *r)
{
	struct wall_time now = wall_time_from_parts((int64_t)time(NULL), 0);
	/* `until` is the first moment outside. */
	int64_t end = r->until.us != 0 && r->until.us < now.us ? r->until.us - 1 : now.us;
	r->question.last_day = (uint32_t)(end / CLOCK_US_PER_S / 86400);
	if (r->since.us != 0 && r->since.us <= end)
		r->question.columns = columns_between(r->question.by,
			(uint32_t)(wall_time_seconds(r->since) / 86400), r->question.last_day);
}

static enum stop_code answer(void *request)
{
	struct request *r = request;
	struct store_ports ports;
	struct store_error error;
	settle_range(r);
	if (!store_ports_ask(r->access.store, &r->question, &ports, &error))
		return store_access_fail(&error);
	struct port_table table = {
		.ports = &ports, .by = r->question.by, .service = service_name_of};
	if (r->access.json)
		port_table_print_json(&r->access.page, &table);
	else
		port_table_print(&r->access.page, &table);
	enum stop_code code = ports.count > 0 ? STOP_DONE : STOP_NO;
	store_ports_clear(&ports);
	return code;
}

static enum stop_code run_ports(const struct command *self, int argc, char **argv)
{
	static const struct store_question question = {set_option, NULL, answer, NULL};
	struct request r = {.question = {.by = STORE_PORTS_BY_DAY, .columns = 7, .rows = 20}};
	return store_access_run(self, argc, argv, &question, &r);
}

const struct command ports_command = {
	.name = "ports",
	.operands = "",
	.summary = "tell which closed ports are knocked on, and what grows",
	.text = "Counts, for each port, how many sources came to it, by day or month. Counts are\n"
		"kept for ever, so that months can be compared.\n"
		"\n"
		"  knockwatch ports\n"
		"  knockwatch ports --by month --last 7",
	.options = options,
	.run = run_ports,
};
