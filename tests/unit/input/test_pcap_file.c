/* SPDX-License-Identifier: ISC */
#include "input/pcap_file.h"

#include "capture_bytes.h"
#include "memory_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ETHERNET 1

struct walk {
	struct source_tally tally;
	struct byte_window window;
	struct pcap_file file;
	struct event events[64];
	size_t count;
	char error[256];
};

/* Reads the whole capture in batches of `batch`; false if it cannot be opened. */
static bool walk_stream(struct walk *w, struct byte_stream *stream, size_t batch)
{
	memset(w, 0, sizeof *w);
	w->tally.name = "x.pcap";
	byte_window_init(&w->window, stream);
	bool ok = pcap_file_init(&w->file, &w->window, &w->tally, w->error, sizeof w->error);
	size_t got = batch;
	while (ok && got == batch) {
		assert_true(w->count + batch <= 64);
		got = pcap_file_read(&w->file, w->events + w->count, batch);
		w->count += got;
	}
	byte_window_clear(&w->window);
	return ok;
}

static bool walk_bytes(struct walk *w, const uint8_t *bytes, size_t size, size_t batch)
{
	return walk_stream(w, memory_file_stream(bytes, size), batch);
}

static void every_magic_in_both_orders_is_read(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint32_t magic, fraction;
		bool big, modified;
	} rows[] = {
		{"microseconds, little", 0xa1b2c3d4, 123456, false, false},
		{"microseconds, big", 0xa1b2c3d4, 123456, true, false},
		{"nanoseconds, little", 0xa1b23c4d, 123456789, false, false},
		{"nanoseconds, big", 0xa1b23c4d, 123456789, true, false},
		{"modified, little", 0xa1b2cd34, 123456, false, true},
		{"modified, big", 0xa1b2cd34, 123456, true, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct capture_bytes c = {.big = rows[i].big};
		struct walk w;
		capture_bytes_pcap_head(&c, rows[i].magic, ETHERNET);
		for (uint16_t n = 1; n <= 3; n++) {
			size_t at = c.size + 16;
			capture_bytes_pcap_record(&c, 1700000000u + n, rows[i].fraction, n);
			if (rows[i].modified) { /* eight more bytes behind the record's header */
				memmove(c.bytes + at + 8, c.bytes + at, CAPTURE_BYTES_FRAME);
				memset(c.bytes + at, 0xee, 8);
				c.size += 8;
			}
		}
		if (!walk_bytes(&w, c.bytes, c.size, 2))
			fail_msg("%s: %s", rows[i].name, w.error);
		if (w.count != 3 || w.tally.report.records != 3 || w.tally.report.ended_early)
			fail_msg("%s: got %zu events", rows[i].name, w.count);
		for (uint16_t n = 1; n <= 3; n++) {
			assert_int_equal(w.events[n - 1].dst_port, n);
			assert_int_equal(w.events[n - 1].time.us,
				(1700000000 + n) * CLOCK_US_PER_S + 123456);
		}
	}
}

static void a_capture_cut_anywhere_keeps_its_whole_packets(void **state)
{
	(void)state;
	const size_t head = 24, record = 16 + CAPTURE_BYTES_FRAME;
	struct capture_bytes c = {0};
	capture_bytes_pcap_head(&c, 0xa1b2c3d4, ETHERNET);
	for (uint16_t n = 1; n <= 3; n++)
		capture_bytes_pcap_record(&c, n, 0, n);
	for (size_t cut = 0; cut <= c.size; cut++) {
		struct walk w;
		bool ok = walk_bytes(&w, c.bytes, cut, 64);
		assert_int_equal(ok, cut >= head);
		if (!ok) {
			assert_non_null(strstr(w.error, "cut inside its header"));
			continue;
		}
		size_t whole = (cut - head) / record;
		bool clean = (cut - head) % record == 0;
		if (w.count != whole || w.tally.report.ended_early == clean)
			fail_msg("cut at %zu: got %zu packets, wanted %zu", cut, w.count, whole);
		assert_int_equal(w.tally.report.faults_kept, !clean);
		if (!clean)
			assert_non_null(strstr(w.tally.report.faults[0], "is cut"));
	}
}

/* Three packets; the second record's header is overwritten. */
static void lies_end_the_walk_where_they_stand(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint32_t header[4];
		uint64_t records, events, broken;
		bool ended_early;
		const char *fault; /* null: none */
	} rows[] = {
		{"nothing wrong", {2, 0, 54, 54}, 3, 3, 0, false, NULL},
		{"more captured than sent", {2, 0, 54, 10}, 3, 3, 0, false, NULL},
		{"sent more than captured", {2, 0, 54, 1500}, 3, 3, 0, false, NULL},
		{"length above the limit", {2, 0, PCAP_FILE_RECORD_MAX + 1, 54}, 1, 1, 0, true,
			"x.pcap: packet 2 at byte 94 claims an impossible length (262145); the "
			"rest is not read"},
		{"length of all ones", {2, 0, UINT32_MAX, 54}, 1, 1, 0, true, "impossible length"},
		{"length beyond the file", {2, 0, 5000, 54}, 1, 1, 0, true,
			"x.pcap: packet 2 at byte 94 is cut: 140 of 5016 bytes"},
		{"length at the limit", {2, 0, PCAP_FILE_RECORD_MAX, 54}, 1, 1, 0, true, "is cut"},
		{"zeros", {0, 0, 0, 0}, 1, 1, 0, true, "nothing but zeros"},
		{"fraction of a second", {2, 1000000, 54, 54}, 3, 2, 1, false,
			"x.pcap: packet 2 has a stamp with more than a second in its fraction"},
		{"last moment of a second", {2, 999999, 54, 54}, 3, 3, 0, false, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct capture_bytes c = {0}, header = {0};
		struct walk w;
		capture_bytes_pcap_head(&c, 0xa1b2c3d4, ETHERNET);
		for (uint16_t n = 1; n <= 3; n++)
			capture_bytes_pcap_record(&c, n, 0, n);
		for (int j = 0; j < 4; j++)
			capture_bytes_add_u32(&header, rows[i].header[j]);
		memcpy(c.bytes + 24 + 70, header.bytes, 16);
		assert_true(walk_bytes(&w, c.bytes, c.size, 64));
		const struct event_source_report *r = &w.tally.report;
		if (r->records != rows[i].records || r->events != rows[i].events ||
			r->broken != rows[i].broken || r->ended_early != rows[i].ended_early)
			fail_msg("%s: got %d records, %d events, %d broken, early %d", rows[i].name,
				(int)r->records, (int)r->events, (int)r->broken, r->ended_early);
		assert_int_equal(r->faults_kept, rows[i].fault != NULL);
		if (rows[i].fault != NULL && strstr(r->faults[0], rows[i].fault) == NULL)
			fail_msg("%s: got '%s', wanted '%s'", rows[i].name, r->faults[0],
				rows[i].fault);
	}
}

static void every_packet_is_counted_once(void **state)
{
	(void)state;
	struct capture_bytes c = {0};
	struct walk w;
	capture_bytes_pcap_head(&c, 0xa1b2c3d4, ETHERNET);
	capture_bytes_pcap_record(&c, 1, 0, 1);
	capture_bytes_pcap_record(&c, 2, 0, 2);
	c.bytes[c.size - CAPTURE_BYTES_FRAME + 13] = 0x06; /* type 0x0806: ARP */
	capture_bytes_pcap_record(&c, 3, 0, 3);
	c.bytes[c.size - CAPTURE_BYTES_FRAME + 14] = 0x75; /* IP version 7 */
	capture_bytes_pcap_record(&c, 4, 0, 4);
	for (size_t batch = 1; batch <= 5; batch++) {
		assert_true(walk_bytes(&w, c.bytes, c.size, batch));
		assert_int_equal(w.tally.report.records, 4);
		assert_int_equal(w.tally.report.events, 2);
		assert_int_equal(w.tally.report.other, 1);
		assert_int_equal(w.tally.report.broken, 1);
		assert_int_equal(w.count, 2);
		assert_int_equal(w.events[1].dst_port, 4);
	}
}

/* Good, foreign, broken, empty and misdated packets, and at the end a lie. */
static struct capture_bytes mixed_capture(bool big)
{
	struct capture_bytes c = {.big = big};
	capture_bytes_pcap_head(&c, 0xa1b2c3d4, ETHERNET);
	for (uint16_t n = 1; n <= 12; n++)
		capture_bytes_pcap_record(&c, n, n == 7 ? 1000000 : n, n);
	uint8_t *records = c.bytes + 24;
	const size_t record = 16 + CAPTURE_BYTES_FRAME;
	records[2 * record + 16 + 13] = 0x06; /* ARP */
	records[4 * record + 16 + 14] = 0x75; /* IP version 7 */
	for (int i = 0; i < 2; i++) {         /* captured without a byte */
		capture_bytes_add_u32(&c, 13);
		capture_bytes_add_u32(&c, 0);
		capture_bytes_add_u32(&c, 0);
		capture_bytes_add_u32(&c, 54);
	}
	capture_bytes_pcap_record(&c, 14, 0, 14);
	capture_bytes_add_u32(&c, 15);
	capture_bytes_add_u32(&c, 0);
	capture_bytes_add_u32(&c, UINT32_MAX);
	capture_bytes_add_u32(&c, 54);
	return c;
}

/* In small pieces few records find another one in the window, so that few are part of a run. */
static void however_the_bytes_arrive_the_packets_are_the_same(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct capture_bytes c = mixed_capture(big != 0);
		struct walk whole, parts;
		assert_true(walk_bytes(&whole, c.bytes, c.size, 64));
		assert_int_equal(whole.tally.report.records, 15);
		assert_int_equal(whole.count, 10);
		for (size_t piece = 9; piece < 100; piece++) {
			struct byte_stream *stream =
				memory_file_stream_in_pieces(c.bytes, c.size, piece);
			assert_true(walk_stream(&parts, stream, 64));
			assert_int_equal(parts.count, whole.count);
			assert_memory_equal(
				parts.events, whole.events, whole.count * sizeof whole.events[0]);
			assert_memory_equal(&parts.tally.report, &whole.tally.report,
				sizeof whole.tally.report);
		}
	}
}

static void what_cannot_be_read_is_named(void **state)
{
	(void)state;
	struct capture_bytes c = {0};
	struct walk w;
	capture_bytes_pcap_head(&c, 0xa1b2c3d4, 195); /* 802.15.4 */
	assert_false(walk_bytes(&w, c.bytes, c.size, 64));
	assert_non_null(strstr(w.error, "link type 195"));
	assert_non_null(strstr(w.error, "1 (EN10MB)"));

	c.bytes[4] = 3;
	assert_false(walk_bytes(&w, c.bytes, c.size, 64));
	assert_non_null(strstr(w.error, "version 3.4"));

	c = (struct capture_bytes){0}; /* the upper half of the link type tells the frame check */
	capture_bytes_pcap_head(&c, 0xa1b2c3d4, 0x14000000 | ETHERNET);
	capture_bytes_pcap_record(&c, 1, 0, 1);
	assert_true(walk_bytes(&w, c.bytes, c.size, 64));
	assert_int_equal(w.count, 1);

	c = (struct capture_bytes){.big = true};
	capture_bytes_pcap_head(&c, 0xa1b2c3d4, ETHERNET);
	c.bytes[7] = 2; /* version 2.2: the two lengths change places */
	capture_bytes_pcap_record(&c, 1, 0, 1);
	memset(c.bytes + 24 + 8, 0, 3);
	c.bytes[24 + 11] = 200;
	assert_true(walk_bytes(&w, c.bytes, c.size, 64));
	assert_int_equal(w.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_magic_in_both_orders_is_read),
		cmocka_unit_test(a_capture_cut_anywhere_keeps_its_whole_packets),
		cmocka_unit_test(lies_end_the_walk_where_they_stand),
		cmocka_unit_test(every_packet_is_counted_once),
		cmocka_unit_test(however_the_bytes_arrive_the_packets_are_the_same),
		cmocka_unit_test(what_cannot_be_read_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
