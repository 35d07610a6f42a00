/* SPDX-License-Identifier: ISC */
/*
 * Any line into the reader of decisions. What is accepted is in good order, and writes a line of printable ASCII that
 * is accepted again and says the same; so does its short form.
 */
#include "event/access_json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_short_form(const struct access_event *a, struct name_table *names)
{
	struct event e;
	struct access_event back;
	if (!access_event_to_event(a, names, &e)) {
		assert(addr_is_none(&a->client) || a->unvouched);
		return;
	}
	assert(event_is_sound(&e) && (e.has & EVENT_HAS_ACCESS));
	access_event_from_event(&e, names, &back);
	assert(back.time.us == a->time.us && back.access == a->access && back.line == a->line);
	assert(addr_equal(&back.client, &a->client) && addr_equal(&back.server, &a->server));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct access_event first, second;
	if (!access_json_read((const char *)data, size, &first))
		return 0;
	assert(access_event_is_sound(&first));
	struct json_line line = {0};
	access_json_write(&line, &first, NULL);
	for (const char *c = line.text; *c; c++)
		assert(*c >= 0x20 && *c <= 0x7e);
	assert(line.used <= ACCESS_JSON_LINE_MAX);
	assert(access_json_read(line.text, line.used, &second));
	assert(second.time.us == first.time.us && second.access == first.access);
	assert(second.unvouched == first.unvouched && second.has_uid == first.has_uid && second.uid == first.uid);
	struct name_table *names = name_table_create();
	check_short_form(&first, names);
	name_table_destroy(names);
	json_line_clear(&line);
	return 0;
}
