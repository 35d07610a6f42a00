/* SPDX-License-Identifier: ISC */
#include "cli/stats_json.h"

#include "event/event_id.h"
#include "event/json_fields.h"

void stats_json_print(struct pipeline *p, const struct stats_json_extra *extra, FILE *out)
{
	struct detector_stats d = detector_stats(pipeline_detector(p));
	struct story_book_stats b = story_book_stats(pipeline_stories(p));
	struct wall_time now = pipeline_now(p);
	json_t *root = json_object(), *stats = json_object(), *lost = json_object();
	json_object_set_new(root, "v", json_integer(1));
	json_fields_set_time(root, "timestamp", now);
	json_fields_set_text(root, "id", event_id_make(now, &d, sizeof d).text);
	json_fields_set_text(root, "host", extra->host);
	json_fields_set_text(root, "event_type", "stats");
	json_fields_set_count(stats, "packets", d.events);
	json_fields_set_count(stats, "knocks", d.probes);
	json_fields_set_count(stats, "events", b.told);
	json_fields_set_count(stats, "incidents", b.opened);
	json_fields_set_count(stats, "sources_tracked", d.sources_new + d.promoted);
	json_fields_set_count(stats, "sources_evicted", d.evicted_sources + d.evicted_dossiers);
	if (extra->lost_kernel > 0)
		json_fields_set_count(lost, "kernel", extra->lost_kernel);
	json_object_set_new(stats, "lost", lost);
	json_fields_set_count(stats, "skipped_lines", extra->skipped_lines);
	json_object_set_new(root, "stats", stats);
	json_fields_print_line(root, out);
	json_decref(root);
}
