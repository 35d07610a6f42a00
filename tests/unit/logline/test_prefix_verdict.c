/* SPDX-License-Identifier: ISC */
#include "logline/prefix_verdict.h"

#include "table_check.h"

struct prefix_row {
	const char *prefix;
	bool let_in;
};

static const struct prefix_row prefix_rows[] = {
	{"", false},
	{"[UFW BLOCK]", false},
	{"[UFW ALLOW]", true},
	{"[UFW AUDIT]", true},
	{"[UFW LIMIT BLOCK]", false},
	{"filter_IN_public_REJECT:", false},
	{"filter_IN_public_ACCEPT:", true},
	{"Shorewall:net-fw:ACCEPT:", true},
	{"Shorewall:net-fw:DROP:", false},
	{"INBOUND TCP:", false},
	{"accepted", true},
	{"ACCEPT-limit-DROP", false},
	{"DROP not ACCEPTed", false},
	{"not allowed: ", false},
	{"NOT_PERMITTED", false},
	{"no-pass:", false},
	{"LAN: never accepted, allowed", false},
	{"disallowed", false},
	{"rule no 3: ACCEPT", true},
	{"NOTICE: ALLOWED", true},
	{"not-lan ACCEPT", true},
	{"acceptance", false},
	{"bypass", false},
	{"nft#12", false},
};

static void the_words_before_a_line_tell_what_was_let_in(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(prefix_rows); i++)
		faults += table_check_number(prefix_rows[i].prefix, "let in",
			prefix_verdict_is_let_in(text_slice_of(prefix_rows[i].prefix)),
			prefix_rows[i].let_in);
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_words_before_a_line_tell_what_was_let_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
