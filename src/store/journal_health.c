/* SPDX-License-Identifier: ISC */
#include "store/journal_health.h"

#include "event/event_id.h"

#include <string.h>

void journal_health_write(struct json_line *line, const struct journal_health *health,
	struct wall_time now, const char *host)
{
	json_line_start(line);
	json_line_put_count(line, "v", 1);
	json_line_put_time(line, "timestamp", now);
	json_line_put_text(line, "id", event_id_make(now, health->now, strlen(health->now)).text);
	json_line_put_text(line, "host", host);
	json_line_put_word(line, "event_type", "health");
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
