/* SPDX-License-Identifier: ISC */
/*
 * pcap_file - walks a classic capture file (pcap) and decodes its packets in place.
 *
 * Understood: both byte orders, micro- and nanoseconds (cut to microseconds), and the "modified"
 * format of old Linux kernels; source of fact: pcap-savefile(5). Plain, packed and piped files
 * alike.
 *
 * The length of a record is the only way to the next one. A length above PCAP_FILE_RECORD_MAX, a
 * header of zeros (the tail of a file that was never written) or a record that is not whole ends
 * the file there: guessing where the next record begins could invent packets. A stamp with more
 * than a second in its fraction makes the record broken, and the walk goes on.
 *
 * Owner: event_source.   Tests: tests/unit/input/test_pcap_file.c   Fuzz:
 * fuzz/input/fuzz_pcap_file.c
 */
#ifndef KW_INPUT_PCAP_FILE_H
#define KW_INPUT_PCAP_FILE_H

#include "input/byte_window.h"
#include "input/source_tally.h"

/* libpcap's own limit for captured bytes of a packet (MAXIMUM_SNAPLEN). */
#define PCAP_FILE_RECORD_MAX 262144

struct pcap_file {
	struct byte_window *window;  /* borrowed; stands behind what has been read */
	struct source_tally *tally;  /* borrowed; counts what is read */
	int linktype;                /* LINKTYPE_ number */
	uint32_t fractions_per_s;    /* unit of the stamps: 10^6 or 10^9 */
	uint32_t record_header_size; /* 16, or 24 in the modified format */
	uint32_t captured_at;        /* where in it the captured length stands */
	bool swapped;                /* written on a machine of the other byte order */
	bool ended;                  /* by the end of the file or by a lie */
};

/* Reads the file's header; false with a text in `error` (no name in front) if it cannot be read. */
bool pcap_file_init(struct pcap_file *f, struct byte_window *window, struct source_tally *tally,
	char *error, size_t error_size);

/* Writes up to `max` events; fewer than `max` only at the end. */
size_t pcap_file_read(struct pcap_file *f, struct event *out, size_t max);

#endif
