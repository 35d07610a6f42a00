/* SPDX-License-Identifier: ISC */
#include "store/import_json.h"

#include "event/event_id.h"
#include "event/json_field.h"

#include <stdio.h>
#include <string.h>

void import_json_write(
	struct json_line *line, const struct import *in, struct wall_time now, const char *host)
{
	json_line_start(line);
	json_line_put_count(line, "v", 1);
	json_line_put_time(line, "timestamp", now);
	json_line_put_text(line, "id", event_id_make(now, in, sizeof *in).text);
	json_line_put_text(line, "host", host);
	json_line_put_word(line, "event_type", "import");
	json_line_open_object(line, "import");
	json_line_put_text(line, "name", in->name);
	if (in->has_sum) {
		json_line_put_count(line, "bytes", in->bytes);
		json_line_put_word(line, "sha256", journal_hash_to_text(&in->sum).text);
	}
	json_line_put_bool(line, "whole", in->whole);
	json_line_close(line);
	json_line_close(line);
}

bool import_json_read(const json_t *object, struct import *out)
{
	const char *name = json_field_text(object, "name");
	const char *sum = json_field_text(object, "sha256");
	json_int_t bytes = json_integer_value(json_object_get(object, "bytes"));
	*out = (struct import){.name = ""};
	if (name == NULL)
		return false;
	snprintf(out->name, sizeof out->name, "%s", name);
	out->whole = json_is_true(json_object_get(object, "whole"));
	out->has_sum = sum != NULL && strlen(sum) == JOURNAL_HASH_DIGITS && bytes >= 0 &&
		       journal_hash_parse(sum, JOURNAL_HASH_DIGITS, &out->sum);
	out->bytes = out->has_sum ? (uint64_t)bytes : 0;
	return true;
}
