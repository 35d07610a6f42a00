/* SPDX-License-Identifier: ISC */
#include "net/port_set.h"

#include "net/ip_proto.h"
#include "table_check.h"

#include <stdio.h>

struct parse_row {
	const char *text;
	const char *written; /* null = refused */
};

static const struct parse_row parse_rows[] = {
	{"tcp/22", "tcp/22"},
	{"TCP/22", "tcp/22"},
	{"udp/53-53", "udp/53"},
	{"udp/5000-5010", "udp/5000-5010"},
	{"sctp/5060", "sctp/5060"},
	{"tcp", "tcp/0-65535"},
	{"tcp/0-65535", "tcp/0-65535"},
	{"tcp/65535", "tcp/65535"},
	{"tcp/65536", NULL},
	{"tcp/99999999", NULL},
	{"tcp/", NULL},
	{"tcp/-5", NULL},
	{"tcp/5-", NULL},
	{"tcp/9-5", NULL},
	{"tcp/22x", NULL},
	{"tcp/22-23-24", NULL},
	{"tcp22", NULL},
	{"icmp/8", NULL},
	{"22", NULL},
	{"", NULL},
	{" tcp/22", NULL},
	{"tcp/ 22", NULL},
};

static void a_range_is_read_exactly_or_not_at_all(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(parse_rows); i++) {
		const struct parse_row *r = &parse_rows[i];
		struct port_range range;
		bool good = port_range_parse(r->text, strlen(r->text), &range);
		faults += table_check_number(r->text, "read", good, r->written != NULL);
		if (good)
			faults += table_check_text(
				r->text, "written", port_range_to_text(&range).text, r->written);
	}
	assert_int_equal(faults, 0);
}

struct walk_row {
	const char *name;
	const char *added[6];
	const char *walked;
};

static const struct walk_row walk_rows[] = {
	{"nothing", {NULL}, ""},
	{"neighbours join", {"tcp/79", "tcp/81", "tcp/80", "tcp/22"}, "tcp/22 tcp/79-81 "},
	{"ranges that overlap join", {"udp/10-20", "udp/15-30"}, "udp/10-30 "},
	{"the ends of the range", {"tcp/0", "tcp/65535"}, "tcp/0 tcp/65535 "},
	{"protocols never join", {"tcp/65535", "udp/0", "udp/65535", "sctp/0"},
		"tcp/65535 udp/0 udp/65535 sctp/0 "},
	{"everything", {"sctp", "udp", "tcp"}, "tcp/0-65535 udp/0-65535 sctp/0-65535 "},
	{"around the edges of words", {"tcp/63-64", "tcp/127", "tcp/129"},
		"tcp/63-64 tcp/127 tcp/129 "},
};

static void a_set_is_walked_as_sorted_ranges(void **state)
{
	(void)state;
	unsigned faults = 0;
	struct port_set *set = calloc(1, sizeof *set);
	assert_non_null(set);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(walk_rows); i++) {
		const struct walk_row *r = &walk_rows[i];
		struct port_range range;
		char got[256] = "";
		size_t used = 0;
		uint32_t cursor = 0;
		port_set_clear(set);
		for (int n = 0; n < 6 && r->added[n] != NULL; n++) {
			assert_true(port_range_parse(r->added[n], strlen(r->added[n]), &range));
			port_set_add_range(set, range.proto, range.first, range.last);
		}
		while (port_set_next_range(set, &cursor, &range))
			used += (size_t)snprintf(got + used, sizeof got - used, "%s ",
				port_range_to_text(&range).text);
		faults += table_check_text(r->name, "ranges", got, r->walked);
	}
	free(set);
	assert_int_equal(faults, 0);
}

static void what_was_added_is_held_and_counted(void **state)
{
	(void)state;
	struct table_check_random r = table_check_random_start("ports");
	struct port_set *set = calloc(1, sizeof *set);
	bool *added = calloc(65536, sizeof *added);
	assert_true(set != NULL && added != NULL);
	unsigned count = 0;
	for (int i = 0; i < 5000; i++) {
		uint16_t port = (uint16_t)table_check_random_next(&r);
		count += !added[port];
		added[port] = true;
		port_set_add(set, PORT_SET_UDP, port);
	}
	for (uint32_t port = 0; port < 65536; port++)
		assert_int_equal(port_set_holds(set, PORT_SET_UDP, (uint16_t)port), added[port]);
	assert_int_equal(port_set_count(set, PORT_SET_UDP), count);
	assert_int_equal(port_set_count(set, PORT_SET_TCP), 0);
	free(set);
	free(added);
}

static void only_protocols_with_ports_have_a_part(void **state)
{
	(void)state;
	enum port_set_proto proto;
	assert_true(port_set_proto_of(IP_PROTO_TCP, &proto) && proto == PORT_SET_TCP);
	assert_true(port_set_proto_of(IP_PROTO_UDP, &proto) && proto == PORT_SET_UDP);
	assert_true(port_set_proto_of(IP_PROTO_SCTP, &proto) && proto == PORT_SET_SCTP);
	assert_false(port_set_proto_of(IP_PROTO_ICMP, &proto));
	assert_string_equal(port_set_proto_name(PORT_SET_SCTP), "sctp");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_range_is_read_exactly_or_not_at_all),
		cmocka_unit_test(a_set_is_walked_as_sorted_ranges),
		cmocka_unit_test(what_was_added_is_held_and_counted),
		cmocka_unit_test(only_protocols_with_ports_have_a_part),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
