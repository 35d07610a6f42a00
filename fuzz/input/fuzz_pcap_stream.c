/* SPDX-License-Identifier: ISC */
/*
 * A pcapng file through libpcap: whatever libpcap makes of it, stamps are sane and the counts add
 * up.
 */
#include "input/pcap_stream.h"

#include "memory_file.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source_tally tally = {.name = "x"};
	struct byte_window window;
	struct event events[64];
	uint64_t events_seen = 0;
	size_t got = 64;
	char error[512] = "";
	byte_window_init(&window, memory_file_stream(data, size));
	struct pcap_stream *s = pcap_stream_create(&window, &tally, error, sizeof error);
	assert(s != NULL || strlen(error) > 0);
	while (s != NULL && got == 64) {
		got = pcap_stream_read(s, events, 64);
		for (size_t i = 0; i < got; i++)
			assert(wall_time_is_sane(events[i].time));
		events_seen += got;
	}
	pcap_stream_destroy(s);
	byte_window_clear(&window);
	assert(tally.report.events == events_seen);
	assert(tally.report.records ==
		tally.report.events + tally.report.other + tally.report.broken);
	return 0;
}
