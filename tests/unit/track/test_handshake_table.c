/* SPDX-License-Identifier: ISC */
#include "track/handshake_table.h"

#include "table_check.h"

struct proof_row {
	const char *name;
	uint64_t conversation;
	uint32_t ack;
	bool proof;
};

static const struct proof_row proof_rows[] = {
	{"our number itself", 77, 1000, false},
	{"a guess", 77, 5, false},
	{"another conversation", 78, 1001, false},
	{"another conversation in the same slot", 77 + HANDSHAKE_SLOTS, 1001, false},
	{"our number plus one", 77, 1001, true},
	{"the same once more", 77, 1001, false},
	{"the number wraps", 99, 0, true},
};

static void only_our_number_plus_one_is_proof(void **state)
{
	(void)state;
	struct handshake_table *t = calloc(1, sizeof *t);
	unsigned faults = 0;
	assert_non_null(t);
	handshake_note_offer(t, 77, 1000);
	handshake_note_offer(t, 99, UINT32_MAX);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(proof_rows); i++)
		faults += table_check_number(proof_rows[i].name, "proof",
			handshake_complete(t, proof_rows[i].conversation, proof_rows[i].ack),
			proof_rows[i].proof);
	free(t);
	assert_int_equal(faults, 0);
}

static void a_later_offer_in_the_slot_ends_the_older_one(void **state)
{
	(void)state;
	struct handshake_table *t = calloc(1, sizeof *t);
	assert_non_null(t);
	handshake_note_offer(t, 5, 100);
	handshake_note_offer(t, 5 + HANDSHAKE_SLOTS, 200);
	assert_false(handshake_complete(t, 5, 101));
	assert_true(handshake_complete(t, 5 + HANDSHAKE_SLOTS, 201));
	free(t);
}

static void only_a_handshake_that_waits_is_broken_off(void **state)
{
	(void)state;
	struct handshake_table *t = calloc(1, sizeof *t);
	assert_non_null(t);
	handshake_note_offer(t, 5, 100);
	handshake_note_offer(t, 6, 100);
	assert_false(handshake_break_off(t, 5 + HANDSHAKE_SLOTS));
	assert_true(handshake_break_off(t, 5));
	assert_false(handshake_break_off(t, 5));
	assert_false(handshake_complete(t, 5, 101));
	assert_true(handshake_complete(t, 6, 101));
	assert_false(handshake_break_off(t, 6));
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_our_number_plus_one_is_proof),
		cmocka_unit_test(a_later_offer_in_the_slot_ends_the_older_one),
		cmocka_unit_test(only_a_handshake_that_waits_is_broken_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
