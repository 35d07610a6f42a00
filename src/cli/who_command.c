/* SPDX-License-Identifier: ISC */
#include "cli/who_command.h"

#include "base/diag.h"
#include "cli/store_access.h"
#include "knowledge/service_name.h"
#include "report/who_text.h"
#include "store/store_query.h"

#include <string.h>

enum {
	KNOCKS_LISTED = 50,  /* one by one, in JSON */
	KNOCKS_READ = 20000, /* for people, who see them in runs; 2 MB */
};

static const struct option_row options[] = {
	STORE_ACCESS_ROWS,
	{0},
};

struct request {
	struct store_access access;
	struct addr address;
};

static bool set_option(void *target, unsigned index, const char *value)
{
	store_access_set(target, index, value);
	return true;
}

struct answers {
	struct store_incidents incidents;
	struct store_days days;
	struct store_knocks knocks;
};

static bool ask(const struct request *r, struct answers *out, struct store_error *error)
{
	const struct store *s = r->access.store;
	const struct addr *address = &r->address;
	unsigned knocks = r->access.json ? KNOCKS_LISTED : KNOCKS_READ;
	struct store_incident_filter filter = {.address = address};
	memset(out, 0, sizeof *out);
	return store_query_incidents(s, &filter, &out->incidents, error) &&
	       store_query_days(s, address, &out->days, error) &&
	       store_query_knocks(s, address, knocks, &out->knocks, error);
}

static enum stop_code answer(void *request)
{
	struct request *r = request;
	struct store_access *a = &r->access;
	const struct addr *address = &r->address;
	struct answers all;
	struct store_error error;
	enum stop_code code;
	if (ask(r, &all, &error)) {
		struct who_text who = {.address = address,
			.incidents = &all.incidents,
			.days = &all.days,
			.knocks = &all.knocks,
			.service = service_name_of};
		bool known = a->json ? who_text_print_json(&a->page, &who)
				     : who_text_print(&a->page, &who);
		code = known ? STOP_DONE : STOP_NO;
	} else {
		code = store_access_fail(&error);
	}
	store_incidents_clear(&all.incidents);
	store_days_clear(&all.days);
	store_knocks_clear(&all.knocks);
	return code;
}

static bool take(void *request, int count, char **operands)
{
	struct request *r = request;
	if (count == 1 && addr_parse(operands[0], strlen(operands[0]), &r->address))
		return true;
	diag_error("who: expected one address, such as 198.51.100.20 or 2001:db8::1");
	return false;
}

static enum stop_code run_who(const struct command *self, int argc, char **argv)
{
	static const struct store_question question = {set_option, take, answer, NULL};
	struct request r = {0};
	return store_access_run(self, argc, argv, &question, &r);
}

const struct command who_command = {
	.name = "who",
	.operands = "ADDRESS",
	.summary = "tell everything that is known of an address",
	.text = "Tells when an address was here, what it did, and which stories it is part of.\n"
		"Ends with 1 if it was never seen.\n"
		"\n"
		"  knockwatch who 198.51.100.20",
	.options = options,
	.run = run_who,
};
