/* SPDX-License-Identifier: ISC */
#include "cli/store_sink.h"

#include "base/diag.h"
#include "net/ip_proto.h"

#define KEEP_KNOCKS_DAYS 90 /* single knocks and hours; days and incidents stay for ever */

void store_sink_take_incident(
	struct store_sink *s, const struct incident *in, const struct incident_json_names *names)
{
	struct json_line line;
	json_line_init(&line);
	incident_json_write(&line, in, names);
	store_put_incident(s->store, in, line.text);
	json_line_clear(&line);
}

void store_sink_take_knock(void *context, const struct event *e)
{
	struct store_sink *s = context;
	uint32_t second = (uint32_t)wall_time_seconds(e->time), day = second / 86400;
	if (second != s->second) {
		s->second = second;
		s->in_second = 0;
	}
	if (++s->in_second > STORE_SINK_KNOCKS_S) {
		s->untold++;
		return;
	}
	struct store_knock knock = {.src = e->src,
		.dst = e->dst,
		.day = day,
		.proto = e->proto,
		.port = e->has & EVENT_HAS_PORTS ? e->dst_port : 0,
		.probe = e->probe,
		.packets = 1,
		.first = e->time,
		.last = e->time};
	struct store_source_count source = {.day = day, .src = e->src, .packets = 1, .targets = 1};
	store_add_knocks(s->store, &knock, 1);
	store_add_source_counts(s->store, &source, 1);
}

static void drain_tally(struct store_sink *s, struct tally *t, struct wall_time now)
{
	struct tally_count counts[256];
	unsigned n;
	while ((n = tally_drain(t, counts, 256)) > 0) {
		for (unsigned i = 0; i < n; i++) {
			struct store_port_count row = {.hour = (uint32_t)counts[i].hour,
				.proto = counts[i].proto,
				.port = counts[i].port,
				.packets = counts[i].packets,
				.touches = counts[i].touches};
			store_add_port_counts(s->store, &row, 1);
		}
	}
	tally_start_hour(t, now);
}

static void write_due(struct store_sink *s, struct wall_time now, bool all)
{
	struct store_error error;
	enum store_flush_result r =
		all ? store_flush_now(s->store, &error) : store_flush(s->store, now, &error);
	if (r == STORE_FLUSH_STUCK || r == STORE_FLUSH_RESUMED)
		diag_warn("%s", error.text);
}

void store_sink_flush(struct store_sink *s, struct pipeline *p, struct wall_time now, bool all)
{
	struct tally *t = detector_tally(pipeline_detector(p));
	uint32_t day = (uint32_t)(wall_time_seconds(now) / 86400);
	if (s->store == NULL)
		return;
	/* Counts are increments, so a part of an hour may be handed over at any time. */
	if (all || tally_hour_is_over(t, now))
		drain_tally(s, t, now);
	if (day != s->pruned_day && day > KEEP_KNOCKS_DAYS) {
		struct store_error error;
		s->pruned_day = day;
		if (!store_prune(s->store,
			    wall_time_from_parts((int64_t)(day - KEEP_KNOCKS_DAYS) * 86400, 0),
			    &error))
			diag_warn("%s", error.text);
	}
	write_due(s, now, all);
}

void store_sink_close(struct store_sink *s)
{
	struct store_error error;
	if (s->store != NULL && !store_close(s->store, &error))
		diag_warn("%s", error.text);
	s->store = NULL;
}
