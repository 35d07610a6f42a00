/* SPDX-License-Identifier: ISC */
#include "cli/knock_json.h"

#include "detect/knock.h"
#include "detect/tool_mark.h"
#include "event/access_json.h"
#include "event/event_json.h"
#include "knowledge/service_name.h"

static void print_decision(struct knock_json *k, const struct event *e)
{
	struct access_event whole;
	access_event_from_event(e, k->names, &whole);
	access_json_write(&k->line, &whole, k->host);
	json_line_print(&k->line, stdout);
}

void knock_json_print(void *context, const struct event *e)
{
	struct knock_json *k = context;
	if (e->has & EVENT_HAS_ACCESS) {
		print_decision(k, e);
		return;
	}
	const char *logged_by = name_table_name(k->names, e->host);
	struct event_json_names names = {.host = logged_by[0] ? logged_by : k->host,
		.iface = name_table_name(k->names, e->iface),
		.service =
			e->has & EVENT_HAS_PORTS ? service_name_of(e->proto, e->dst_port) : NULL};
	event_json_write(&k->line, e, &names);
	json_line_print(&k->line, stdout);
}
