/* SPDX-License-Identifier: ISC */
/*
 * store_sink - hands what the pipeline sees to the store: incidents, knocks and hourly counts.
 *
 * Knocks that open a new door are kept one by one, up to STORE_SINK_KNOCKS_S a second; beyond that
 * only their counts are (a flood must not become a database). A store that fails is said once and
 * goes on waiting; nothing here stops the watch.
 */
#ifndef KW_CLI_STORE_SINK_H
#define KW_CLI_STORE_SINK_H

#include "engine/pipeline.h"
#include "store/store.h"
#include "verdict/incident_json.h"

#define STORE_SINK_KNOCKS_S 200

struct store_sink {
	struct store *store;
	uint32_t second; /* of the running knock count */
	uint32_t in_second;
	uint64_t untold; /* knocks that were only counted */
	uint32_t pruned_day;
};

/* Keeps an incident as told. */
void store_sink_take_incident(
	struct store_sink *s, const struct incident *in, const struct incident_json_names *names);

/* A detector_knock_fn: `context` is the sink. */
void store_sink_take_knock(void *context, const struct event *e);

/* Hands over the counts of hours that are over - all counts when `all` - and writes what is due. */
void store_sink_flush(struct store_sink *s, struct pipeline *p, struct wall_time now, bool all);

/* Writes everything and closes. */
void store_sink_close(struct store_sink *s);

#endif
