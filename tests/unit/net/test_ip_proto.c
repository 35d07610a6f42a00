/* SPDX-License-Identifier: ISC */
#include "net/ip_proto.h"

#include "table_check.h"

struct name_row {
	const char *text;
	int number; /* -1 = refused */
	const char *written;
};

static const struct name_row name_rows[] = {
	{"TCP", 6, "TCP"},
	{"tcp", 6, "TCP"},
	{"Udp", 17, "UDP"},
	{"icmp", 1, "ICMP"},
	{"ICMPv6", 58, "ICMPv6"},
	{"sctp", 132, "SCTP"},
	{"GRE", 47, "47"},
	{"igmp", 2, "2"},
	{"0", 0, "0"},
	{"6", 6, "TCP"},
	{"255", 255, "255"},
	{"256", -1, NULL},
	{"1000", -1, NULL},
	{"", -1, NULL},
	{"-1", -1, NULL},
	{"tcpx", -1, NULL},
	{"tc", -1, NULL},
	{"6 ", -1, NULL},
};

static void names_and_numbers_are_read(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(name_rows); i++) {
		const struct name_row *r = &name_rows[i];
		uint8_t number = 77;
		bool good = ip_proto_parse(r->text, strlen(r->text), &number);
		faults += table_check_number(r->text, "read", good, r->number >= 0);
		faults += table_check_number(r->text, "number", number, good ? r->number : 77);
		if (good)
			faults += table_check_text(
				r->text, "written", ip_proto_to_text(number).text, r->written);
	}
	assert_int_equal(faults, 0);
}

static void every_number_is_written_and_read_again(void **state)
{
	(void)state;
	for (unsigned proto = 0; proto < 256; proto++) {
		struct ip_proto_text text = ip_proto_to_text((uint8_t)proto);
		uint8_t again = 0;
		assert_true(ip_proto_parse(text.text, strlen(text.text), &again));
		assert_int_equal(again, proto);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_numbers_are_read),
		cmocka_unit_test(every_number_is_written_and_read_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
