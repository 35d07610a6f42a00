/* SPDX-License-Identifier: ISC */
#include "sensor/sequence_check.h"

#include "support/table_check.h"

static uint32_t dice(unsigned i)
{
	static struct table_check_random random;
	if (i == 0)
		random = table_check_random_start("sequence_check");
	return (uint32_t)table_check_random_next(&random);
}

static uint32_t same(unsigned i)
{
	(void)i;
	return 1;
}

static uint32_t bsd42(unsigned i)
{
	return UINT32_MAX - 1000 + i * 64;
}

static uint32_t bsd44(unsigned i)
{
	return i * 64000;
}

/* RFC 9293, 3.4.1, a connection a second. */
static uint32_t clock_alone(unsigned i)
{
	return i * 250000;
}

static uint32_t long_steps(unsigned i)
{
	return i * UINT32_C(0x9e3779b9);
}

/* A hash of the port, yet every second connection in short steps. */
static uint32_t half_of_them(unsigned i)
{
	return i % 2 ? i * 64000 : (i - 1) * 64000 + 5;
}

static void numbers_that_follow_a_rule_are_told_from_dice(void **state)
{
	static const struct {
		const char *name;
		uint32_t (*number)(unsigned);
		bool guessable;
	} rows[] = {
		{"dice", dice, false},
		{"the same", same, true},
		{"4.2BSD", bsd42, true},
		{"4.4BSD", bsd44, true},
		{"a clock", clock_alone, true},
		{"long steps, all alike", long_steps, true},
		{"half of them", half_of_them, true},
	};
	unsigned faults = 0;
	(void)state;
	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
		uint32_t numbers[SEQUENCE_CHECK_NUMBERS];
		for (unsigned i = 0; i < SEQUENCE_CHECK_NUMBERS; i++)
			numbers[i] = rows[r].number(i);
		faults += table_check_number(rows[r].name, "guessable",
			sequence_check_is_guessable(numbers, SEQUENCE_CHECK_NUMBERS),
			rows[r].guessable);
	}
	assert_int_equal(faults, 0);
}

static void too_few_numbers_prove_nothing(void **state)
{
	const uint32_t numbers[4] = {1, 1, 1, 1};
	(void)state;
	assert_false(sequence_check_is_guessable(numbers, 0));
	assert_false(sequence_check_is_guessable(numbers, 4));
}

/* Whoever may make a namespace gets all of them; nobody gets a wrong answer. */
static void this_kernel_cannot_be_guessed(void **state)
{
	uint32_t numbers[SEQUENCE_CHECK_NUMBERS];
	(void)state;
	unsigned count = sequence_check_measure(numbers);
	print_message("%u connections measured\n", count);
	assert_true(count == 0 || count == SEQUENCE_CHECK_NUMBERS);
	assert_false(sequence_check_is_guessable(numbers, count));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_that_follow_a_rule_are_told_from_dice),
		cmocka_unit_test(too_few_numbers_prove_nothing),
		cmocka_unit_test(this_kernel_cannot_be_guessed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
