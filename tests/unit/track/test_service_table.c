/* SPDX-License-Identifier: ISC */
#include "track/service_table.h"

#include "table_check.h"

static struct wall_time at_second(int64_t second)
{
	return wall_time_from_parts(INT64_C(1767571200) + second, 0);
}

/* Keys of one bucket. */
static uint64_t key_in_bucket(uint64_t number)
{
	return (number + 1) << 32 | 9;
}

static void a_door_is_open_from_its_answer_to_its_refusal(void **state)
{
	(void)state;
	struct service_table *t = service_table_create();
	assert_false(service_table_is_open(t, key_in_bucket(1)));
	service_table_close(t, key_in_bucket(1));
	service_table_open(t, key_in_bucket(1), at_second(0));
	service_table_open(t, key_in_bucket(1), at_second(5));
	assert_true(service_table_is_open(t, key_in_bucket(1)));
	assert_false(service_table_is_open(t, key_in_bucket(2)));
	service_table_close(t, key_in_bucket(1));
	assert_false(service_table_is_open(t, key_in_bucket(1)));
	service_table_destroy(t);
}

static void the_longest_silent_service_of_a_bucket_goes(void **state)
{
	(void)state;
	struct service_table *t = service_table_create();
	for (uint64_t i = 0; i < 8; i++)
		service_table_open(t, key_in_bucket(i), at_second((int64_t)i));
	service_table_open(t, key_in_bucket(0), at_second(100)); /* answered again */
	service_table_open(t, key_in_bucket(8), at_second(101));
	unsigned faults = 0;
	for (uint64_t i = 0; i <= 8; i++)
		faults += table_check_number(
			"service", "open", service_table_is_open(t, key_in_bucket(i)), i != 1);
	service_table_destroy(t);
	assert_int_equal(faults, 0);
}

static void a_key_names_one_door(void **state)
{
	(void)state;
	struct keyed_hash h;
	keyed_hash_init_seeded(&h, 7);
	struct addr a = addr_from_v4(UINT32_C(0xc0000205)), b = addr_from_v4(UINT32_C(0xc0000206));
	uint64_t key = service_key(&h, &a, 53, 17);
	assert_true(key == service_key(&h, &a, 53, 17));
	assert_false(key == service_key(&h, &a, 53, 6));
	assert_false(key == service_key(&h, &a, 54, 17));
	assert_false(key == service_key(&h, &b, 53, 17));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_door_is_open_from_its_answer_to_its_refusal),
		cmocka_unit_test(the_longest_silent_service_of_a_bucket_goes),
		cmocka_unit_test(a_key_names_one_door),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
