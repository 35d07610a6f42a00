/* SPDX-License-Identifier: ISC */
/*
 * store_sink - keeps what the pipeline sees: in the journal first, and from there in the index.
 *
 * Incidents are written to the journal at once, knocks and counts within a second; the index follows the
 * journal by reading it, so that it holds nothing that the journal does not. Where the
 * index cannot be opened the journal is kept all the same, unless a later program wrote there.
 *
 * Knocks that open a new door are kept one by one, up to STORE_SINK_KNOCKS_S a second and
 * STORE_SINK_KNOCKS_DAY a day of packet time; beyond that only their counts are (a flood must not become
 * evidence of nothing else). What fails is said once and goes on waiting; nothing here stops the watch. Where
 * there was no room even to begin it is tried again every ten seconds.
 */
#ifndef KW_DAEMON_STORE_SINK_H
#define KW_DAEMON_STORE_SINK_H

#include "engine/pipeline.h"
#include "event/access_json.h"
#include "event/name_table.h"
#include "store/journal_index.h"
#include "store/journal_upkeep.h"
#include "store/journal_writer.h"
#include "store/store.h"
#include "verdict/incident_json.h"

#define STORE_SINK_KEEP_DAYS 90 /* single knocks and hours in the index; all else stays for ever */
#define STORE_SINK_KNOCKS_S 200
#define STORE_SINK_KNOCKS_DAY 500000 /* 200 MB of journal, 30 of them packed */

struct store_sink {
	struct journal_writer *journal; /* null = nothing is kept */
	struct store *store;            /* the index; null = it could not be opened */
	struct journal_index *index;    /* follows the journal into the store; null without it */
	struct journal_upkeep *upkeep;  /* packs and deletes files of the journal */
	const char *state, *host;       /* borrowed */
	const struct name_table *names; /* borrowed: of hosts and interfaces */
	struct json_line line;
	struct store_sink_budget {
		uint32_t second; /* of the running count */
		uint32_t in_second;
		uint32_t day; /* of the daily count */
		uint32_t in_day;
		uint64_t untold; /* that were only counted */
	} knocks, decisions, strangers; /* the last: decisions that nobody vouches for */
	uint32_t pruned_day;
	bool full;                        /* there was no room to open them; it is tried again */
	int64_t retry_us;                 /* ... then, by a clock that only goes forward */
	size_t bytes;                     /* as they were opened with */
	struct journal_settings settings; /* ... or set since */
};

/* Opens both in a directory of ours, or says why not. What waits in memory takes at most `bytes` (0 = the
 * defaults). False if nothing will be kept. The strings and `names` are borrowed as long as it is open. */
bool store_sink_open(struct store_sink *s, const char *state, const char *host,
	const struct name_table *names, const struct journal_settings *settings, size_t bytes);
/* Other settings from now on; nothing where nothing is kept. */
void store_sink_set(struct store_sink *s, const struct journal_settings *settings);

/* Keeps an incident as told. */
void store_sink_take_incident(
	struct store_sink *s, const struct incident *in, const struct incident_json_names *names);

/* A detector_knock_fn: `context` is the sink. */
void store_sink_take_knock(void *context, const struct event *e);

#define STORE_SINK_STRANGERS_PART 10 /* what any user may tell takes no room from the others */

/* Keeps a decision of a wrapper, within the same bounds as knocks, but counted apart from them; one that nobody vouches
 * for within a tenth of them. False if it was only counted; else its line stands in `line` until the next call. */
bool store_sink_take_access(struct store_sink *s, const struct access_event *a);

/* Keeps another event, a whole JSON object in one line, of a type that EVENTS.md knows. */
void store_sink_take_line(struct store_sink *s, const struct json_line *line);

/* Hands over the counts of hours that are over - all counts when `all` - and writes what is due: a
 * part of it at a time where there is much, everything when `all`. Each second, and at the end. */
void store_sink_flush(struct store_sink *s, struct pipeline *p, struct wall_time now, bool all);

/* True where all that was taken is written: a full disk keeps nothing waiting. */
bool store_sink_is_kept(const struct store_sink *s);

/* Its two halves, where packet time is not the time of recording: the counts of the hour that ends at `now` of
 * packet time, and what is due. */
void store_sink_take_counts(struct store_sink *s, struct pipeline *p, struct wall_time now);
void store_sink_write(struct store_sink *s, struct wall_time now, bool all);

/* Writes everything and closes. */
void store_sink_close(struct store_sink *s);

#endif
