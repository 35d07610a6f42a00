/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "input/pcap_stream.h"

#include "base/memory.h"
#include "input/link_type.h"
#include "packet/packet_decode.h"

#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where in a block we are, as the bytes go by (pcapng, draft-ietf-opsawg-pcapng, 3.1 and 4.1). */
struct block_walk {
	uint8_t head[12]; /* type, length, and of a section its byte order */
	unsigned have;    /* bytes of the head */
	uint64_t left;    /* bytes of the block behind the head */
	bool big_endian;  /* the section at hand */
	bool refused;     /* a block was too large: nothing more is handed out */
};

enum { BLOCK_HEAD = 8 };

struct pcap_stream {
	struct byte_window *window; /* borrowed */
	struct source_tally *tally; /* borrowed */
	pcap_t *pcap;               /* owns the FILE over the window */
	int linktype;               /* LINKTYPE_ number */
	bool ended;
	struct block_walk walk;
	char buffer[65536]; /* of the FILE: libpcap asks for a few bytes at a time */
};

static uint32_t word_of(const struct block_walk *b, unsigned at)
{
	const uint8_t *p = b->head + at;
	return b->big_endian
		       ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
		       : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static bool is_section(const struct block_walk *b)
{
	static const uint8_t section[] = {0x0a, 0x0d, 0x0d, 0x0a};
	return memcmp(b->head, section, sizeof section) == 0;
}

/* The head is whole: how long is the block? */
static void enter_block(struct block_walk *b)
{
	static const uint8_t big[] = {0x1a, 0x2b, 0x3c, 0x4d};
	if (is_section(b))
		b->big_endian = memcmp(b->head + BLOCK_HEAD, big, sizeof big) == 0;
	uint32_t length = word_of(b, 4);
	b->refused = length > PCAP_STREAM_BLOCK_MAX;
	b->left = length > b->have ? length - b->have : 0; /* libpcap faults one that lies */
	b->have = 0;
}

/* How many of the bytes go on to libpcap: all, or those before the head that is refused. */
static size_t walk_blocks(struct block_walk *b, const uint8_t *bytes, size_t size)
{
	size_t at = 0;
	while (at < size && !b->refused) {
		if (b->left > 0) {
			size_t part = b->left < size - at ? (size_t)b->left : size - at;
			b->left -= part;
			at += part;
			continue;
		}
		b->head[b->have++] = bytes[at++];
		if (b->have == BLOCK_HEAD + (b->have >= BLOCK_HEAD && is_section(b) ? 4 : 0))
			enter_block(b);
	}
	return at;
}

/* The read function of the FILE that libpcap sees (fopencookie(3)): 0 is the end. */
static ssize_t read_window(void *cookie, char *out, size_t size)
{
	struct pcap_stream *s = cookie;
	struct byte_window *w = s->window;
	(void)byte_window_want(w, 1);
	size_t left = byte_window_left(w), part = left < size ? left : size;
	if (s->walk.refused)
		return 0;
	part = walk_blocks(&s->walk, w->at, part);
	memcpy(out, w->at, part);
	w->at += part;
	return (ssize_t)part;
}

static pcap_t *open_pcap(struct pcap_stream *s, char *error, size_t error_size)
{
	FILE *file = fopencookie(s, "r", (cookie_io_functions_t){.read = read_window});
	if (file == NULL) {
		snprintf(error, error_size, "no memory left to read it");
		return NULL;
	}
	setvbuf(file, s->buffer, _IOFBF, sizeof s->buffer);
	char text[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap =
		pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, text);
	if (pcap == NULL) {
		snprintf(error, error_size, "libpcap cannot read it: %s", text);
		fclose(file);
	}
	return pcap;
}

struct pcap_stream *pcap_stream_create(
	struct byte_window *window, struct source_tally *tally, char *error, size_t error_size)
{
	struct pcap_stream *s = memory_calloc(1, sizeof *s);
	s->window = window;
	s->tally = tally;
	s->pcap = open_pcap(s, error, error_size);
	if (s->pcap != NULL) {
		s->linktype = link_type_from_dlt(pcap_datalink(s->pcap));
		if (link_type_check(s->linktype, error, error_size))
			return s;
	}
	pcap_stream_destroy(s);
	return NULL;
}

void pcap_stream_destroy(struct pcap_stream *s)
{
	if (s == NULL)
		return;
	if (s->pcap != NULL)
		pcap_close(s->pcap);
	free(s);
}

static size_t count_broken(struct pcap_stream *s, const char *what)
{
	s->tally->report.broken++;
	source_tally_note(s->tally, ": packet %" PRIu64 " %s", s->tally->report.records, what);
	return 0;
}

/* 1 if the packet became an event. */
static size_t take_packet(
	struct pcap_stream *s, const struct pcap_pkthdr *h, const uint8_t *bytes, struct event *out)
{
	struct event_source_report *report = &s->tally->report;
	report->records++;
	const int64_t last_second = CLOCK_LAST_US / CLOCK_US_PER_S;
	if (h->ts.tv_sec < 0 || h->ts.tv_sec > last_second)
		return count_broken(s, "has a stamp outside of the years 1970 to 9999");
	switch (packet_decode(s->linktype, bytes, h->caplen, out)) {
	case PACKET_OK:
		out->time = wall_time_from_parts(h->ts.tv_sec, h->ts.tv_usec / 1000);
		report->events++;
		return 1;
	case PACKET_NOT_IP:
		report->other++;
		return 0;
	case PACKET_BROKEN:
		break;
	}
	return count_broken(s, "is too short or its lengths lie");
}

static void end_with_libpcap(struct pcap_stream *s, int code)
{
	s->ended = true;
	if (s->walk.refused) {
		source_tally_end_early(s->tally, ": packet %" PRIu64 ": a block of more than 1 MiB",
			s->tally->report.records + 1);
		return;
	}
	if (code == PCAP_ERROR && byte_stream_fault(s->window->stream) == NULL)
		source_tally_end_early(s->tally, ": packet %" PRIu64 ": %s",
			s->tally->report.records + 1, pcap_geterr(s->pcap));
}

size_t pcap_stream_read(struct pcap_stream *s, struct event *out, size_t max)
{
	size_t n = 0;
	while (n < max && !s->ended) {
		struct pcap_pkthdr *header;
		const uint8_t *bytes;
		int code = pcap_next_ex(s->pcap, &header, &bytes);
		if (code == 1)
			n += take_packet(s, header, bytes, &out[n]);
		else
			end_with_libpcap(s, code);
	}
	return n;
}
