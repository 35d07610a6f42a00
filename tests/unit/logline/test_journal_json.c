/* SPDX-License-Identifier: ISC */
#include "facts_text.h"
#include "logline/journal_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define FIELDS "IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113.5 LEN=60 TTL=47 ID=1 PROTO=47 "
#define KNOCK "KNOCK 198.51.100.7 > 203.0.113.5 47 ip-protocol len=60 ttl=47 id=1 in if[eth0]"

static void entries_of_the_kernel_become_events(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"string", "{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"DROP " FIELDS "\"}",
			KNOCK " pre[DROP]"},
		{"blanks", " { \"_TRANSPORT\" : \"kernel\" ,\t\"MESSAGE\" : \"DROP " FIELDS "\" } ",
			KNOCK " pre[DROP]"},
		{"escapes", "{\"MESSAGE\":\"\\\"\\u0044\\t\\u00e9\\u20ac\\\\\" ,\"X\":1}", "OTHER"},
		{"escaped prefix",
			"{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"\\\"\\u00e9\\\" " FIELDS "\"}",
			KNOCK " pre[\"\\xc3\\xa9\"]"},
		{"escapes between plain text",
			"{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"a\\\"b\\\\\\/cd\\\" " FIELDS
			"\"}",
			KNOCK " pre[a\"b\\\\/cd\"]"},
		{"bytes",
			"{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":[27,73,78,61,101,116,104,48,32,79,"
			"85,84,61,32,83,"
			"82,67,61,49,57,50,46,48,46,50,46,49,32,68,83,84,61,49,57,50,46,48,46,50,"
			"46,50,32,80,82,"
			"79,84,79,61,52,55,32]}",
			"KNOCK 192.0.2.1 > 192.0.2.2 47 ip-protocol in if[eth0] pre[\\x1b]"},
		{"several values: the first counts",
			"{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":[\"" FIELDS "\",\"x\"]}", KNOCK},
		{"ulogd through syslog",
			"{\"_TRANSPORT\":\"syslog\",\"SYSLOG_IDENTIFIER\":\"ulogd\",\"MESSAGE\":"
			"\"" FIELDS "\"}",
			KNOCK},
		{"other values are skipped",
			"{\"A\":null,\"B\":[[1,2],[\"}\"]],\"C\":{\"MESSAGE\":\"x\"},\"D\":-1.5e3,"
			"\"E\":true,"
			"\"MESSAGE\":\"" FIELDS "\"}",
			KNOCK},
		{"another program",
			"{\"_TRANSPORT\":\"syslog\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":"
			"\"Invalid user " FIELDS "\"}",
			"OTHER"},
		{"no message", "{\"MESSAGE\":null}", "OTHER"},
		{"empty", "{}", "OTHER"},
		{"cut", "{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"" FIELDS,
			"BROKEN: the JSON object is cut or broken"},
		{"cut and nothing of ours", "{\"MESSAGE\":\"hel", "OTHER"},
		{"broken fields",
			"{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"IN=eth0 OUT= SRC=x DST=y\"}",
			"BROKEN: SRC= holds no address"},
	};
	char memory[1024];
	struct text_buffer got = text_buffer_over(memory, sizeof memory);
	const struct facts_text_row *bad =
		facts_text_check(rows, sizeof rows / sizeof rows[0], &got);
	if (bad != NULL)
		fail_msg("%s\n  line   %s\n  got    %s\n  wanted %s", bad->name, bad->line, memory,
			bad->wanted);
}

static void time_and_host_come_from_the_entry(void **state)
{
	(void)state;
	static const struct {
		const char *stamps;
		const char *time;
	} rows[] = {
		{"\"__REALTIME_TIMESTAMP\":\"1795183780120311\"", "2026-11-20T14:09:40.120311Z"},
		{"\"__REALTIME_TIMESTAMP\":\"1795183780120311\","
		 "\"_SOURCE_REALTIME_TIMESTAMP\":\"1795183779000000\"",
			"2026-11-20T14:09:39.000000Z"},
		{"\"_SOURCE_REALTIME_TIMESTAMP\":\"1795183779000000\","
		 "\"__REALTIME_TIMESTAMP\":\"1795183780120311\"",
			"2026-11-20T14:09:39.000000Z"},
		{"\"__REALTIME_TIMESTAMP\":\"99999999999999999999999\"",
			"1970-01-24T03:33:20.000000Z"},
		{"\"__REALTIME_TIMESTAMP\":7", "1970-01-24T03:33:20.000000Z"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct log_line_clock clock = {.last = wall_time_from_parts(2000000, 0)};
		struct log_line_facts facts;
		char line[512];
		int length = snprintf(line, sizeof line,
			"{%s,\"_HOSTNAME\":\"gate\",\"MESSAGE\":\"%s\"}", rows[i].stamps, FIELDS);
		assert_int_equal(
			log_line_read(&clock, line, (size_t)length, &facts), LOG_LINE_KNOCK);
		assert_string_equal(wall_time_to_rfc3339(facts.event.time).text, rows[i].time);
		assert_true(text_slice_equals(facts.host, "gate"));
		assert_int_equal(facts.event.origin, EVENT_ORIGIN_JOURNAL);
	}
}

static void a_message_longer_than_the_bound_is_cut(void **state)
{
	(void)state;
	static char line[3 * JOURNAL_JSON_MESSAGE_MAX];
	static struct journal_json entry;
	int length = snprintf(
		line, sizeof line, "{\"MESSAGE\":\"%0*d\"}", 2 * JOURNAL_JSON_MESSAGE_MAX, 7);
	assert_true(journal_json_read((struct text_slice){line, (size_t)length}, &entry));
	assert_int_equal(entry.message_length, JOURNAL_JSON_MESSAGE_MAX);
	length = snprintf(line, sizeof line, "{\"MESSAGE\":\"%0*d\\n%0*d\\\"\"}",
		JOURNAL_JSON_MESSAGE_MAX - 2, 7, 9, 8);
	assert_true(journal_json_read((struct text_slice){line, (size_t)length}, &entry));
	assert_int_equal(entry.message_length, JOURNAL_JSON_MESSAGE_MAX);
	assert_memory_equal(
		entry.message + JOURNAL_JSON_MESSAGE_MAX - 3, "7\n0", 3); /* cut behind it */
}

static void only_whole_objects_are_accepted(void **state)
{
	(void)state;
	static const char *const broken[] = {"", "{", "[]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
		"{\"a\":1}x", "{\"a\":\"\\\"}", "{a:1}", "{\"a\":[[[[[[[[[1]]]]]]]]]}",
		"{\"MESSAGE\":[256]}", "{\"MESSAGE\":\"\\u12\"}", "{\"MESSAGE\":\"\\x\"}",
		"{\"MESSAGE\":[1,]}"};
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		struct journal_json entry;
		if (journal_json_read(text_slice_of(broken[i]), &entry))
			fail_msg("accepted: %s", broken[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_of_the_kernel_become_events),
		cmocka_unit_test(time_and_host_come_from_the_entry),
		cmocka_unit_test(a_message_longer_than_the_bound_is_cut),
		cmocka_unit_test(only_whole_objects_are_accepted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
