/* SPDX-License-Identifier: ISC */
#include "cli/access_order.h"

#include "table_check.h"

static void put(struct access_order *o, int64_t time_us, uint64_t line)
{
	struct access_order_row *row = access_order_next(o);
	access_event_clear(&row->event);
	row->event.time.us = time_us;
	row->line = line;
	access_order_put(o);
}

static void the_oldest_is_taken_first_and_equal_ones_as_they_came(void **state)
{
	(void)state;
	static const int64_t times[] = {5, 3, 5, 1, 3, 9, 1};
	static const uint64_t lines[] = {3, 6, 1, 4, 0, 2, 5};
	struct access_order o;
	access_order_init(&o, 100);
	assert_null(access_order_take(&o));
	for (unsigned i = 0; i < TABLE_CHECK_ROWS(times); i++)
		put(&o, times[i], i);
	for (unsigned i = 0; i < TABLE_CHECK_ROWS(lines); i++)
		assert_int_equal(access_order_take(&o)->line, lines[i]);
	assert_null(access_order_take(&o));
	access_order_clear(&o);
	access_order_clear(&o);
}

/* Rows come at most 99 rows after their time. */
static void what_comes_late_by_less_than_it_holds_is_put_in_order(void **state)
{
	(void)state;
	enum { MOST = 100, ROWS = 20000 };
	struct table_check_random random = table_check_random_start("order");
	struct access_order o;
	int64_t last = INT64_MIN;
	unsigned taken = 0;
	access_order_init(&o, MOST);
	for (unsigned i = 0; i < ROWS; i++) {
		if (access_order_is_full(&o)) {
			const struct access_order_row *row = access_order_take(&o);
			assert_true(row->event.time.us >= last);
			last = row->event.time.us;
			taken++;
		}
		put(&o, (int64_t)i + table_check_random_below(&random, MOST), i);
	}
	for (const struct access_order_row *row; (row = access_order_take(&o)) != NULL; taken++) {
		assert_true(row->event.time.us >= last);
		last = row->event.time.us;
	}
	assert_int_equal(taken, ROWS);
	access_order_clear(&o);
}

static void whoever_takes_one_when_it_is_full_keeps_the_latest(void **state)
{
	(void)state;
	enum { MOST = 40, ROWS = 10007 };
	struct access_order o;
	access_order_init(&o, MOST);
	for (unsigned i = 0; i < ROWS; i++) {
		if (access_order_is_full(&o))
			(void)access_order_take(&o);
		put(&o, (int64_t)(i * 7919 % ROWS), i); /* each once, as ROWS is a prime */
	}
	/* The one that came last was put in, whatever its time. */
	const struct access_order_row *row = access_order_take(&o);
	int64_t wanted = ROWS - MOST;
	if (row->event.time.us < wanted) {
		row = access_order_take(&o);
		wanted++;
	}
	for (; row != NULL; row = access_order_take(&o))
		assert_int_equal(row->event.time.us, wanted++);
	assert_int_equal(wanted, ROWS);
	access_order_clear(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oldest_is_taken_first_and_equal_ones_as_they_came),
		cmocka_unit_test(what_comes_late_by_less_than_it_holds_is_put_in_order),
		cmocka_unit_test(whoever_takes_one_when_it_is_full_keeps_the_latest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
