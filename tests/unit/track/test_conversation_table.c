/* SPDX-License-Identifier: ISC */
#include "track/conversation_table.h"

#include "table_check.h"

#include <stdio.h>

enum {
	LEAST_BYTES = 64 * 1024,
	WAYS = 16,
};

static struct wall_time at_second(int64_t second)
{
	return wall_time_from_parts(INT64_C(1767571200) + second, 0);
}

static struct keyed_hash fixed_hash(void)
{
	struct keyed_hash h;
	keyed_hash_init_seeded(&h, 42);
	return h;
}

static struct addr addr_of(const char *text)
{
	struct addr a;
	assert_true(addr_parse(text, strlen(text), &a));
	return a;
}

struct key_row {
	const char *name;
	const char *ours;
	uint16_t our_port;
	const char *theirs;
	uint16_t their_port;
	uint8_t proto;
	bool same; /* as the first row */
};

static const struct key_row key_rows[] = {
	{"the conversation", "192.0.2.5", 40000, "198.51.100.7", 53, 17, true},
	{"again", "192.0.2.5", 40000, "198.51.100.7", 53, 17, true},
	{"our other port", "192.0.2.5", 40001, "198.51.100.7", 53, 17, false},
	{"their other port", "192.0.2.5", 40000, "198.51.100.7", 54, 17, false},
	{"ports exchanged", "192.0.2.5", 53, "198.51.100.7", 40000, 17, false},
	{"other protocol", "192.0.2.5", 40000, "198.51.100.7", 53, 6, false},
	{"our other address", "192.0.2.6", 40000, "198.51.100.7", 53, 17, false},
	{"other peer", "192.0.2.5", 40000, "198.51.100.8", 53, 17, false},
	{"sides exchanged", "198.51.100.7", 40000, "192.0.2.5", 53, 17, false},
	{"IPv6", "2001:db8::5", 40000, "2001:db8:1::7", 53, 17, false},
};

static void a_key_names_one_conversation(void **state)
{
	(void)state;
	struct keyed_hash h = fixed_hash();
	struct conversation_table *t = conversation_table_create(LEAST_BYTES);
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(key_rows); i++) {
		const struct key_row *r = &key_rows[i];
		struct addr ours = addr_of(r->ours), theirs = addr_of(r->theirs);
		uint64_t key =
			conversation_key(&h, &ours, r->our_port, &theirs, r->their_port, r->proto);
		if (i == 0)
			conversation_table_note(t, key, at_second(0));
		faults += table_check_number(
			r->name, "known", conversation_table_knows(t, key), r->same);
	}
	conversation_table_destroy(t);
	conversation_table_destroy(NULL);
	assert_int_equal(faults, 0);
}

static void the_oldest_of_a_full_bucket_goes(void **state)
{
	(void)state;
	struct conversation_table *t = conversation_table_create(0);
	for (uint64_t i = 0; i < WAYS; i++)
		conversation_table_note(t, UINT64_C(3) << 40 | (i + 1), at_second((int64_t)i * 64));
	conversation_table_note(t, UINT64_C(3) << 40 | 1, at_second(WAYS * 64)); /* refreshed */
	conversation_table_note(t, UINT64_C(3) << 40 | 99, at_second((WAYS + 1) * 64));
	unsigned faults = 0;
	for (uint64_t i = 0; i < WAYS; i++) {
		char row[32];
		snprintf(row, sizeof row, "conversation %u", (unsigned)i);
		faults += table_check_number(row, "known",
			conversation_table_knows(t, UINT64_C(3) << 40 | (i + 1)), i != 1);
	}
	assert_true(conversation_table_knows(t, UINT64_C(3) << 40 | 99));
	conversation_table_destroy(t);
	assert_int_equal(faults, 0);
}

/* The header promises 16 x 2^-24 a look-up: about one in a million. */
static void strangers_are_hardly_ever_known(void **state)
{
	(void)state;
	enum { LOOKS = 3000000 };
	struct table_check_random r = table_check_random_start("conversations");
	struct conversation_table *t = conversation_table_create(LEAST_BYTES);
	for (int i = 0; i < LEAST_BYTES; i++)
		conversation_table_note(t, table_check_random_next(&r), at_second(i / 100));
	int wrong = 0;
	for (int i = 0; i < LOOKS; i++)
		wrong += conversation_table_knows(t, table_check_random_next(&r));
	print_message("false matches: %d in %d (about 3 are promised)\n", wrong, LOOKS);
	conversation_table_destroy(t);
	assert_in_range(wrong, 0, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_names_one_conversation),
		cmocka_unit_test(the_oldest_of_a_full_bucket_goes),
		cmocka_unit_test(strangers_are_hardly_ever_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
