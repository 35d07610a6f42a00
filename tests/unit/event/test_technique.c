/* SPDX-License-Identifier: ISC */
#include "event/technique.h"

#include "table_check.h"

static void names_and_bits_are_those_of_the_contract(void **state)
{
	(void)state;
	static const char *const names[] = {"syn", "connect", "fin", "null", "xmas", "ack",
		"window", "maimon", "syn-fin", "all-flags", "udp", "icmp-echo", "icmp-timestamp",
		"icmp-mask", "icmp", "sctp-init", "ip-protocol"};
	assert_int_equal(TABLE_CHECK_ROWS(names), TECHNIQUES);
	for (int i = 0; i < TECHNIQUES; i++) {
		assert_string_equal(technique_name((enum technique)i), names[i]);
		assert_int_equal(technique_bit((enum technique)i), UINT32_C(1) << i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_bits_are_those_of_the_contract),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
