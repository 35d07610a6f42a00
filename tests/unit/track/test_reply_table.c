/* SPDX-License-Identifier: ISC */
#include "track/reply_table.h"

#include "table_check.h"

static struct addr source(uint32_t number)
{
	return addr_from_v4(UINT32_C(0xc6120000) + number);
}

static struct reply_record *touch(
	struct reply_table *t, uint32_t number, uint16_t port, int64_t second)
{
	struct addr a = source(number);
	struct reply_record *r = reply_table_touch(
		t, 5, &a, port, wall_time_from_parts(INT64_C(1767571200) + second, 0));
	r->packets++;
	r->last_s = (uint32_t)(1767571200 + second);
	return r;
}

static void a_record_belongs_to_a_source_and_its_port(void **state)
{
	(void)state;
	struct reply_table *t = reply_table_create(0);
	struct reply_record *r = touch(t, 1, 80, 0);
	assert_int_equal(r->packets, 1);
	assert_int_equal(r->first_s, 1767571200);
	assert_int_equal(r->src_port, 80);
	assert_int_equal(r->shapes, 0);
	assert_int_equal(r->dossier, 0);
	assert_ptr_equal(touch(t, 1, 80, 7), r);
	assert_int_equal(r->packets, 2);
	assert_int_equal(r->first_s, 1767571200);
	assert_ptr_not_equal(touch(t, 1, 443, 8), r);
	assert_ptr_not_equal(touch(t, 2, 80, 8), r);
	reply_table_destroy(t);
	reply_table_destroy(NULL);
}

static void the_longest_silent_record_goes(void **state)
{
	(void)state;
	struct reply_table *t = reply_table_create(0);
	for (uint32_t i = 0; i < 4; i++)
		touch(t, i, 80, i);
	touch(t, 0, 80, 10);
	assert_int_equal(touch(t, 9, 80, 11)->packets, 1); /* takes the place of 1 */
	assert_int_equal(touch(t, 0, 80, 12)->packets, 3);
	assert_int_equal(touch(t, 2, 80, 13)->packets, 2);
	assert_int_equal(touch(t, 3, 80, 14)->packets, 2);
	assert_int_equal(touch(t, 1, 80, 15)->packets, 1);
	reply_table_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_belongs_to_a_source_and_its_port),
		cmocka_unit_test(the_longest_silent_record_goes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
