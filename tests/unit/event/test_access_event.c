/* SPDX-License-Identifier: ISC */
#include "event/access_queue.h"

#include "net/ip_proto.h"
#include "table_check.h"

#include <stdio.h>

static struct access_event make(void)
{
	struct access_event a;
	access_event_clear(&a);
	a.time = (struct wall_time){INT64_C(1795183780120311)};
	a.access = EVENT_ACCESS_REFUSED;
	a.why = ACCESS_WHY_RULE;
	a.origin = EVENT_ORIGIN_WRAPPER;
	a.line = 3;
	a.server_port = 22;
	a.client_port = 4242;
	assert_true(addr_parse("192.0.2.7", 9, &a.client));
	ACCESS_EVENT_SET(&a, service, text_slice_of("sshd"));
	ACCESS_EVENT_SET(&a, table, text_slice_of("/etc/hosts.deny"));
	return a;
}

static void the_short_form_has_what_the_detector_needs(void **state)
{
	(void)state;
	struct access_event a = make(), back;
	struct name_table *names = name_table_create();
	struct event e;
	assert_true(access_event_to_event(&a, names, &e));
	assert_true(event_is_sound(&e));
	assert_int_equal(e.has, EVENT_HAS_ACCESS | EVENT_HAS_PORTS);
	assert_int_equal(e.access, EVENT_ACCESS_REFUSED);
	assert_int_equal(e.access_line, 3);
	assert_int_equal(e.access_host, 0);
	assert_string_equal(name_table_name(names, e.access_service), "sshd");
	access_event_from_event(&e, names, &back);
	assert_true(access_event_is_sound(&back));
	assert_string_equal(back.table, "/etc/hosts.deny");
	assert_int_equal(back.client_port, 4242);
	assert_int_equal(back.line, 3);
	a.client = (struct addr){{0}};
	assert_false(access_event_to_event(&a, names, &e));
	name_table_destroy(names);
}

static void another_host_has_a_number_and_a_digest(void **state)
{
	(void)state;
	struct access_event a = make();
	struct name_table *names = name_table_create();
	struct event e;
	ACCESS_EVENT_SET(&a, host, text_slice_of("gate"));
	assert_true(access_event_to_event(&a, names, &e));
	assert_string_equal(name_table_name(names, e.host), "gate");
	assert_int_equal(e.access_host, event_host_digest("gate", 4));
	assert_int_not_equal(e.access_host, event_host_digest("gats", 4));
	name_table_destroy(names);
}

static void what_nobody_vouches_for_has_no_short_form(void **state)
{
	(void)state;
	struct access_event a = make();
	struct name_table *names = name_table_create();
	struct event e;
	a.has_uid = 1;
	a.uid = 65534;
	assert_true(access_event_to_event(&a, names, &e));
	a.unvouched = 1;
	assert_true(access_event_is_sound(&a));
	assert_false(access_event_to_event(&a, names, &e));
	name_table_destroy(names);
}

static void texts_are_cut_and_end(void **state)
{
	(void)state;
	char field[8];
	access_event_set(field, sizeof field, "0123456789", 10);
	assert_string_equal(field, "0123456");
	access_event_set(field, sizeof field, "ab\0cd", 5);
	assert_string_equal(field, "ab");
	access_event_set(field, sizeof field, "", 0);
	assert_string_equal(field, "");
}

static void what_is_not_in_good_order_is_told(void **state)
{
	(void)state;
	struct access_event a = make();
	assert_true(access_event_is_sound(&a));
	a.access = EVENT_ACCESSES;
	assert_false(access_event_is_sound(&a));
	a = make();
	a.why = ACCESS_WHYS;
	assert_false(access_event_is_sound(&a));
	a = make();
	a.origin = EVENT_ORIGINS;
	assert_false(access_event_is_sound(&a));
	a = make();
	a.proto = IP_PROTO_ICMP;
	assert_false(access_event_is_sound(&a));
	a = make();
	a.has_uid = 2;
	assert_false(access_event_is_sound(&a));
	a = make();
	a.unvouched = 2;
	assert_false(access_event_is_sound(&a));
	a = make();
	a.time.us = -1;
	assert_false(access_event_is_sound(&a));
	a = make();
	a.service[0] = '\0';
	assert_false(access_event_is_sound(&a));
	a = make();
	memset(a.rule, 'x', sizeof a.rule);
	assert_false(access_event_is_sound(&a));
}

static void a_client_is_named_as_log_lines_do(void **state)
{
	(void)state;
	static const struct {
		const char *user, *name, *address, *wanted;
	} rows[] = {{"", "", "192.0.2.7", "192.0.2.7"}, {"", "a.example", "192.0.2.7", "a.example"},
		{"root", "a.example", "192.0.2.7", "root@a.example"},
		{"root", "", "192.0.2.7", "root@192.0.2.7"}, {"", "", "", "unknown"}};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char text[64];
		struct access_event a = make();
		a.client = (struct addr){{0}};
		(void)addr_parse(rows[i].address, strlen(rows[i].address), &a.client);
		ACCESS_EVENT_SET(&a, user, text_slice_of(rows[i].user));
		ACCESS_EVENT_SET(&a, name, text_slice_of(rows[i].name));
		access_event_name_client(&a, text, sizeof text);
		assert_string_equal(text, rows[i].wanted);
	}
}

static void a_queue_gives_back_in_order(void **state)
{
	(void)state;
	static struct access_queue q;
	uint32_t put = 0, got = 0;
	assert_null(access_queue_take(&q));
	for (unsigned round = 0; round < 5; round++) {
		struct access_event *place;
		const struct access_event *a;
		while ((place = access_queue_add(&q)) != NULL)
			place->pid = put++;
		assert_int_equal(access_queue_room(&q), 0);
		for (unsigned i = 0; i < ACCESS_QUEUE_MOST / 2 + round; i++) {
			a = access_queue_take(&q);
			assert_non_null(a);
			assert_int_equal(a->pid, got++);
		}
	}
}

static void services_leave_room_for_other_names(void **state)
{
	(void)state;
	struct name_table *names = name_table_create();
	char text[16];
	uint16_t first = name_table_intern_service(names, text_slice_of("sshd"));
	unsigned numbered = 0;
	assert_int_not_equal(first, 0);
	for (unsigned i = 0; i < 2 * NAME_TABLE_MAX; i++) {
		snprintf(text, sizeof text, "service%u", i);
		numbered += name_table_intern_service(names, text_slice_of(text)) != 0;
	}
	assert_int_equal(numbered, NAME_TABLE_SERVICES_MAX - 1);
	assert_int_equal(name_table_intern_service(names, text_slice_of("sshd")), first);
	assert_int_not_equal(name_table_intern(names, text_slice_of("gate")), 0);
	name_table_destroy(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_short_form_has_what_the_detector_needs),
		cmocka_unit_test(another_host_has_a_number_and_a_digest),
		cmocka_unit_test(what_nobody_vouches_for_has_no_short_form),
		cmocka_unit_test(texts_are_cut_and_end),
		cmocka_unit_test(what_is_not_in_good_order_is_told),
		cmocka_unit_test(a_client_is_named_as_log_lines_do),
		cmocka_unit_test(a_queue_gives_back_in_order),
		cmocka_unit_test(services_leave_room_for_other_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
