/* SPDX-License-Identifier: ISC */
/*
 * event_source - a file of packets or log lines, as a stream of events in its own order.
 *
 * Opens capture files (pcap in both byte orders with micro- or nanoseconds, pcapng) and texts
 * (everything logline/ reads), plain or packed with gzip, xz or zstd, and "-" for standard input;
 * which it is follows from the first bytes, never from the name. What can be read is read: a cut or
 * lying file ends where its sense ends, the report says so, and nothing read before is lost.
 *
 * Classic pcap files are walked by our own reader, in a window filled by read(): about 5 ns a
 * packet beyond decoding it, where a libpcap loop needs 50 and never decodes; pcapng goes through
 * libpcap. Memory is bounded whatever the input: 0.4 MB for a text, 0.6 MB for pcap, 2 MB for
 * pcapng, and for packed ones the window that the packer chose (gzip 40 KiB, xz and zstd usually 8 MiB,
 * never more than 64 MiB). All of it is taken from the budget, where there is one.
 */
#ifndef KW_INPUT_EVENT_SOURCE_H
#define KW_INPUT_EVENT_SOURCE_H

#include "event/event.h"
#include "event/name_table.h"
#include "input/input_budget.h"

#include <stddef.h>
#include <stdint.h>

/* The first few broken records are named; the rest is counted. */
#define EVENT_SOURCE_FAULTS_KEPT 3
#define EVENT_SOURCE_FAULT_SIZE 256
#define EVENT_SOURCE_LINE_MAX 65536 /* bytes of a line that are looked at; the rest is skipped */

struct event_source_options {
	struct name_table *names; /* numbers interfaces and hosts; borrowed for the source's life */
	struct input_budget *budget; /* borrowed likewise; null = none */
	int year;         /* of stamps without one; 0 = from the file's own date (log_file.h) */
	int utc_offset_s; /* of stamps without a zone, seconds east of UTC */
};

/* What became of the input so far. Everything read is counted exactly once. */
struct event_source_report {
	uint64_t records;   /* packets or lines read */
	uint64_t events;    /* of these: handed out as events */
	uint64_t other;     /* not ours and nothing wrong: ARP, other programs' lines */
	uint64_t broken;    /* ours, but unreadable */
	uint64_t misdated;  /* of the events: dated far ahead of all others, and set back
			       (clock_check.h) */
	uint64_t bytes;     /* of the file as it lies on disk, read so far: for progress */
	uint64_t bytes_all; /* size of the file; 0 where unknown (a pipe) */
	bool ended_early;   /* the file is cut or broken from some point on */
	/* "kern.log:17: SRC= holds no address", escaped */
	char faults[EVENT_SOURCE_FAULTS_KEPT][EVENT_SOURCE_FAULT_SIZE];
	unsigned faults_kept;
};

struct event_source;

/* "-" is standard input; a log from a pipe has no date, so a year of 0 is 1970 there. Null with a
 * message in `error` (what failed, on what, what to try) if nothing can be read at all.
 */
struct event_source *event_source_open(const char *path, const struct event_source_options *options,
	char *error, size_t error_size);
void event_source_close(struct event_source *s);

/* Writes up to `max` events; 0 means that the source is at its end. */
size_t event_source_read(struct event_source *s, struct event *out, size_t max);

const struct event_source_report *event_source_report(const struct event_source *s);
/* The path as given, "standard input" for "-". */
const char *event_source_name(const struct event_source *s);

#endif
