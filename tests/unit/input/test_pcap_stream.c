/* SPDX-License-Identifier: ISC */
#include "input/pcap_stream.h"

#include "capture_bytes.h"
#include "memory_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ETHERNET 1

struct run {
	struct source_tally tally;
	struct event events[64];
	size_t count;
	char error[512];
};

static bool run_bytes(struct run *r, const uint8_t *bytes, size_t size, size_t batch)
{
	memset(r, 0, sizeof *r);
	r->tally.name = "x.pcapng";
	struct byte_window window;
	byte_window_init(&window, memory_file_stream(bytes, size));
	struct pcap_stream *s = pcap_stream_create(&window, &r->tally, r->error, sizeof r->error);
	size_t got = s != NULL ? batch : 0;
	while (s != NULL && got == batch) {
		assert_true(r->count + batch <= 64);
		got = pcap_stream_read(s, r->events + r->count, batch);
		r->count += got;
	}
	pcap_stream_destroy(s);
	byte_window_clear(&window);
	return s != NULL;
}

static void packets_come_with_microseconds(void **state)
{
	(void)state;
	static const struct {
		bool big;
		uint8_t digits;
		uint64_t stamp;
	} rows[] = {
		{false, 6, 1700000000123456},
		{true, 6, 1700000000123456},
		{false, 9, 1700000000123456789},
		{true, 9, 1700000000123456999},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct capture_bytes c = {.big = rows[i].big};
		struct run r;
		capture_bytes_ng_head(&c);
		capture_bytes_ng_interface(&c, ETHERNET, rows[i].digits);
		for (uint16_t n = 1; n <= 5; n++)
			capture_bytes_ng_packet(&c, 0, rows[i].stamp, n);
		if (!run_bytes(&r, c.bytes, c.size, 2))
			fail_msg("row %zu: %s", i, r.error);
		assert_int_equal(r.count, 5);
		assert_int_equal(r.tally.report.records, 5);
		assert_false(r.tally.report.ended_early);
		for (uint16_t n = 1; n <= 5; n++) {
			assert_int_equal(r.events[n - 1].dst_port, n);
			assert_int_equal(r.events[n - 1].time.us, 1700000000123456);
		}
	}
}

static void a_capture_cut_anywhere_keeps_its_whole_packets(void **state)
{
	(void)state;
	struct capture_bytes c = {0};
	capture_bytes_ng_head(&c);
	capture_bytes_ng_interface(&c, ETHERNET, 6);
	const size_t head = c.size, record = 32 + CAPTURE_BYTES_FRAME + 2;
	for (uint16_t n = 1; n <= 3; n++)
		capture_bytes_ng_packet(&c, 0, n, n);
	for (size_t cut = 4; cut <= c.size; cut++) {
		struct run r;
		bool ok = run_bytes(&r, c.bytes, cut, 64);
		assert_int_equal(ok, cut >= head);
		if (!ok) {
			assert_non_null(strstr(r.error, "libpcap cannot read it"));
			continue;
		}
		bool clean = (cut - head) % record == 0;
		if (r.count != (cut - head) / record || r.tally.report.ended_early == clean)
			fail_msg("cut at %zu: got %zu packets", cut, r.count);
	}
}

static void a_second_link_type_ends_the_reading_with_libpcaps_words(void **state)
{
	(void)state;
	struct capture_bytes c = {0};
	struct run r;
	capture_bytes_ng_head(&c);
	capture_bytes_ng_interface(&c, ETHERNET, 6);
	capture_bytes_ng_packet(&c, 0, 1, 1);
	capture_bytes_ng_interface(&c, 101, 6);
	capture_bytes_ng_packet(&c, 1, 2, 2);
	assert_true(run_bytes(&r, c.bytes, c.size, 64));
	assert_int_equal(r.count, 1);
	assert_true(r.tally.report.ended_early);
	assert_non_null(strstr(r.tally.report.faults[0], "x.pcapng: packet 2: "));
	assert_non_null(strstr(r.tally.report.faults[0], "type"));
}

static void an_unknown_link_type_is_named(void **state)
{
	(void)state;
	struct capture_bytes c = {0};
	struct run r;
	capture_bytes_ng_head(&c);
	capture_bytes_ng_interface(&c, 195, 6);
	assert_false(run_bytes(&r, c.bytes, c.size, 64));
	assert_non_null(strstr(r.error, "link type 195"));
}

static void raw_ip_goes_by_its_number_in_files(void **state)
{
	(void)state;
	struct capture_bytes c = {0};
	struct run r;
	capture_bytes_ng_head(&c);
	capture_bytes_ng_interface(&c, 101, 6);
	assert_true(run_bytes(&r, c.bytes, c.size, 64));
	assert_int_equal(r.count, 0);
	assert_false(r.tally.report.ended_early);
}

static void stamps_outside_of_all_years_are_broken_packets(void **state)
{
	(void)state;
	struct capture_bytes c = {0};
	struct run r;
	capture_bytes_ng_head(&c);
	capture_bytes_ng_interface(&c, ETHERNET, 0); /* whole seconds */
	capture_bytes_ng_packet(&c, 0, UINT64_MAX / 2, 1);
	capture_bytes_ng_packet(&c, 0, 5, 2);
	assert_true(run_bytes(&r, c.bytes, c.size, 64));
	assert_int_equal(r.count, 1);
	assert_int_equal(r.events[0].time.us, 5000000);
	assert_int_equal(r.tally.report.broken, 1);
	assert_string_equal(r.tally.report.faults[0],
		"x.pcapng: packet 1 has a stamp outside of the years 1970 to 9999");
}

/* libpcap takes memory for a whole block: of one that claims 16 MiB it must not even see the head. */
static void a_block_that_is_too_large_ends_the_stream(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		for (int claim = 0; claim < 2; claim++) {
			struct capture_bytes c = {.big = big};
			struct run r;
			capture_bytes_ng_head(&c);
			capture_bytes_ng_interface(&c, ETHERNET, 6);
			capture_bytes_ng_packet(&c, 0, 1700000000123456, 1);
			capture_bytes_add_u32(&c, 0x0bad);
			capture_bytes_add_u32(&c, claim ? PCAP_STREAM_BLOCK_MAX + 4 : 20);
			for (int i = 0; i < 2; i++)
				capture_bytes_add_u32(&c, 0);
			capture_bytes_add_u32(&c, 20);
			capture_bytes_ng_packet(&c, 0, 1700000000123456, 2);
			assert_true(run_bytes(&r, c.bytes, c.size, 2));
			assert_int_equal(r.count, claim ? 1 : 2);
			assert_int_equal(r.tally.report.ended_early, claim);
			if (claim)
				assert_non_null(
					strstr(r.tally.report.faults[0], "more than 1 MiB"));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_come_with_microseconds),
		cmocka_unit_test(a_capture_cut_anywhere_keeps_its_whole_packets),
		cmocka_unit_test(a_second_link_type_ends_the_reading_with_libpcaps_words),
		cmocka_unit_test(an_unknown_link_type_is_named),
		cmocka_unit_test(raw_ip_goes_by_its_number_in_files),
		cmocka_unit_test(a_block_that_is_too_large_ends_the_stream),
		cmocka_unit_test(stamps_outside_of_all_years_are_broken_packets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
