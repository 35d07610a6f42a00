/* SPDX-License-Identifier: ISC */
#include "daemon/stats_json.h"

#include "event/json_head.h"

static void put_head(struct json_line *line, const uint64_t *told, size_t count,
	struct wall_time now, const char *host)
{
	char memory[256];
	struct text_buffer facts = text_buffer_over(memory, sizeof memory);
	for (size_t i = 0; i < count; i++) {
		text_buffer_add_number(&facts, told[i]);
		text_buffer_add(&facts, " ");
	}
	json_head_put_facts(line, now, host, "stats", &facts);
}

static void put_lost(struct json_line *line, const struct stats_json_extra *extra)
{
	if (extra->lost_kernel + extra->lost_wrappers == 0)
		return;
	json_line_open_object(line, "lost");
	if (extra->lost_kernel > 0)
		json_line_put_count(line, "kernel", extra->lost_kernel);
	if (extra->lost_wrappers > 0)
		json_line_put_count(line, "wrappers", extra->lost_wrappers);
	json_line_close(line);
}

void stats_json_put(struct json_line *line, struct pipeline *p, struct wall_time now,
	const struct stats_json_extra *extra)
{
	struct detector_stats d = {0};
	struct story_book_stats b = {0};
	if (p != NULL) {
		d = detector_stats(pipeline_detector(p));
		b = story_book_stats(pipeline_stories(p));
	}
	uint64_t tracked = d.sources_new + d.promoted;
	uint64_t evicted = d.evicted_sources + d.evicted_dossiers;
	const uint64_t told[] = {d.events, d.probes, b.told, b.opened, tracked, evicted,
		extra->lost_kernel, extra->skipped_lines, extra->lost_wrappers};
	size_t count = sizeof told / sizeof told[0] - (extra->lost_wrappers == 0);
	put_head(line, told, count, now, extra->host);
	json_line_open_object(line, "stats");
	json_line_put_count(line, "packets", d.events);
	json_line_put_count(line, "knocks", d.probes);
	if (d.refused > 0)
		json_line_put_count(line, "refused", d.refused);
	if (d.granted > 0)
		json_line_put_count(line, "granted", d.granted);
	json_line_put_count(line, "events", b.told);
	json_line_put_count(line, "incidents", b.opened);
	json_line_put_count(line, "sources_tracked", tracked);
	json_line_put_count(line, "sources_evicted", evicted);
	put_lost(line, extra);
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
