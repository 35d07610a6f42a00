/* SPDX-License-Identifier: ISC */
/*
 * status_text - is it working, what is there, is there anything to look at.
 */
#ifndef KW_REPORT_STATUS_TEXT_H
#define KW_REPORT_STATUS_TEXT_H

#include "report/page.h"
#include "store/store_query.h"

#define STATUS_SENDERS_MAX 16

/* Who brought lines: a host that sends syslog, a log, the journal. */
struct status_sender {
	char name[64]; /* from outside, not escaped */
	uint64_t lines, events, lost;
};

/* What a watch says of itself; what it does not tell is 0 or empty. */
struct status_watch {
	bool running;           /* now, as its lock tells; with pid 0: it said nothing yet */
	bool ended;             /* not running: it said its last word, was not killed */
	uint64_t pid;           /* 0 = nothing is known of a watch here */
	struct wall_time since; /* its start */
	struct wall_time heard; /* when it said this */
	struct wall_time last_event;
	char listening[512]; /* interfaces and logs; from outside, not escaped */
	uint64_t packets, knocks, incidents, skipped_lines;
	uint64_t root_commands, root_commands_new; /* programs started as root; of them: new */
	uint64_t lost;                             /* packets that the kernel dropped */
	uint64_t memory_bytes;                     /* the option `memory`: what it may take */
	uint64_t peak_memory_bytes;                /* resident, at most */
	struct status_sender senders[STATUS_SENDERS_MAX];
	unsigned senders_count;
};

/* How far the journal is on another machine; `to` is empty where it was never sent. */
struct status_sent {
	const char *to;      /* from outside, not escaped */
	const char *why;     /* it waits: why; may be empty */
	bool running;        /* a sender is at work */
	uint64_t arrived;    /* the newest record there */
	uint64_t newest;     /* ... and here; 0 = not known */
	struct wall_time at; /* when it said this */
};

struct status_text {
	const struct status_sent *sent; /* null = not asked */
	const char *store_path;
	const struct store_totals
		*totals; /* null = the store cannot be read: only the watch is told */
	const struct status_watch *watch; /* never null */
};

void status_text_print(const struct page *p, const struct status_text *status);

/* One object: v, store{path, bytes, first_day, last_day}, today{}, yesterday{}, incidents{}, ports,
 * packets, watch{running, pid, since, listening, heard, last_event, packets, knocks, incidents, lost,
 * skipped_lines, memory_bytes, peak_memory_bytes, senders[{name, lines, events, lost}]}: of a watch that is over what it
 * said last, sent{to, running, arrived, newest, at, why}. */
void status_text_print_json(const struct page *p, const struct status_text *status);

#endif
