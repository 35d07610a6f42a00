/* SPDX-License-Identifier: ISC */
#include "track/port_bits.h"

#include "table_check.h"

enum { KEYS = PORT_BITS_WORDS * 64 };

/* Against one byte for each port; the memory it starts with is anything. */
static void ports_come_back_once_and_in_order(void **state)
{
	(void)state;
	static struct port_bits b;
	struct table_check_random r = table_check_random_start("ports");
	for (int n = 0; n < 50; n++) {
		static bool there[KEYS];
		uint32_t base = (uint32_t)table_check_random_below(&r, KEYS);
		uint32_t span = 1u << table_check_random_below(&r, 18);
		memset(there, 0, sizeof there);
		memset(b.words, (int)table_check_random_next(&r), sizeof b.words);
		port_bits_clear(&b);
		for (int i = 0; i < 1000; i++) {
			uint32_t key = (base + (uint32_t)table_check_random_below(&r, span)) % KEYS;
			assert_int_equal(port_bits_add(&b, key), !there[key]);
			there[key] = true;
		}
		uint32_t next = 0;
		for (uint32_t key = 0; key < KEYS; key++) {
			if (!there[key])
				continue;
			assert_true(port_bits_next(&b, &next));
			assert_int_equal(next, key);
			next++;
		}
		assert_false(port_bits_next(&b, &next));
	}
}

static void the_first_and_the_last_port_have_their_place(void **state)
{
	(void)state;
	static struct port_bits b;
	uint32_t key = 0, first = port_bits_key(TARGET_TCP, 0);
	uint32_t last = port_bits_key(TARGET_SCTP, 65535);
	port_bits_clear(&b);
	assert_false(port_bits_next(&b, &key));
	assert_int_equal(last, KEYS - 1);
	assert_true(port_bits_add(&b, last));
	assert_true(port_bits_add(&b, first));
	key = 0;
	assert_true(port_bits_next(&b, &key));
	assert_int_equal(key++, first);
	assert_true(port_bits_next(&b, &key));
	assert_int_equal(key++, last);
	assert_false(port_bits_next(&b, &key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_come_back_once_and_in_order),
		cmocka_unit_test(the_first_and_the_last_port_have_their_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
