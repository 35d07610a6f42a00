/* SPDX-License-Identifier: ISC */
#include "net/prefix.h"

#include "table_check.h"

#include <stdio.h>

struct parse_row {
	const char *text;
	const char *written; /* null = refused */
	bool host_bits;
};

static const struct parse_row parse_rows[] = {
	{"192.0.2.0/24", "192.0.2.0/24", false},
	{"192.0.2.1", "192.0.2.1", false},
	{"192.0.2.1/32", "192.0.2.1", false},
	{"0.0.0.0/0", "0.0.0.0/0", false},
	{"192.0.2.1/24", NULL, true},
	{"192.0.2.128/25", "192.0.2.128/25", false},
	{"192.0.2.64/25", NULL, true},
	{"192.0.2.0/33", NULL, false},
	{"192.0.2.0/", NULL, false},
	{"192.0.2.0/-1", NULL, false},
	{"192.0.2.0/024", "192.0.2.0/24", false},
	{"192.0.2.0/0024", NULL, false},
	{"192.0.2.0/2x", NULL, false},
	{"/24", NULL, false},
	{"", NULL, false},
	{"2001:db8::/32", "2001:db8::/32", false},
	{"2001:db8::1/32", NULL, true},
	{"2001:db8::1", "2001:db8::1", false},
	{"2001:db8::/129", NULL, false},
	{"2001:db8::1/128", "2001:db8::1", false},
};

static void a_block_is_read_exactly_or_not_at_all(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(parse_rows); i++) {
		const struct parse_row *r = &parse_rows[i];
		struct prefix p;
		bool host_bits = !r->host_bits;
		bool good = prefix_parse(r->text, strlen(r->text), &p, &host_bits);
		faults += table_check_number(r->text, "read", good, r->written != NULL);
		faults += table_check_number(r->text, "host bits", host_bits, r->host_bits);
		faults += table_check_number(r->text, "same without asking",
			prefix_parse(r->text, strlen(r->text), &p, NULL), good);
		if (good)
			faults += table_check_text(
				r->text, "written", prefix_to_text(&p).text, r->written);
	}
	assert_int_equal(faults, 0);
}

struct hold_row {
	const char *prefix, *address;
	bool held;
};

static const struct hold_row hold_rows[] = {
	{"192.0.2.0/24", "192.0.2.0", true},
	{"192.0.2.0/24", "192.0.2.255", true},
	{"192.0.2.0/24", "192.0.3.0", false},
	{"192.0.2.0/24", "192.0.1.255", false},
	{"192.0.2.4/31", "192.0.2.5", true},
	{"192.0.2.4/31", "192.0.2.6", false},
	{"192.0.2.5", "192.0.2.5", true},
	{"192.0.2.5", "192.0.2.4", false},
	{"0.0.0.0/0", "203.0.113.9", true},
	{"0.0.0.0/0", "2001:db8::1", false},
	{"::/0", "2001:db8::1", true},
	{"::/0", "192.0.2.1", true},
	{"2001:db8::/32", "2001:db8:ffff::1", true},
	{"2001:db8::/32", "2001:db9::", false},
	{"2001:db8::/64", "2001:db8::ffff:0:0:1", true},
	{"2001:db8::/64", "2001:db8:0:1::", false},
	{"2001:db8::/65", "2001:db8::7fff:0:0:1", true},
	{"2001:db8::/65", "2001:db8::8000:0:0:1", false},
	{"2001:db8::1", "2001:db8::1", true},
	{"2001:db8::1", "2001:db8::2", false},
	{"192.0.2.0/24", "2001:db8::1", false},
};

static void a_block_holds_what_begins_like_it(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(hold_rows); i++) {
		const struct hold_row *r = &hold_rows[i];
		struct prefix p;
		struct addr a;
		assert_true(prefix_parse(r->prefix, strlen(r->prefix), &p, NULL));
		assert_true(addr_parse(r->address, strlen(r->address), &a));
		faults += table_check_number(r->prefix, r->address, prefix_holds(&p, &a), r->held);
	}
	assert_int_equal(faults, 0);
}

/* Against the definition: the first bits are equal, all of them. */
static void holding_is_equality_of_the_first_bits(void **state)
{
	(void)state;
	struct table_check_random r = table_check_random_start("prefixes");
	for (int i = 0; i < 50000; i++) {
		struct addr a, b;
		unsigned bits = table_check_random_below(&r, 129),
			 differs = table_check_random_below(&r, 128);
		for (int n = 0; n < 16; n++)
			a.bytes[n] = (uint8_t)table_check_random_next(&r);
		a.bytes[0] = 0x20;
		b = a;
		b.bytes[differs / 8] ^= (uint8_t)(0x80 >> differs % 8);
		struct prefix p = prefix_of(&a, bits);
		assert_int_equal(p.length_bits, bits);
		assert_true(prefix_holds(&p, &a));
		assert_int_equal(prefix_holds(&p, &b), differs >= bits);
		struct prefix_set set = {.count = 0};
		assert_true(prefix_set_add(&set, &p));
		assert_true(prefix_set_holds(&set, &a));
		assert_int_equal(prefix_set_holds(&set, &b), differs >= bits);
	}
}

static void a_set_holds_what_one_of_its_blocks_holds(void **state)
{
	(void)state;
	struct prefix_set set = {.count = 0};
	struct prefix p;
	struct addr in, out;
	assert_true(addr_parse("192.0.2.200", 11, &in) && addr_parse("192.0.3.200", 11, &out));
	assert_false(prefix_set_holds(&set, &in));
	assert_true(prefix_parse("203.0.113.0/24", 14, &p, NULL) && prefix_set_add(&set, &p));
	assert_true(prefix_parse("192.0.2.0/24", 12, &p, NULL) && prefix_set_add(&set, &p));
	assert_true(prefix_set_holds(&set, &in));
	assert_false(prefix_set_holds(&set, &out));
	assert_true(prefix_parse("192.0.2.7", 9, &p, NULL) && prefix_set_add(&set, &p));
	assert_int_equal(set.count, 2); /* it was covered */
}

static void a_full_set_says_so(void **state)
{
	(void)state;
	struct prefix_set set = {.count = 0};
	for (uint32_t i = 0; i < PREFIX_SET_MAX; i++) {
		struct addr a = addr_from_v4(UINT32_C(0xc6120000) + i * 2);
		struct prefix p = prefix_of(&a, 32);
		assert_true(prefix_set_add(&set, &p));
	}
	struct addr covered = addr_from_v4(UINT32_C(0xc6120000)), other = addr_from_v4(1);
	struct prefix p = prefix_of(&covered, 32), q = prefix_of(&other, 32);
	assert_true(prefix_set_add(&set, &p));
	assert_false(prefix_set_add(&set, &q));
	assert_int_equal(set.count, PREFIX_SET_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_is_read_exactly_or_not_at_all),
		cmocka_unit_test(a_block_holds_what_begins_like_it),
		cmocka_unit_test(holding_is_equality_of_the_first_bits),
		cmocka_unit_test(a_set_holds_what_one_of_its_blocks_holds),
		cmocka_unit_test(a_full_set_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
