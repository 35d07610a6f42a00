/* SPDX-License-Identifier: ISC */
#include "input/time_merge.h"

#include "capture_bytes.h"
#include "memory_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define SOURCES_MAX 9
#define PACKETS_MAX 300

/* A source of packets at these seconds, whose ports are `first`, `first` + 1, ... */
static void add_source(struct time_merge *m, const uint32_t *seconds, size_t count, uint16_t first)
{
	struct capture_bytes c = {0};
	char error[256];
	capture_bytes_pcap_head(&c, 0xa1b2c3d4, 1);
	for (size_t i = 0; i < count; i++)
		capture_bytes_pcap_record(&c, seconds[i], 0, (uint16_t)(first + i));
	struct memory_file f = memory_file_create(c.bytes, c.size);
	const struct event_source_options options = {0};
	struct event_source *s = event_source_open(f.path, &options, error, sizeof error);
	assert_non_null(s);
	memory_file_close(&f);
	time_merge_add(m, s);
}

static void the_earliest_head_goes_first_and_ties_by_order(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint32_t seconds[3][4]; /* of three sources, 0 ends the list */
		uint16_t wanted[12];    /* ports: source times 100 + place */
	} rows[] = {
		{"nothing at all", {{0}, {0}, {0}}, {0}},
		{"one of three has something", {{0}, {3, 4}, {0}}, {100, 101}},
		{"in turn", {{1, 4, 7}, {2, 5, 8}, {3, 6, 9}},
			{1, 100, 200, 2, 101, 201, 3, 102, 202}},
		{"one behind the other", {{7, 8}, {4, 5}, {1, 2}}, {200, 201, 100, 101, 1, 2}},
		{"all at the same time", {{5, 5}, {5, 5}, {5, 5}}, {1, 2, 100, 101, 200, 201}},
		{"a source keeps its own order", {{9, 1, 2}, {5}, {0}}, {100, 1, 2, 3}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (size_t batch = 1; batch <= 12; batch++) {
			struct time_merge *m = time_merge_create();
			struct event out[24];
			for (size_t k = 0; k < 3; k++) {
				size_t count = 0;
				while (count < 4 && rows[i].seconds[k][count] != 0)
					count++;
				add_source(m, rows[i].seconds[k], count,
					(uint16_t)(k == 0 ? 1 : k * 100));
			}
			size_t n = 0, got;
			while ((got = time_merge_read(m, out + n, batch)) > 0)
				n += got;
			for (size_t j = 0; j < 12; j++) {
				uint16_t port = j < n ? out[j].dst_port : 0;
				if (port != rows[i].wanted[j])
					fail_msg("%s, batch %zu, event %zu: got %d, wanted %d",
						rows[i].name, batch, j, port, rows[i].wanted[j]);
			}
			time_merge_destroy(m);
		}
	}
}

static void many_sorted_sources_make_one_sorted_stream(void **state)
{
	(void)state;
	unsigned seed = (unsigned)time(NULL);
	print_message("seed %u\n", seed);
	srand(seed);
	for (int round = 0; round < 50; round++) {
		struct time_merge *m = time_merge_create();
		unsigned sources = 1 + (unsigned)rand() % SOURCES_MAX;
		size_t all = 0, n = 0;
		for (unsigned k = 0; k < sources; k++) {
			uint32_t seconds[PACKETS_MAX], at = 1;
			size_t count = (size_t)rand() % PACKETS_MAX;
			for (size_t i = 0; i < count; i++)
				seconds[i] = at += (uint32_t)rand() % 3;
			add_source(m, seconds, count, (uint16_t)(k * 1000 + 1));
			all += count;
		}
		static struct event out[SOURCES_MAX * PACKETS_MAX + 100];
		size_t got;
		while ((got = time_merge_read(m, out + n, 1 + (size_t)rand() % 100)) > 0)
			n += got;
		assert_int_equal(n, all);
		for (size_t i = 1; i < n; i++) {
			bool later = out[i].time.us > out[i - 1].time.us;
			bool same = out[i].time.us == out[i - 1].time.us;
			if (!later && !(same && out[i].dst_port > out[i - 1].dst_port))
				fail_msg("round %d: event %zu is out of order", round, i);
		}
		assert_int_equal(time_merge_count(m), sources);
		assert_non_null(time_merge_source(m, sources - 1));
		assert_null(time_merge_source(m, sources));
		time_merge_destroy(m);
	}
}

static void no_source_is_an_empty_stream(void **state)
{
	(void)state;
	struct time_merge *m = time_merge_create();
	struct event e;
	assert_int_equal(time_merge_read(m, &e, 1), 0);
	time_merge_destroy(m);
	time_merge_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_earliest_head_goes_first_and_ties_by_order),
		cmocka_unit_test(many_sorted_sources_make_one_sorted_stream),
		cmocka_unit_test(no_source_is_an_empty_stream),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
