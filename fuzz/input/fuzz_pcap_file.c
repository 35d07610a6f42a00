/* SPDX-License-Identifier: ISC */
/*
 * A whole capture file through the walker, three times: in one batch size and in another, at once and
 * in pieces, the events and the report must be the same, and every record must be counted once.
 */
#include "input/pcap_file.h"

#include "memory_file.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	struct event_source_report report;
	uint64_t sum; /* over all events, in order */
};

static uint64_t add_event(uint64_t sum, const struct event *e)
{
	assert(wall_time_is_sane(e->time));
	assert(e->origin == EVENT_ORIGIN_PACKET && e->probe < EVENT_PROBES);
	sum = (sum ^ (uint64_t)e->time.us) * UINT64_C(0x9e3779b97f4a7c15);
	sum = (sum ^ addr_low_word(&e->src)) * UINT64_C(0x9e3779b97f4a7c15);
	return (sum ^ ((uint64_t)e->dst_port << 8 | e->probe)) * UINT64_C(0x9e3779b97f4a7c15);
}

static struct outcome walk(struct byte_stream *stream, size_t batch)
{
	struct source_tally tally = {.name = "x"};
	struct byte_window window;
	struct pcap_file file;
	struct event events[64];
	uint64_t sum = 0;
	char error[256];
	byte_window_init(&window, stream);
	if (pcap_file_init(&file, &window, &tally, error, sizeof error)) {
		size_t got;
		do {
			got = pcap_file_read(&file, events, batch);
			assert(got <= batch);
			for (size_t i = 0; i < got; i++)
				sum = add_event(sum, &events[i]);
		} while (got == batch);
		assert(pcap_file_read(&file, events, batch) == 0);
	} else {
		assert(strlen(error) > 0 && strlen(error) < sizeof error);
	}
	byte_window_clear(&window);
	return (struct outcome){tally.report, sum};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t piece = size / (MEMORY_FILE_PIECES / 2) + 16;
	struct outcome a = walk(memory_file_stream(data, size), 64);
	struct outcome b = walk(memory_file_stream(data, size), 3);
	struct outcome c = walk(memory_file_stream_in_pieces(data, size, piece), 64);
	assert(a.sum == b.sum && a.sum == c.sum);
	assert(memcmp(&a.report, &b.report, sizeof a.report) == 0);
	assert(memcmp(&a.report, &c.report, sizeof a.report) == 0);
	assert(a.report.records == a.report.events + a.report.other + a.report.broken);
	assert(a.report.faults_kept <= EVENT_SOURCE_FAULTS_KEPT);
	assert(!a.report.ended_early || a.report.faults_kept > 0);
	return 0;
}
