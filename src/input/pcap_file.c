/* SPDX-License-Identifier: ISC */
/*
 * File header, 24 bytes, and record header, 16 bytes, all in the writer's byte order:
 *
 *     magic 4 | major 2 | minor 2 | reserved 8 | snap length 4 | link type 4 (its low 16 bits)
 *     seconds 4 | fraction 4 | captured 4 | length on the wire 4 [| 8 more if modified] | bytes
 */
#include "input/pcap_file.h"

#include "input/link_type.h"
#include "packet/packet_decode.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	FILE_HEADER_SIZE = 24,
	RECORD_HEADER_SIZE = 16,
	MODIFIED_HEADER_SIZE = 24,
};

static const struct {
	uint32_t magic;
	uint32_t fractions_per_s;
	uint32_t record_header_size;
} formats[] = {
	{0xa1b2c3d4, 1000000, RECORD_HEADER_SIZE},
	{0xa1b23c4d, 1000000000, RECORD_HEADER_SIZE},
	{0xa1b2cd34, 1000000, MODIFIED_HEADER_SIZE},
};

static inline uint32_t number_at(const uint8_t *bytes, bool swapped)
{
	uint32_t n;
	memcpy(&n, bytes, sizeof n);
	return swapped ? __builtin_bswap32(n) : n;
}

static uint16_t short_at(const uint8_t *bytes, bool swapped)
{
	uint16_t n;
	memcpy(&n, bytes, sizeof n);
	return swapped ? __builtin_bswap16(n) : n;
}

static bool choose_format(struct pcap_file *f, const uint8_t *header)
{
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		for (int swapped = 0; swapped < 2; swapped++) {
			f->swapped = swapped != 0;
			if (number_at(header, f->swapped) == formats[i].magic) {
				f->fractions_per_s = formats[i].fractions_per_s;
				f->record_header_size = formats[i].record_header_size;
				return true;
			}
		}
	}
	return false;
}

bool pcap_file_init(struct pcap_file *f, struct byte_window *window, struct source_tally *tally,
	char *error, size_t error_size)
{
	*f = (struct pcap_file){.window = window, .tally = tally};
	if (!byte_window_want(window, FILE_HEADER_SIZE)) {
		snprintf(error, error_size, "the capture is cut inside its header: %zu of %d bytes",
			byte_window_left(window), FILE_HEADER_SIZE);
		return false;
	}
	const uint8_t *header = window->at;
	if (!choose_format(f, header)) {
		snprintf(error, error_size, "is no pcap file");
		return false;
	}
	unsigned major = short_at(header + 4, f->swapped), minor = short_at(header + 6, f->swapped);
	if (major != 2) {
		snprintf(error, error_size, "has pcap version %u.%u; only 2.x is read", major,
			minor);
		return false;
	}
	f->captured_at = minor < 3 ? 12 : 8; /* before 2.3 the lengths stood the other way round */
	f->linktype = (int)(number_at(header + 20, f->swapped) &
			    0xffff); /* above: length of the frame check */
	if (!link_type_check(f->linktype, error, error_size))
		return false;
	window->at += FILE_HEADER_SIZE;
	return true;
}

/* A cut that comes from broken packing is told by the stream; telling it twice would mislead. */
static bool end_at_cut(struct pcap_file *f, size_t wanted)
{
	f->ended = true;
	size_t left = byte_window_left(f->window);
	if (left > 0 && byte_stream_fault(f->window->stream) == NULL)
		source_tally_end_early(f->tally,
			": packet %" PRIu64 " at byte %" PRIu64 " is cut: %zu of %zu bytes",
			f->tally->report.records + 1, byte_window_offset(f->window), left, wanted);
	return false;
}

static bool end_at_lie(struct pcap_file *f, const char *what, uint32_t number)
{
	f->ended = true;
	source_tally_end_early(f->tally,
		": packet %" PRIu64 " at byte %" PRIu64 " %s (%" PRIu32 "); the rest is not read",
		f->tally->report.records + 1, byte_window_offset(f->window), what, number);
	return false;
}

/* A length that is no lie, and not the first sign of one. */
static inline bool is_usual_length(uint32_t captured)
{
	return captured - 1 < PCAP_FILE_RECORD_MAX; /* 0 is far above */
}

/* True when all of the next record lies in the window. */
static bool next_record(struct pcap_file *f)
{
	if (!byte_window_want(f->window, f->record_header_size))
		return end_at_cut(f, f->record_header_size);
	const uint8_t *header = f->window->at;
	uint32_t captured = number_at(header + f->captured_at, f->swapped);
	if (captured == 0) {
		static const uint8_t zeros[RECORD_HEADER_SIZE];
		if (memcmp(header, zeros, sizeof zeros) == 0)
			return end_at_lie(f, "is nothing but zeros", 0);
	}
	if (captured > PCAP_FILE_RECORD_MAX)
		return end_at_lie(f, "claims an impossible length", captured);
	if (!byte_window_want(f->window, f->record_header_size + captured))
		return end_at_cut(f, f->record_header_size + captured);
	return true;
}

__attribute__((cold)) static bool count_broken(struct pcap_file *f, const char *what)
{
	f->tally->report.broken++;
	source_tally_note(f->tally, ": packet %" PRIu64 " %s", f->tally->report.records, what);
	return false;
}

static inline struct wall_time stamp_at(
	const uint8_t *header, bool swapped, uint32_t fractions_per_s)
{
	uint32_t seconds = number_at(header, swapped), fraction = number_at(header + 4, swapped);
	return wall_time_from_parts(
		seconds, fractions_per_s == 1000000 ? fraction : fraction / 1000);
}

/* True if the record, all of it at hand, became an event. */
static inline bool take_record(struct pcap_file *f, const uint8_t *header, uint32_t captured,
	bool swapped, struct event *out)
{
	f->tally->report.records++;
	if (number_at(header + 4, swapped) >= f->fractions_per_s)
		return count_broken(f, "has a stamp with more than a second in its fraction");
	switch (packet_decode(f->linktype, header + f->record_header_size, captured, out)) {
	case PACKET_OK:
		out->time = stamp_at(header, swapped, f->fractions_per_s);
		return true;
	case PACKET_NOT_IP:
		f->tally->report.other++;
		return false;
	case PACKET_BROKEN:
		break;
	}
	return count_broken(f, "is too short or its lengths lie");
}

static inline struct event *take_run_of(
	struct pcap_file *f, bool swapped, struct event *next, const struct event *end)
{
	const uint8_t *at = f->window->at, *const to = f->window->to;
	while (next < end && (size_t)(to - at) >= f->record_header_size) {
		uint32_t captured = number_at(at + f->captured_at, swapped);
		size_t size = f->record_header_size + (size_t)captured;
		if (!is_usual_length(captured) || (size_t)(to - at) < size)
			break;
		next += take_record(f, at, captured, swapped, next);
		at += size;
	}
	f->window->at = at;
	return next;
}

/* Takes the records that lie whole in the window and have a usual length, without asking the stream
 * for any; returns where their events end. One loop for each byte order. */
static struct event *take_run(struct pcap_file *f, struct event *next, const struct event *end)
{
	return f->swapped ? take_run_of(f, true, next, end) : take_run_of(f, false, next, end);
}

/* A record that no run takes: at the edge of the window, odd, or the last. */
__attribute__((cold)) static struct event *take_one(struct pcap_file *f, struct event *next)
{
	if (!next_record(f))
		return next;
	const uint8_t *header = f->window->at;
	uint32_t captured = number_at(header + f->captured_at, f->swapped);
	f->window->at += f->record_header_size + captured;
	return next + take_record(f, header, captured, f->swapped, next);
}

size_t pcap_file_read(struct pcap_file *f, struct event *out, size_t max)
{
	struct event *next = out, *const end = out + max;
	while (next < end && !f->ended) {
		next = take_run(f, next, end);
		if (next < end)
			next = take_one(f, next);
	}
	f->tally->report.events += (uint64_t)(next - out);
	return (size_t)(next - out);
}
