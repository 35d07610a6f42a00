/* SPDX-License-Identifier: ISC */
#include "daemon/stats_json.h"

#include "event/event_id.h"

void stats_json_put(struct json_line *line, struct pipeline *p, struct wall_time now,
	const struct stats_json_extra *extra)
{
	struct detector_stats d = {0};
	struct story_book_stats b = {0};
	if (p != NULL) {
		d = detector_stats(pipeline_detector(p));
		b = story_book_stats(pipeline_stories(p));
	}
	json_line_put_count(line, "v", 1);
	json_line_put_time(line, "timestamp", now);
	json_line_put_text(line, "id", event_id_make(now, &d, sizeof d).text);
	json_line_put_text(line, "host", extra->host);
	json_line_put_text(line, "event_type", "stats");
	json_line_open_object(line, "stats");
	json_line_put_count(line, "packets", d.events);
	json_line_put_count(line, "knocks", d.probes);
	json_line_put_count(line, "events", b.told);
	json_line_put_count(line, "incidents", b.opened);
	json_line_put_count(line, "sources_tracked", d.sources_new + d.promoted);
	json_line_put_count(line, "sources_evicted", d.evicted_sources + d.evicted_dossiers);
	if (extra->lost_kernel > 0) {
		json_line_open_object(line, "lost");
		json_line_put_count(line, "kernel", extra->lost_kernel);
		json_line_close(line);
	}
	json_line_put_count(line, "skipped_lines", extra->skipped_lines);
	json_line_close(line);
}

void stats_json_print(struct pipeline *p, const struct stats_json_extra *extra, FILE *out)
{
	struct json_line line;
	json_line_init(&line);
	json_line_start(&line);
	stats_json_put(&line, p, pipeline_now(p), extra);
	json_line_close(&line);
	json_line_print(&line, out);
	json_line_clear(&line);
}
