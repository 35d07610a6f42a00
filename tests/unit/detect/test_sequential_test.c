/* SPDX-License-Identifier: ISC */
#include "detect/sequential_test.h"

#include "table_check.h"

#define DAY INT64_C(86400)

struct decay_row {
	const char *name;
	double score;
	int64_t idle_s;
	double least, most;
};

static const struct decay_row decay_rows[] = {
	{"no time", 8, 0, 8, 8},
	{"below a minute", 8, 59, 8, 8},
	{"a minute", 8, 60, 7.999, 8},
	{"half of the half-life", 8, 7 * DAY / 2, 5.65, 5.66},
	{"the half-life", 8, 7 * DAY, 3.9999, 4.0001},
	{"three weeks", 8, 21 * DAY, 0.9999, 1.0001},
	{"ten years", 50, 3650 * DAY, 0, 1e-9},
	{"nothing stays nothing", 0, 7 * DAY, 0, 0},
	{"time running back", 8, -DAY, 8, 8},
};

static void a_score_halves_in_seven_days(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(decay_rows); i++) {
		const struct decay_row *r = &decay_rows[i];
		faults += table_check_range(
			r->name, "score", sequential_decay(r->score, r->idle_s), r->least, r->most);
	}
	assert_int_equal(faults, 0);
}

/* Decaying in steps is decaying at once: the pace of packets must not matter. */
static void steps_of_time_add_up(void **state)
{
	(void)state;
	double score = 10;
	for (int hour = 0; hour < 7 * 24; hour++)
		score = sequential_decay(score, 3600);
	assert_true(fabs(score - 5) < 1e-6);
}

static void a_score_stays_between_nothing_and_the_ceiling(void **state)
{
	(void)state;
	double score = 0;
	for (int i = 0; i < 1000; i++) {
		score = sequential_add(score, SEQUENTIAL_FAILURE);
		assert_true(score <= SEQUENTIAL_CEILING);
	}
	for (int i = 0; i < 1000; i++) {
		score = sequential_add(score, SEQUENTIAL_SUCCESS);
		assert_true(score >= 0);
	}
	assert_true(score == 0);
}

struct confidence_row {
	const char *name;
	double score, error; /* bound of the test at this score */
};

static const struct confidence_row confidence_rows[] = {
	{"notice", SEQUENTIAL_NOTICE, 1.01e-2},
	{"alert", SEQUENTIAL_ALERT, 1.02e-4},
	{"block", SEQUENTIAL_BLOCK, 1.02e-6},
};

static void the_thresholds_have_the_error_bounds_they_are_named_for(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(confidence_rows); i++) {
		const struct confidence_row *r = &confidence_rows[i];
		double error = 1 - sequential_confidence(r->score);
		faults += table_check_range(r->name, "error", error, r->error * 0.95, r->error);
	}
	assert_true(sequential_confidence(0) == 0);
	assert_true(sequential_confidence(-3) == 0);
	assert_int_equal(faults, 0);
}

static void the_weights_are_the_logarithms_they_are_said_to_be(void **state)
{
	(void)state;
	assert_true(fabs(SEQUENTIAL_FAILURE - log(0.8 / 0.2)) < 0.005);
	assert_true(fabs(SEQUENTIAL_SUCCESS + SEQUENTIAL_FAILURE) < 1e-12);
	assert_true(fabs(SEQUENTIAL_MARKED - log(10)) < 0.005);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_score_halves_in_seven_days),
		cmocka_unit_test(steps_of_time_add_up),
		cmocka_unit_test(a_score_stays_between_nothing_and_the_ceiling),
		cmocka_unit_test(the_thresholds_have_the_error_bounds_they_are_named_for),
		cmocka_unit_test(the_weights_are_the_logarithms_they_are_said_to_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
