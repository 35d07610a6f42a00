/* SPDX-License-Identifier: ISC */
#include "event/event_id.h"

#include "table_check.h"

static struct event_id make(int64_t ms, uint64_t word)
{
	return event_id_make(wall_time_from_parts(0, ms * 1000), &word, sizeof word);
}

static void an_id_is_26_characters_of_crockford(void **state)
{
	(void)state;
	struct event_id id = make(INT64_C(1767571200123), 42);
	assert_int_equal(strlen(id.text), 26);
	assert_int_equal(strspn(id.text, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 26);
}

static void the_same_thing_has_the_same_id_and_others_have_others(void **state)
{
	(void)state;
	assert_string_equal(make(1000, 7).text, make(1000, 7).text);
	assert_string_not_equal(make(1000, 7).text, make(1000, 8).text);
	assert_string_not_equal(make(1000, 7).text, make(1001, 7).text);
}

static void ids_sort_by_time(void **state)
{
	(void)state;
	static const int64_t times_ms[] = {0, 1, 31, 32, 1000, INT64_C(1767571200000),
		INT64_C(1767571200001), INT64_C(253402300799999)};
	for (size_t i = 1; i < TABLE_CHECK_ROWS(times_ms); i++)
		assert_true(strcmp(make(times_ms[i - 1], i * 99).text,
				    make(times_ms[i], i * 7).text) < 0);
}

static void a_time_before_1970_counts_as_its_beginning(void **state)
{
	(void)state;
	uint64_t word = 1;
	struct event_id id = event_id_make((struct wall_time){-5}, &word, sizeof word);
	assert_memory_equal(id.text, "0000000000", 10);
}

static void ids_of_one_millisecond_do_not_collide(void **state)
{
	(void)state;
	enum { IDS = 2000 };
	struct event_id *ids = calloc(IDS, sizeof *ids);
	assert_non_null(ids);
	for (unsigned i = 0; i < IDS; i++) {
		ids[i] = make(5, i);
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(ids[i].text, ids[j].text);
	}
	free(ids);
}

/* Stories that are told already are known by them. */
static void ids_stay_the_same_from_release_to_release(void **state)
{
	(void)state;
	static const struct {
		size_t length;
		const char *id;
	} rows[] = {
		{0, "01KE5Q863VX6MVBT4VXC0NPHK3"},
		{1, "01KE5Q863V6ACSPGCJ5ZMVMR06"},
		{2, "01KE5Q863VYFSE05NFJFK82V31"},
		{3, "01KE5Q863VXMHBFTMKEEBVHRZ0"},
		{4, "01KE5Q863V9K035ARB1SXZWDBR"},
		{5, "01KE5Q863VQ1AMXHPEE6AZ1B1B"},
		{6, "01KE5Q863V82HBF1NBB7FTGAFY"},
		{7, "01KE5Q863V7BSE592ZS1G2S7E9"},
		{8, "01KE5Q863VSEV0Z6FJ7M3R6D95"},
		{9, "01KE5Q863V1K1N1QG6WXCRBEMR"},
		{10, "01KE5Q863V33TVZ0YXJB6PP4KN"},
	};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct event_id id = event_id_make((struct wall_time){INT64_C(1767571200123456)},
			"0123456789", rows[i].length);
		assert_string_equal(id.text, rows[i].id);
	}
}

static void what_does_not_look_like_an_id_is_none(void **state)
{
	(void)state;
	assert_true(event_id_is_valid(make(1000, 7).text));
	assert_false(event_id_is_valid(""));
	assert_false(event_id_is_valid("01KE5Q863V33TVZ0YXJB6PP4K"));
	assert_false(event_id_is_valid("01KE5Q863V33TVZ0YXJB6PP4KN0"));
	assert_false(event_id_is_valid("01KE5Q863V33TVZ0YXJB6PP4KI"));
	assert_false(event_id_is_valid("01KE5Q863V\"3TVZ0YXJB6PP4KN"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_26_characters_of_crockford),
		cmocka_unit_test(the_same_thing_has_the_same_id_and_others_have_others),
		cmocka_unit_test(ids_sort_by_time),
		cmocka_unit_test(a_time_before_1970_counts_as_its_beginning),
		cmocka_unit_test(ids_of_one_millisecond_do_not_collide),
		cmocka_unit_test(ids_stay_the_same_from_release_to_release),
		cmocka_unit_test(what_does_not_look_like_an_id_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
