/* SPDX-License-Identifier: ISC */
#include "cli/show_command.h"

#include "base/diag.h"
#include "cli/store_access.h"
#include "cli/story_words.h"
#include "report/incident_table.h"
#include "report/story_text.h"
#include "store/store_query.h"

#include <string.h>

static const struct option_row options[] = {
	STORE_ACCESS_ROWS,
	{0},
};

struct request {
	struct store_access access;
	const char *name; /* number, id, or beginning of an id */
};

static bool set_option(void *target, unsigned index, const char *value)
{
	store_access_set(target, index, value);
	return true;
}

static enum stop_code print_whole(struct store_access *a, const struct store_incident *row)
{
	struct incident_json_reading r;
	struct store_changes changes;
	struct store_error error;
	char fault[256];
	if (!incident_json_read(row->json, strlen(row->json), &r, fault, sizeof fault)) {
		diag_error("incident %s: %s", row->id.text, fault);
		return STOP_INTERNAL;
	}
	struct story_words words = story_words_of(&r.incident);
	story_text_print_full(&a->page, &(struct story_text){.incident = &r.incident,
						.names = r.names,
						.number = row->number,
						.meaning = words.meaning,
						.advice = words.advice});
	incident_json_clear(&r);
	if (!store_query_changes(a->store, row->number, &changes, &error))
		return store_access_fail(&error);
	story_text_print_changes(&a->page, &changes);
	store_changes_clear(&changes);
	return STOP_DONE;
}

static enum stop_code answer(void *request)
{
	struct request *r = request;
	struct store_access *a = &r->access;
	const char *name = r->name;
	struct store_incidents list;
	struct store_error error;
	if (!store_query_incident_named(a->store, name, &list, &error))
		return store_access_fail(&error);
	enum stop_code code = STOP_NO;
	if (list.count == 0) {
		diag_error("%s: no such incident; 'knockwatch incidents' lists them", name);
	} else if (list.count > 1) {
		diag_error("%s: more than one incident begins so", name);
		list.more = false; /* there is no --limit here: the way on is to type more of it */
		incident_table_print(&a->page, &list, &(struct incident_table){.each = true});
		code = STOP_USAGE;
	} else if (a->json) {
		incident_table_print_json(stdout, &list);
		code = STOP_DONE;
	} else {
		code = print_whole(a, &list.rows[0]);
	}
	store_incidents_clear(&list);
	return code;
}

static bool take(void *request, int count, char **operands)
{
	struct request *r = request;
	if (count != 1) {
		diag_error("show: expected one incident: its number or id, as 'knockwatch "
			   "incidents' lists them");
		return false;
	}
	r->name = operands[0];
	return true;
}

static enum stop_code run_show(const struct command *self, int argc, char **argv)
{
	static const struct store_question question = {set_option, take, answer, NULL};
	struct request r = {0};
	return store_access_run(self, argc, argv, &question, &r);
}

const struct command show_command = {
	.name = "show",
	.operands = "ID",
	.summary = "tell one story whole",
	.text = "Tells everything about one incident: what was seen, what it means, what to do,\n"
		"and how it came to be what it is. ID is its number, its id, or the beginning of\n"
		"its id.\n"
		"\n"
		"  knockwatch show 12",
	.options = options,
	.run = run_show,
};
