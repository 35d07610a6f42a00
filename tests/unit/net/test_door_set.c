/* SPDX-License-Identifier: ISC */
#include "net/door_set.h"

#include "table_check.h"

#include <stdlib.h>

static struct addr addr_of(const char *text)
{
	struct addr a = {{0}};
	assert_true(addr_parse(text, strlen(text), &a));
	return a;
}

static struct door_set *make_set(void)
{
	struct door_set *set = calloc(1, sizeof *set);
	assert_non_null(set);
	return set;
}

struct door_row {
	const char *bound;
	bool v6only;
	const char *asked;
	bool open;
};

/* One socket with port tcp/22, and whether somebody who comes to an address finds it. */
static const struct door_row door_rows[] = {
	{"0.0.0.0", false, "192.0.2.1", true},
	{"0.0.0.0", false, "2001:db8::1", false},
	{"::", false, "192.0.2.1", true},
	{"::", false, "2001:db8::1", true},
	{"::", true, "192.0.2.1", false},
	{"::", true, "2001:db8::1", true},
	{"::ffff:0.0.0.0", false, "192.0.2.1", true},
	{"::ffff:0.0.0.0", false, "2001:db8::1", false},
	{"192.0.2.1", false, "192.0.2.1", true},
	{"192.0.2.1", false, "192.0.2.2", false},
	{"192.0.2.1", false, "2001:db8::1", false},
	{"::ffff:192.0.2.1", false, "192.0.2.1", true},
	{"2001:db8::1", false, "2001:db8::1", true},
	{"2001:db8::1", false, "2001:db8::2", false},
	{"2001:db8::1", false, "192.0.2.1", false},
};

static void a_socket_is_a_door_where_it_is_bound(void **state)
{
	(void)state;
	struct door_set *set = make_set();
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof door_rows / sizeof door_rows[0]; i++) {
		const struct door_row *row = &door_rows[i];
		struct addr bound = addr_of(row->bound), asked = addr_of(row->asked);
		door_set_clear(set);
		door_set_add(set, &bound, row->v6only, PORT_SET_TCP, 22);
		faults += table_check_number(row->bound, row->asked,
			door_set_holds(set, &asked, PORT_SET_TCP, 22), row->open);
		faults += table_check_number(row->bound, "another port",
			door_set_holds(set, &asked, PORT_SET_TCP, 23), false);
		faults += table_check_number(row->bound, "another protocol",
			door_set_holds(set, &asked, PORT_SET_UDP, 22), false);
	}
	assert_int_equal(faults, 0);
	free(set);
}

/* Whatever the order in which the kernel tells them. */
static void the_order_of_adding_does_not_matter(void **state)
{
	(void)state;
	static const char *const bound[] = {"192.0.2.9", "192.0.2.1", "2001:db8::1",
		"::", "0.0.0.0", "192.0.2.1", "2001:db8::"};
	enum { COUNT = sizeof bound / sizeof bound[0] };
	struct door_set *there = make_set(), *back = make_set();
	for (uint16_t i = 0; i < COUNT; i++) {
		struct addr first = addr_of(bound[i]), last = addr_of(bound[COUNT - 1 - i]);
		for (uint16_t port = 1; port < 4; port++) {
			door_set_add(there, &first, true, PORT_SET_TCP, port);
			door_set_add(there, &first, true, PORT_SET_UDP, port);
			door_set_add(back, &last, true, PORT_SET_UDP, (uint16_t)(4 - port));
			door_set_add(back, &last, true, PORT_SET_TCP, (uint16_t)(4 - port));
		}
	}
	assert_true(door_set_equal(there, back));
	assert_int_equal(there->narrow_count, 4 * 6); /* 192.0.2.1 stands there once */
	struct addr other = addr_of("192.0.2.3");
	door_set_add(back, &other, false, PORT_SET_TCP, 1);
	assert_false(door_set_equal(there, back));
	free(there);
	free(back);
}

static void what_does_not_fit_is_open_everywhere_and_counted(void **state)
{
	(void)state;
	struct door_set *set = make_set();
	struct addr elsewhere = addr_of("198.51.100.1"), v6 = addr_of("2001:db8::1");
	for (uint32_t i = 0; i < DOOR_SET_NARROW; i++) {
		struct addr own = addr_from_v4(0x0a000000 + i);
		door_set_add(set, &own, false, PORT_SET_TCP, (uint16_t)(1000 + i));
	}
	assert_int_equal(set->widened, 0);
	assert_false(door_set_holds(set, &elsewhere, PORT_SET_TCP, 1000));
	struct addr one_more = addr_from_v4(0x0affffff);
	door_set_add(set, &one_more, false, PORT_SET_TCP, 22);
	assert_int_equal(set->widened, 1);
	assert_true(door_set_holds(set, &one_more, PORT_SET_TCP, 22));
	assert_true(door_set_holds(set, &elsewhere, PORT_SET_TCP, 22));
	assert_false(door_set_holds(set, &v6, PORT_SET_TCP, 22));
	for (uint32_t i = 0; i < DOOR_SET_NARROW; i++) {
		struct addr own = addr_from_v4(0x0a000000 + i);
		assert_true(door_set_holds(set, &own, PORT_SET_TCP, (uint16_t)(1000 + i)));
	}
	free(set);
}

static void people_see_every_port_once(void **state)
{
	(void)state;
	struct door_set *set = make_set();
	struct port_set *ports = calloc(1, sizeof *ports);
	struct addr any4 = addr_of("0.0.0.0"), any6 = addr_of("::"), one = addr_of("192.0.2.1");
	door_set_add(set, &any4, false, PORT_SET_TCP, 22);
	door_set_add(set, &any6, true, PORT_SET_TCP, 22);
	door_set_add(set, &any6, true, PORT_SET_TCP, 80);
	door_set_add(set, &one, false, PORT_SET_UDP, 53);
	door_set_write_ports(set, ports);
	assert_int_equal(port_set_count(ports, PORT_SET_TCP), 2);
	assert_int_equal(port_set_count(ports, PORT_SET_UDP), 1);
	assert_true(port_set_holds(ports, PORT_SET_UDP, 53));
	free(ports);
	free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_socket_is_a_door_where_it_is_bound),
		cmocka_unit_test(the_order_of_adding_does_not_matter),
		cmocka_unit_test(what_does_not_fit_is_open_everywhere_and_counted),
		cmocka_unit_test(people_see_every_port_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
