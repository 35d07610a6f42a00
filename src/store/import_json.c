/* SPDX-License-Identifier: ISC */
#include "store/import_json.h"

#include "event/json_field.h"
#include "event/json_head.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void import_json_write(
	struct json_line *line, const struct import *in, struct wall_time now, const char *host)
{
	char memory[512];
	struct text_buffer facts = text_buffer_over(memory, sizeof memory);
	text_buffer_add(&facts, in->whole ? "whole " : "begun ");
	if (in->has_sum)
		text_buffer_printf(
			&facts, "%" PRIu64 " %s ", in->bytes, journal_hash_to_text(&in->sum).text);
	text_buffer_add(&facts, in->name);
	json_line_start(line);
	json_head_put_facts(line, now, host, "import", &facts);
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
