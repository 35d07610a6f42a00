/* SPDX-License-Identifier: ISC */
/*
 * store_query - questions to the store about incidents and addresses, answered as plain values.
 *
 * Results are arrays that the caller frees with the matching _clear; every list is bounded by its
 * limit. False means that SQLite failed, with the reason in `error`, and nothing to clear. Rows
 * that the writer still holds in its queue are not seen.
 */
#ifndef KW_STORE_STORE_QUERY_H
#define KW_STORE_STORE_QUERY_H

#include "store/store.h"

#define STORE_QUERY_LIMIT_MAX 100000 /* no list is longer, whatever was asked */

struct store_incident {
	int64_t number; /* short name, given by the store */
	struct event_id id;
	struct wall_time first, last;     /* of the packets */
	struct wall_time opened, changed; /* first and latest telling */
	enum incident_state state;
	int level;
	char class[16], kind[24]; /* as EVENTS.md */
	char src[48];             /* "" for a group */
	char src_block[56];       /* "" where one address was scored */
	char dst[48];             /* "" for several */
	uint64_t packets, targets, sources_count;
	char *summary; /* one sentence */
	char *json;    /* the line of its last telling */
};

struct store_incidents {
	struct store_incident *rows;
	size_t count;
	bool more; /* the limit cut the list */
};

struct store_incident_filter {
	struct wall_time since, until; /* packets in [since, until); 0 = unbounded */
	int min_level;                 /* 0 = all */
	const char *class;             /* null = all */
	bool open_only;
	const struct addr *address; /* as source, inside a block, or in a group; null = all */
	unsigned limit;             /* 0 = STORE_QUERY_LIMIT_MAX */
};

/* The latest first. */
bool store_query_incidents(const struct store *s, const struct store_incident_filter *filter,
	struct store_incidents *out, struct store_error *error);

/*
 * The incident that a person named: its short number ("12", "#12"), its id, or a beginning of the
 * id that only one has. `out` gets none, one, or (ambiguous beginning) several rows, at most 10.
 */
bool store_query_incident_named(const struct store *s, const char *name,
	struct store_incidents *out, struct store_error *error);
void store_incidents_clear(struct store_incidents *list);

struct store_change {
	struct wall_time at;
	enum incident_state state;
	int level;
	char kind[24];
	char *json;
};

struct store_changes {
	struct store_change *rows;
	size_t count;
};

/* All tellings of one incident, in order of time. */
bool store_query_changes(const struct store *s, int64_t number, struct store_changes *out,
	struct store_error *error);
void store_changes_clear(struct store_changes *list);

struct store_knocks {
	struct store_knock *rows;
	size_t count;
	bool more;
};

/* What an address sent to whom, the latest first, as far back as knocks are kept. */
bool store_query_knocks(const struct store *s, const struct addr *src, unsigned limit,
	struct store_knocks *out, struct store_error *error);
void store_knocks_clear(struct store_knocks *list);

struct store_day {
	uint32_t day; /* days since 1970 */
	uint64_t packets, targets;
};

struct store_days {
	struct store_day *rows;
	size_t count;
};

/* The days on which an address was active, in order, for ever. */
bool store_query_days(const struct store *s, const struct addr *src, struct store_days *out,
	struct store_error *error);
void store_days_clear(struct store_days *list);

struct store_totals {
	uint64_t incidents, open;
	uint64_t by_level[6];
	uint64_t packets_today, sources_today; /* the UTC day of `now` */
	uint64_t packets_yesterday, sources_yesterday;
	uint64_t packets, ports;      /* since the beginning; ports: distinct (protocol, port) */
	uint32_t first_day, last_day; /* with packets; 0 = none */
	uint64_t file_bytes;
};

/* What the whole store holds, seen at `now`. */
bool store_query_totals(const struct store *s, struct wall_time now, struct store_totals *out,
	struct store_error *error);

#endif
