/* SPDX-License-Identifier: ISC */
#include "access/access_network.h"

#include "table_check.h"

#include <arpa/inet.h>
#include <stdio.h>

struct network_row {
	const char *net, *mask, *address;
	bool holds;
};

static const struct network_row network_rows[] = {
	{"10.0.0.0", "255.0.0.0", "10.1.2.3", true},
	{"10.0.0.0", "255.0.0.0", "11.1.2.3", false},
	{"10.0.0.0", "8", "10.1.2.3", true},
	{"10.0.0.1", "8", "10.0.0.1", false}, /* host bits set: never */
	{"10.0.0.1", "255.0.0.0", "10.0.0.1", false},
	{"10.0.0.1", "32", "10.0.0.1", true},
	{"10.0.0.1", "255.255.255.255", "10.0.0.1", false},
	{"255.255.255.255", "32", "255.255.255.255", false},
	{"0.0.0.0", "0", "10.0.0.1", false},
	{"0.0.0.0", "0.0.0.0", "10.0.0.1", true},
	{"0.0.0.0", "1", "10.0.0.1", true},
	{"128.0.0.0", "1", "192.0.2.1", true},
	{"10.0.0.0", "33", "10.0.0.0", false},
	{"10.0.0.0", "-8", "10.0.0.0", false},
	{"10.0.0.0", "", "10.0.0.0", false},
	{"198.51.100.0", "24junk", "198.51.100.7", true},
	{"198.51.100.0", "24.0", "198.51.100.7", true},
	{"198.51.100.0", "024", "198.51.100.7", true},
	{"198.51.100.0", "+24", "198.51.100.7", true},
	{"198.51.100.0", "4294967320", "198.51.100.7", true}, /* 24, when cut to 32 bits */
	{"198.51.100.0", "24/24", "198.51.100.7", true},
	{"0306.063.0144.0", "24", "198.51.100.7", true},
	{"0xc6.0x33.0X64.0", "24", "198.51.100.7", true},
	{"198.51.100.0", "0xff.0377.255.0", "198.51.100.7", true},
	{"198.51.100.0", "0xffffff00", "198.51.100.7", false},
	{"198.51.100.5", "255.255.255.253", "198.51.100.7", true}, /* a mask with a hole */
	{"198.51.100", "24", "198.51.100.7", false},
	{"198.51.100.", "24", "198.51.100.7", false},
	{"198.51..0", "24", "198.51.100.7", false},
	{"198.51.100.0.", "24", "198.51.100.7", false},
	{"198.51.256.0", "24", "198.51.100.7", false},
	{"08.0.0.0", "8", "8.0.0.1", false},
	{"[2001:db8::]", "32", "2001:db8::1", true},
	{"[2001:db8::]", "32", "2001:db9::1", false},
	{"[2001:db8::7]", "32", "2001:db8::1", true}, /* host bits are allowed here */
	{"[2001:db8::]", "33", "2001:db8:8000::", false},
	{"[2001:db8::]", "33", "2001:db8:7fff::", true},
	{"[2001:db8::1]", "128", "2001:db8::1", true},
	{"[2001:db8::1]", "128", "2001:db8::2", false},
	{"[2001:db8::1]", "129", "2001:db8::1", false},
	{"[2001:db8::1]", "-1", "2001:db8::1", false},
	{"[2001:db8::1]", "0", "fe80::1", true},
	{"[2001:db8::1]", "junk", "fe80::1", true},
	{"[2001:db8::1]", "", "fe80::1", true},
	{"2001:db8::", "32", "2001:db8::1", false},
	{"[2001:db8::", "32", "2001:db8::1", false},
	{"[]", "0", "2001:db8::1", false},
	{"[10.0.0.0]", "8", "10.0.0.1", false},
	{"[::]", "0", "10.0.0.1", false},
	{"10.0.0.0", "8", "2001:db8::1", false},
	{"[::ffff:10.0.0.0]", "104", "10.0.0.1", false},
	{"[fe80::%1]", "10", "fe80::1%1", true},
	{"[fe80::%lo]", "10", "fe80::1", true},
	{"[fe80::%no-such-zone]", "10", "fe80::1", false},
	{"[2001:db8::%lo]", "32", "2001:db8::1", false},
	{"0.0.0.0", "0.0.0.0", "unknown", false},
	{"[::]", "0", "unknown", false},
	{"[::]", "0", "", false},
};

static void a_network_holds_what_the_original_says(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(network_rows); i++) {
		const struct network_row *row = &network_rows[i];
		char name[128];
		snprintf(name, sizeof name, "%s/%s of %s", row->net, row->mask, row->address);
		struct access_network_address a = access_network_read(text_slice_of(row->address));
		faults += table_check_number(name, "holds",
			access_network_holds(text_slice_of(row->net), text_slice_of(row->mask), &a), row->holds);
	}
	assert_int_equal(faults, 0);
}

/* inet_aton() is the original's reader; it takes fewer fields, too, which are not ours. */
static void four_fields_are_read_as_the_c_library_does(void **state)
{
	(void)state;
	static const char letters[] = "0123456789.....xXaf8 -";
	struct table_check_random random = table_check_random_start("four fields");
	unsigned faults = 0, good = 0;
	for (unsigned round = 0; round < 200000; round++) {
		char text[20] = "";
		size_t n = 5 + table_check_random_below(&random, 12), dots = 0;
		for (size_t i = 0; i < n; i++) {
			text[i] = letters[table_check_random_below(&random, sizeof letters - 1)];
			dots += text[i] == '.';
		}
		if (strchr(text, ' '))
			continue; /* no word has one */
		struct in_addr a;
		uint32_t got = 0;
		bool wanted = dots == 3 && inet_aton(text, &a) && a.s_addr != INADDR_NONE;
		bool read = access_network_read_v4(text_slice_of(text), &got);
		faults += table_check_number(text, "read", read, wanted);
		if (read && wanted)
			faults += table_check_number(text, "address", got, ntohl(a.s_addr));
		good += wanted;
	}
	assert_int_equal(faults, 0);
	assert_true(good > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_network_holds_what_the_original_says),
		cmocka_unit_test(four_fields_are_read_as_the_c_library_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
