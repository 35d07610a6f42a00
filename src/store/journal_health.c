/* SPDX-License-Identifier: ISC */
#include "store/journal_health.h"

#include "event/json_head.h"

#include <inttypes.h>

void journal_health_write(struct json_line *line, const struct journal_health *health,
	struct wall_time now, const char *host)
{
	char memory[512];
	struct text_buffer facts = text_buffer_over(memory, sizeof memory);
	text_buffer_printf(&facts, "%s %s %" PRIu64 " %s", health->what, health->now, health->count,
		health->file != NULL ? health->file : "");
	json_line_start(line);
	json_head_put_facts(line, now, host, "health", &facts);
	json_line_open_object(line, "health");
	json_line_put_text(line, "what", health->what);
	json_line_put_text(line, "was", health->was);
	json_line_put_text(line, "now", health->now);
	json_line_put_text(line, "file", health->file);
	if (health->count > 0)
		json_line_put_count(line, "count", health->count);
	json_line_put_text(line, "advice", health->advice);
	json_line_close(line);
	json_line_close(line);
}
