/* SPDX-License-Identifier: ISC */
#include "track/doorkeeper.h"

#include "table_check.h"

#include <stdio.h>

enum {
	LEAST_BYTES = 64 * 1024,
	BUCKET_BYTES = 128,
	ORDINARY_WAYS = 14, /* 16 less the two that the patient keep */
};

static const struct doorkeeper_door ssh = {22, 5, 0}, web = {80, 5, 0};

static struct wall_time at_second(int64_t second)
{
	return wall_time_from_parts(INT64_C(1767571200) + second, 0);
}

/* Keys of one bucket: equal in the high half, told apart by the low one. */
static uint64_t key_in_bucket(uint64_t number)
{
	return UINT64_C(7) << 32 | (number + 1);
}

struct step {
	const char *name;
	struct doorkeeper_door door;
	enum doorkeeper_answer answer;
	unsigned repeats;
	uint16_t first_port; /* of the door that SECOND hands out */
};

static const struct step steps[] = {
	{"first sight", {22, 5, 0}, DOORKEEPER_NEW, 0, 0},
	{"same door", {22, 5, 0}, DOORKEEPER_REPEAT, 2, 0},
	{"same door, third packet", {22, 5, 0}, DOORKEEPER_REPEAT, 3, 0},
	{"same door, fourth packet", {22, 5, 0}, DOORKEEPER_REPEAT, 4, 0},
	{"the count saturates", {22, 5, 0}, DOORKEEPER_REPEAT, 4, 0},
	{"other port", {23, 5, 0}, DOORKEEPER_SECOND, 4, 22},
	{"the cell was freed", {23, 5, 0}, DOORKEEPER_NEW, 0, 0},
	{"other host", {23, 6, 0}, DOORKEEPER_SECOND, 1, 23},
	{"anew", {53, 6, 0}, DOORKEEPER_NEW, 0, 0},
	{"other protocol", {53, 6, 1}, DOORKEEPER_SECOND, 1, 53},
};

static void the_answers_follow_the_doors(void **state)
{
	(void)state;
	struct doorkeeper *k = doorkeeper_create(LEAST_BYTES);
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(steps); i++) {
		const struct step *s = &steps[i];
		struct doorkeeper_sight got =
			doorkeeper_touch(k, key_in_bucket(1), s->door, at_second((int64_t)i));
		faults += table_check_number(s->name, "answer", got.answer, s->answer);
		if (s->answer != DOORKEEPER_NEW)
			faults += table_check_number(s->name, "repeats", got.repeats, s->repeats);
		if (s->answer == DOORKEEPER_SECOND)
			faults += table_check_number(s->name, "port", got.door.port, s->first_port);
	}
	doorkeeper_destroy(k);
	assert_int_equal(faults, 0);
}

static void the_second_door_brings_the_first_one_back_in_full(void **state)
{
	(void)state;
	struct doorkeeper *k = doorkeeper_create(LEAST_BYTES);
	struct doorkeeper_door first = {65535, 255, 3};
	doorkeeper_touch(k, key_in_bucket(1), first, at_second(0));
	struct doorkeeper_sight s = doorkeeper_touch(k, key_in_bucket(1), ssh, at_second(1));
	assert_int_equal(s.answer, DOORKEEPER_SECOND);
	assert_int_equal(s.door.port, 65535);
	assert_int_equal(s.door.host8, 255);
	assert_int_equal(s.door.proto, 3);
	doorkeeper_destroy(k);
}

static void the_first_sight_is_right_to_a_quarter_second_for_12_days(void **state)
{
	(void)state;
	static const int64_t gaps_s[] = {0, 1, 60, 3600, 86400, 7 * 86400, 12 * 86400};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(gaps_s); i++) {
		struct doorkeeper *k = doorkeeper_create(LEAST_BYTES);
		struct wall_time born = {at_second(0).us + 123456};
		struct wall_time later = {born.us + gaps_s[i] * CLOCK_US_PER_S};
		char row[32];
		snprintf(row, sizeof row, "after %lld s", (long long)gaps_s[i]);
		doorkeeper_touch(k, key_in_bucket(1), ssh, born);
		struct doorkeeper_sight s = doorkeeper_touch(k, key_in_bucket(1), web, later);
		faults += table_check_range(
			row, "error in us", (double)(born.us - s.first.us), 0, 250000);
		doorkeeper_destroy(k);
	}
	assert_int_equal(faults, 0);
}

static void the_oldest_of_a_full_bucket_goes(void **state)
{
	(void)state;
	struct doorkeeper *k = doorkeeper_create(LEAST_BYTES);
	for (uint64_t i = 0; i < ORDINARY_WAYS; i++)
		doorkeeper_touch(k, key_in_bucket(i), ssh, at_second((int64_t)i));
	doorkeeper_touch(k, key_in_bucket(100), ssh, at_second(100));
	unsigned faults = 0;
	for (uint64_t i = 1; i < ORDINARY_WAYS; i++) {
		char row[32];
		snprintf(row, sizeof row, "source %llu", (unsigned long long)i);
		struct doorkeeper_sight s =
			doorkeeper_touch(k, key_in_bucket(i), ssh, at_second(101));
		faults += table_check_number(row, "answer", s.answer, DOORKEEPER_REPEAT);
	}
	struct doorkeeper_sight oldest = doorkeeper_touch(k, key_in_bucket(0), ssh, at_second(102));
	faults += table_check_number("oldest", "answer", oldest.answer, DOORKEEPER_NEW);
	doorkeeper_destroy(k);
	assert_int_equal(faults, 0);
}

static void the_patient_outlive_a_flood(void **state)
{
	(void)state;
	struct doorkeeper *k = doorkeeper_create(LEAST_BYTES);
	doorkeeper_touch(k, key_in_bucket(0), ssh, at_second(0));
	doorkeeper_touch(k, key_in_bucket(0), ssh, at_second(301));
	for (uint64_t i = 1; i < 5000; i++)
		doorkeeper_touch(k, key_in_bucket(i), ssh, at_second(302));
	struct doorkeeper_sight s = doorkeeper_touch(k, key_in_bucket(0), web, at_second(303));
	assert_int_equal(s.answer, DOORKEEPER_SECOND);
	assert_int_equal(s.door.port, 22);
	doorkeeper_destroy(k);
}

static void the_hasty_are_swept_away_by_a_flood(void **state)
{
	(void)state;
	struct doorkeeper *k = doorkeeper_create(LEAST_BYTES);
	doorkeeper_touch(k, key_in_bucket(0), ssh, at_second(0));
	doorkeeper_touch(k, key_in_bucket(0), ssh, at_second(299));
	for (uint64_t i = 1; i <= ORDINARY_WAYS; i++)
		doorkeeper_touch(k, key_in_bucket(i), ssh, at_second(300));
	struct doorkeeper_sight s = doorkeeper_touch(k, key_in_bucket(0), web, at_second(303));
	assert_int_equal(s.answer, DOORKEEPER_NEW);
	doorkeeper_destroy(k);
}

static void what_is_forgotten_is_new_again(void **state)
{
	(void)state;
	struct doorkeeper *k = doorkeeper_create(LEAST_BYTES);
	doorkeeper_touch(k, key_in_bucket(0), ssh, at_second(0));
	doorkeeper_touch(k, key_in_bucket(1), ssh, at_second(0));
	doorkeeper_forget(k, key_in_bucket(0));
	doorkeeper_forget(k, key_in_bucket(9));
	assert_int_equal(
		doorkeeper_touch(k, key_in_bucket(0), web, at_second(1)).answer, DOORKEEPER_NEW);
	assert_int_equal(
		doorkeeper_touch(k, key_in_bucket(1), web, at_second(1)).answer, DOORKEEPER_SECOND);
	doorkeeper_destroy(k);
}

struct size_row {
	const char *name;
	size_t asked, got;
};

static const struct size_row size_rows[] = {
	{"nothing", 0, LEAST_BYTES},
	{"the least", LEAST_BYTES, LEAST_BYTES},
	{"a byte less than a bucket more", LEAST_BYTES + BUCKET_BYTES - 1, LEAST_BYTES},
	{"one byte short of twice", 2 * LEAST_BYTES - 1, 2 * LEAST_BYTES - BUCKET_BYTES},
	{"a power of two", 1 << 20, 1 << 20},
	{"in between", 3 << 20, 3 << 20},
};

static void whole_buckets_fill_what_was_asked(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(size_rows); i++) {
		size_t size = 0;
		struct doorkeeper *k = doorkeeper_create(size_rows[i].asked);
		assert_non_null(doorkeeper_bytes(k, &size));
		faults += table_check_number(
			size_rows[i].name, "bytes", (long long)size, (long long)size_rows[i].got);
		doorkeeper_destroy(k);
	}
	doorkeeper_destroy(NULL);
	assert_int_equal(faults, 0);
}

/* The header promises 16 x 2^-14 a look-up for a full bucket: 98 in 100,000. */
static void a_stranger_is_rarely_taken_for_an_acquaintance(void **state)
{
	(void)state;
	enum { FILL = LEAST_BYTES / 8 * 4, LOOKS = 200000 };
	struct table_check_random r = table_check_random_start("false matches");
	struct doorkeeper *k = doorkeeper_create(LEAST_BYTES);
	for (int i = 0; i < FILL; i++)
		doorkeeper_touch(k, table_check_random_next(&r), ssh, at_second(i / 100));
	int wrong = 0;
	for (int i = 0; i < LOOKS; i++) {
		uint64_t key = table_check_random_next(&r);
		struct doorkeeper_sight s = doorkeeper_touch(k, key, web, at_second(FILL / 100));
		wrong += s.answer == DOORKEEPER_SECOND && s.door.port == ssh.port;
		wrong += s.answer == DOORKEEPER_REPEAT;
		/* Leave the table as it was: full of others. */
		doorkeeper_forget(k, key);
		if (i % 8 == 0)
			doorkeeper_touch(
				k, table_check_random_next(&r), ssh, at_second(FILL / 100));
	}
	print_message("false matches: %d in %d look-ups, promised at most %d\n", wrong, LOOKS,
		LOOKS / 1024);
	doorkeeper_destroy(k);
	assert_in_range(wrong, 0, LOOKS / 1024 * 5 / 4);
}

static void time_running_back_loses_nobody(void **state)
{
	(void)state;
	struct doorkeeper *k = doorkeeper_create(LEAST_BYTES);
	doorkeeper_touch(k, key_in_bucket(0), ssh, at_second(1000));
	struct doorkeeper_sight s = doorkeeper_touch(k, key_in_bucket(0), web, at_second(999));
	assert_int_equal(s.answer, DOORKEEPER_SECOND);
	doorkeeper_destroy(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_answers_follow_the_doors),
		cmocka_unit_test(the_second_door_brings_the_first_one_back_in_full),
		cmocka_unit_test(the_first_sight_is_right_to_a_quarter_second_for_12_days),
		cmocka_unit_test(the_oldest_of_a_full_bucket_goes),
		cmocka_unit_test(the_patient_outlive_a_flood),
		cmocka_unit_test(the_hasty_are_swept_away_by_a_flood),
		cmocka_unit_test(what_is_forgotten_is_new_again),
		cmocka_unit_test(whole_buckets_fill_what_was_asked),
		cmocka_unit_test(a_stranger_is_rarely_taken_for_an_acquaintance),
		cmocka_unit_test(time_running_back_loses_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
