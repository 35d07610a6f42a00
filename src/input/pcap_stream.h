/* SPDX-License-Identifier: ISC */
/*
 * pcap_stream - reads pcapng captures through libpcap.
 *
 * libpcap does not tell which interface a packet came from, so `iface` stays 0; it reads only files
 * whose interfaces all have the link type of the first. Stamps of any resolution are cut to
 * microseconds. A block of more than PCAP_STREAM_BLOCK_MAX is not handed to libpcap, which would
 * take memory for the whole of it: the stream ends there. Nothing grows with the file.
 *
 * Owner: event_source.   Tests: tests/unit/input/test_pcap_stream.c
 */
#ifndef KW_INPUT_PCAP_STREAM_H
#define KW_INPUT_PCAP_STREAM_H

#include "input/byte_window.h"
#include "input/source_tally.h"

#define PCAP_STREAM_BLOCK_MAX (1u << 20) /* four times the longest packet that anybody captures */
#define PCAP_STREAM_BYTES (PCAP_STREAM_BLOCK_MAX + (3u << 18)) /* the block, and libpcap's own */

struct pcap_stream;

/* The window and the tally are borrowed until the stream is destroyed. Null with a text in `error`
 * (no name in front) if libpcap cannot read the file. */
struct pcap_stream *pcap_stream_create(
	struct byte_window *window, struct source_tally *tally, char *error, size_t error_size);
/* Accepts null. */
void pcap_stream_destroy(struct pcap_stream *s);

/* Writes up to `max` events; fewer than `max` only at the end. */
size_t pcap_stream_read(struct pcap_stream *s, struct event *out, size_t max);

#endif
