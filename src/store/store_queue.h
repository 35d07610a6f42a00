/* SPDX-License-Identifier: ISC */
/*
 * store_queue - rows on their way to the store, kept until their transaction is through.
 *
 * Bounded in rows and bytes, by default and more narrowly where memory is. Incidents may fill it to the brim, counts only to three quarters, so
 * that stories still get in when a full disk lasts; a row that finds no room is refused and
 * counted. An empty queue refuses none, however long it is. Owner: embedded in struct store.
 */
#ifndef KW_STORE_STORE_QUEUE_H
#define KW_STORE_STORE_QUEUE_H

#include "store/import_json.h"
#include "verdict/incident.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_QUEUE_ROWS_MAX 65536        /* 6 MiB; minutes of a busy host with a full disk */
#define STORE_QUEUE_BYTES_MAX (16u << 20) /* texts of waiting incidents */
#define STORE_QUEUE_COUNTS_MAX (STORE_QUEUE_ROWS_MAX / 4 * 3)
#define STORE_QUEUE_BYTES_LEAST (96u << 10) /* of rows and texts: some hundred rows */

/* What became of one port in one hour. Numbers are increments: what is new since the last call. */
struct store_port_count {
	uint32_t hour;    /* hours since 1970 */
	uint8_t proto;    /* IP protocol number */
	uint16_t port;    /* 0 where the protocol has none */
	uint64_t packets; /* retransmissions included */
	uint64_t touches; /* distinct (source, target) pairs first seen */
};

/* What one source did on one day. Increments too. */
struct store_source_count {
	uint32_t day; /* days since 1970 */
	struct addr src;
	uint64_t packets;
	uint64_t targets; /* distinct targets first seen */
};

/* Packets of one kind from one source to one target on one day. `packets` is an increment. */
struct store_knock {
	struct addr src, dst;
	uint32_t day;  /* days since 1970 */
	uint16_t port; /* destination; 0 where the protocol has none */
	uint8_t proto;
	uint8_t probe; /* enum event_probe */
	uint64_t packets;
	struct wall_time first, last;
};

/* A telling of an incident with its own copies of the texts and lists that are stored. */
struct store_telling {
	struct incident incident; /* pointers other than those below are null */
	struct addr *sources;     /* of a group */
	unsigned source_count;
	char *summary; /* "" if there was none */
	char *json;    /* the whole line */
	size_t bytes;  /* of all this, for the bound */
};

/* A file that was read into the journal. */
struct store_file_import {
	struct import file;
	struct wall_time at;
};

enum store_row_kind {
	STORE_ROW_TELLING,
	STORE_ROW_PORT,
	STORE_ROW_SOURCE,
	STORE_ROW_KNOCK,
	STORE_ROW_IMPORT
};

struct store_row {
	enum store_row_kind kind;
	union {
		struct store_telling *telling;
		struct store_port_count port;
		struct store_source_count source;
		struct store_knock knock;
		struct store_file_import *import; /* owned by the queue */
	} of;
	uint32_t recorded; /* day of the journal's file it comes from; 0 = of none */
};

struct store_queue {
	struct store_row *rows;       /* in order of arrival */
	size_t count;                 /* rows waiting */
	size_t bytes;                 /* of the tellings */
	uint64_t refused;             /* rows that found no room, ever */
	size_t rows_most, bytes_most; /* 0 = the defaults above */
	uint32_t recorded;            /* of rows added from now on */
};

/* Rows and texts together take at most `bytes` (STORE_QUEUE_BYTES_LEAST and more). Only on an empty queue. */
void store_queue_limit(struct store_queue *q, size_t bytes);

/* True when it is time to write: more than half of what fits is waiting, or `rows`. */
bool store_queue_is_due(const struct store_queue *q, size_t rows);

/* An empty queue is all zero. These copy what they are given; false if it was refused. */
bool store_queue_add_telling(struct store_queue *q, const struct incident *in, const char *json);
bool store_queue_add_count(struct store_queue *q, const struct store_row *row);

/* Forgets all rows, keeps the memory. */
void store_queue_empty(struct store_queue *q);
/* Forgets all rows and gives back the memory. */
void store_queue_clear(struct store_queue *q);

#endif
