/* SPDX-License-Identifier: ISC */
#include "net/addr.h"

#include "table_check.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

struct parse_row {
	const char *text;
	const char *written; /* as addr_to_text writes it; null = refused */
};

static const struct parse_row parse_rows[] = {
	{"192.0.2.1", "192.0.2.1"},
	{"0.0.0.0", "0.0.0.0"},
	{"255.255.255.255", "255.255.255.255"},
	{"192.0.2.256", NULL},
	{"192.0.2", NULL},
	{"192.0.2.1.", NULL},
	{"192.0.2.1.1", NULL},
	{"192.0.2.01", NULL},
	{"192.0.2.001", NULL},
	{"192.0.2.1000", NULL},
	{"192.0.2.-1", NULL},
	{" 192.0.2.1", NULL},
	{"192.0.2.1 ", NULL},
	{"192.0..1", NULL},
	{"0x1.0.2.1", NULL},
	{"2001:db8::1", "2001:db8::1"},
	{"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
	{"::1", "::1"},
	{"::", "-"},
	{"2001:db8::1::1", NULL},
	{"2001:db8::g", NULL},
	{"fe80::1%eth0", NULL},
	{"2001:db8:1:2:3:4:5:6:7", NULL},
	{"2001:db8::/32", NULL},
	{"::ffff:192.0.2.1", "192.0.2.1"},
	{"2001:db8::12345", NULL},
	{"", NULL},
	{"localhost", NULL},
	{"12345", NULL},
	{":", NULL},
};

static void an_address_is_read_exactly_or_not_at_all(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(parse_rows); i++) {
		const struct parse_row *r = &parse_rows[i];
		struct addr a, before;
		memset(&a, 0x5a, sizeof a);
		before = a;
		bool good = addr_parse(r->text, strlen(r->text), &a);
		faults += table_check_number(r->text, "read", good, r->written != NULL);
		if (good)
			faults += table_check_text(
				r->text, "written", addr_to_text(&a).text, r->written);
		else
			faults += table_check_number(
				r->text, "untouched", addr_equal(&a, &before), true);
	}
	assert_int_equal(faults, 0);
}

static void only_the_given_characters_are_read(void **state)
{
	(void)state;
	struct addr a;
	assert_true(addr_parse("192.0.2.15", 9, &a));
	assert_string_equal(addr_to_text(&a).text, "192.0.2.1");
	assert_false(addr_parse("192.0.2.15", 8, &a));
	assert_false(addr_parse("2001:db8::1\0", 12, &a));
	assert_false(addr_parse("", 0, &a));
}

/* The system's inet_pton(3) keeps the same rules. */
static void dotted_quads_are_read_as_the_system_reads_them(void **state)
{
	(void)state;
	static const char alphabet[] = "0011222225559.....a";
	unsigned seed = 20261128, good = 0;
	for (int round = 0; round < 300000; round++) {
		char text[20];
		uint8_t wanted[4];
		size_t length = 0;
		if (round % 2) {
			for (int part = 0; part < 4; part++)
				length += (size_t)snprintf(text + length, 5, "%s%u",
					part ? "." : "", (unsigned)rand_r(&seed) % 270);
			text[(size_t)rand_r(&seed) % length] = alphabet[(size_t)rand_r(&seed) % 18];
		} else {
			for (length = 7; length < 15; length++)
				text[length - 7] = alphabet[(size_t)rand_r(&seed) % 18];
			length -= 7;
		}
		text[length] = '\0';
		struct addr a;
		const char *behind = addr_read_v4(text, text + length, &a);
		bool system = inet_pton(AF_INET, text, wanted) == 1;
		bool whole = behind == text + length;
		if (whole != system || (whole && memcmp(a.bytes + 12, wanted, 4) != 0))
			fail_msg("%s: got %d, wanted %d", text, whole, system);
		/* the same with something behind it that is none of it */
		text[length] = ' ';
		text[length + 1] = '.';
		assert_ptr_equal(addr_read_v4(text, text + length + 2, &a), behind);
		good += whole;
	}
	assert_in_range(good, 10000, 290000);
}

/* Groups, gaps and what is nearly one. */
static void ipv6_is_read_as_the_system_reads_it(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("ipv6");
	static const char *const pieces[] = {":", ":", "::", "0", "1", "00", "db8", "FFFF", "12345", ".", "1.2.3.4", "g", "ffff"};
	enum { PIECES = sizeof pieces / sizeof pieces[0] };
	unsigned good = 0;
	for (unsigned round = 0; round < 600000; round++) {
		char text[128] = "";
		const unsigned groups = 1 + table_check_random_below(&random, 9), gap = table_check_random_below(&random, 12);
		for (unsigned i = 0; i < groups; i++) {
			const char *between = i == gap ? "::" : i > 0 ? ":" : "";
			snprintf(text + strlen(text), 12, "%s%x", between,
				table_check_random_below(&random, 0x10000) >> table_check_random_below(&random, 16));
		}
		if (groups == gap)
			strcat(text, "::");
		for (unsigned changes = table_check_random_below(&random, 3); round % 2 && changes > 0; changes--) {
			char rest[128];
			const size_t at = table_check_random_below(&random, (uint32_t)strlen(text) + 1);
			const size_t gone = table_check_random_below(&random, 2) < strlen(text + at);
			snprintf(rest, sizeof rest, "%s", text + at + gone);
			snprintf(text + at, sizeof text - at, "%s%s", pieces[table_check_random_below(&random, PIECES)], rest);
		}
		if (strchr(text, ':') == NULL)
			continue;
		uint8_t wanted[16];
		struct addr a = {{7}};
		const bool system = inet_pton(AF_INET6, text, wanted) == 1, ours = addr_parse(text, strlen(text), &a);
		if (ours != system || (ours && memcmp(a.bytes, wanted, sizeof wanted) != 0))
			fail_msg("%s: got %d, wanted %d", text, ours, system);
		assert_int_equal(a.bytes[0], ours ? wanted[0] : 7);
		good += ours;
	}
	assert_in_range(good, 100000, 590000);
}

struct kind_row {
	const char *text;
	bool v4, multicast, broadcast, loopback, link_local;
};

static const struct kind_row kind_rows[] = {
	{"192.0.2.1", true, false, false, false, false},
	{"223.255.255.255", true, false, false, false, false},
	{"224.0.0.1", true, true, false, false, false},
	{"239.255.255.255", true, true, false, false, false},
	{"240.0.0.1", true, false, false, false, false},
	{"255.255.255.255", true, false, true, false, false},
	{"255.255.255.254", true, false, false, false, false},
	{"127.0.0.1", true, false, false, true, false},
	{"127.255.0.9", true, false, false, true, false},
	{"169.254.1.1", true, false, false, false, true},
	{"169.253.1.1", true, false, false, false, false},
	{"2001:db8::1", false, false, false, false, false},
	{"ff02::1", false, true, false, false, false},
	{"fe80::1", false, false, false, false, true},
	{"febf::1", false, false, false, false, true},
	{"fec0::1", false, false, false, false, false},
	{"::1", false, false, false, true, false},
	{"::2", false, false, false, false, false},
};

static void special_addresses_are_known(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(kind_rows); i++) {
		const struct kind_row *r = &kind_rows[i];
		struct addr a;
		assert_true(addr_parse(r->text, strlen(r->text), &a));
		faults += table_check_number(r->text, "IPv4", addr_is_v4(&a), r->v4);
		faults += table_check_number(
			r->text, "multicast", addr_is_multicast(&a), r->multicast);
		faults += table_check_number(
			r->text, "broadcast", addr_is_limited_broadcast(&a), r->broadcast);
		faults +=
			table_check_number(r->text, "loopback", addr_is_loopback(&a), r->loopback);
		faults += table_check_number(
			r->text, "link local", addr_is_link_local(&a), r->link_local);
		faults += table_check_number(r->text, "none", addr_is_none(&a), false);
	}
	assert_int_equal(faults, 0);
}

static void numbers_and_bytes_make_the_same_address(void **state)
{
	(void)state;
	const uint8_t bytes[4] = {192, 0, 2, 77};
	struct addr a = addr_from_v4(UINT32_C(0xc000024d)), b = addr_from_v4_bytes(bytes),
		    none = {{0}};
	assert_true(addr_equal(&a, &b));
	assert_int_equal(addr_v4(&a), UINT32_C(0xc000024d));
	assert_true(addr_is_none(&none));
	assert_false(addr_equal(&a, &none));
	assert_string_equal(addr_to_text(&none).text, "-");
}

static void one_wrong_byte_in_the_prefix_makes_it_no_ipv4(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		struct addr a = addr_from_v4(0xc0000201);
		a.bytes[i] ^= 0x10;
		assert_int_equal(addr_is_v4(&a), i >= 12);
	}
}

static void addresses_are_ordered_byte_by_byte(void **state)
{
	(void)state;
	static const char *const sorted[] = {"::1", "0.0.0.0", "192.0.2.1", "192.0.2.2",
		"192.0.3.0", "2001:db8::", "2001:db8::1", "ff02::1"};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(sorted); i++) {
		for (size_t j = 0; j < TABLE_CHECK_ROWS(sorted); j++) {
			struct addr a, b;
			assert_true(addr_parse(sorted[i], strlen(sorted[i]), &a));
			assert_true(addr_parse(sorted[j], strlen(sorted[j]), &b));
			int order = addr_compare(&a, &b);
			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
	struct table_check_random r = table_check_random_start("addresses");
	for (int i = 0; i < 20000; i++) {
		struct addr a = {{0}}, b;
		for (int n = 0; n < 16; n++)
			a.bytes[n] = (uint8_t)table_check_random_next(&r);
		b = a;
		b.bytes[table_check_random_below(&r, 16)] = (uint8_t)table_check_random_next(&r);
		int order = addr_compare(&a, &b), wanted = memcmp(&a, &b, sizeof a);
		assert_int_equal((order > 0) - (order < 0), (wanted > 0) - (wanted < 0));
	}
}

static void what_is_written_can_be_read_again(void **state)
{
	(void)state;
	struct table_check_random r = table_check_random_start("addresses");
	for (int i = 0; i < 20000; i++) {
		struct addr a, b;
		for (int n = 0; n < 16; n++)
			a.bytes[n] = (uint8_t)(table_check_random_below(&r, 3)
						       ? 0
						       : table_check_random_next(&r));
		if (i % 2)
			a = addr_from_v4((uint32_t)table_check_random_next(&r));
		a.bytes[15] |= 1;
		struct addr_text text = addr_to_text(&a);
		assert_true(addr_parse(text.text, strlen(text.text), &b));
		assert_true(addr_equal(&a, &b));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_read_exactly_or_not_at_all),
		cmocka_unit_test(dotted_quads_are_read_as_the_system_reads_them),
		cmocka_unit_test(ipv6_is_read_as_the_system_reads_it),
		cmocka_unit_test(only_the_given_characters_are_read),
		cmocka_unit_test(special_addresses_are_known),
		cmocka_unit_test(numbers_and_bytes_make_the_same_address),
		cmocka_unit_test(one_wrong_byte_in_the_prefix_makes_it_no_ipv4),
		cmocka_unit_test(addresses_are_ordered_byte_by_byte),
		cmocka_unit_test(what_is_written_can_be_read_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
