/* SPDX-License-Identifier: ISC */
#include "logline/syslog_message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define KNOCK "IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113.5 LEN=60 TTL=47 ID=1 PROTO=47 "
#define ARRIVAL "2026-11-28T12:00:05.250000Z"
#define CISCO                                                                                      \
	"%SEC-6-IPACCESSLOGP: list 101 denied tcp 198.51.100.7(4444) -> 203.0.113.5(23), 1 packet"
#define ASA                                                                                        \
	"%ASA-4-106023: Deny tcp src outside:198.51.100.7/4444 dst inside:203.0.113.5/23 by "      \
	"access-group \"in\""

static struct wall_time time_of(const char *text)
{
	struct wall_time t = {0};
	const char *end;
	assert_true(wall_time_parse_iso(text, text + strlen(text), 0, &t, &end));
	return t;
}

static void check(const char *line, const char *what, struct text_slice got, const char *wanted)
{
	if (!text_slice_equals(got, wanted))
		fail_msg("\"%s\": %s: got \"%.*s\", wanted \"%s\"", line, what, (int)got.length,
			got.start, wanted);
}

static void check_time(const char *line, struct wall_time got, const char *wanted)
{
	struct clock_text text = wall_time_to_rfc3339(got);
	if (strcmp(text.text, wanted) != 0)
		fail_msg("\"%s\": time: got %s, wanted %s", line, text.text, wanted);
}

static void every_sender_s_head_gives_host_program_and_text(void **state)
{
	(void)state;
	static const struct {
		const char *line, *host, *program, *text;
	} rows[] = {
		{"<13>Nov 28 12:00:05 gate app[7]: hello", "gate", "app[7]", "hello"},
		{"<13>Nov 28 12:00:05 gate app: hello", "gate", "app", "hello"},
		{"<13>Nov 28 12:00:05 app: hello", "", "app", "hello"},
		{"<13>Nov  8 12:00:05 gate no colon", "gate", "", "no colon"},
		{"<4>Nov 28 12:00:05 gate kernel: [ 12.5] IN=", "gate", "kernel", "[ 12.5] IN="},
		{"<4>2026-11-28T12:00:05.1+01:00 gate kernel: IN=", "gate", "kernel", "IN="},
		{"<4>Nov 28 12:00:05 gate kernel: kernel: IN=", "gate", "kernel", "IN="},
		{"<4>Nov 28 12:00:05 wrt kern.warn kernel: IN=", "wrt", "kernel", "IN="},
		{"<4>kernel: IN=", "", "kernel", "IN="},
		{"<4>gate kernel: IN=", "gate", "kernel", "IN="},
		{"<4>[  12.500000] IN=", "", "", "[  12.500000] IN="},
		{"<13>words of nobody", "", "", "words of nobody"},
		{"plain words", "", "", "plain words"},
		{"", "", "", ""},
		{"<13>", "", "", ""},
		{"<13>1 2026-11-28T12:00:05.123456+01:00 gate app 7 ID - hello", "gate", "app",
			"hello"},
		{"<13>1 - - - - - - hello", "", "", "hello"},
		{"<13>1 2026-11-28T12:00:05Z gate app - - [a@1 b=\"x ] y\\\"]\"][c] \xef\xbb\xbfhello",
			"gate", "app", "hello"},
		{"<13>1 2026-11-28T12:00:05Z gate app - - [a@1 b=\"never closed", "gate", "app",
			""},
		{"<13>1 2026-11-28T12:00:05Z gate app - - -", "gate", "app", ""},
		{"<13>1 nonsense", "", "", "1 nonsense"},
		/* Cisco IOS: counter, origin, a clock that was never set */
		{"<189>123: *Mar  1 00:00:00.123: %SEC", "", "", "%SEC"},
		{"<189>123: fw1: *Mar  1 00:00:00.123: %SEC", "fw1", "", "%SEC"},
		{"<189>000123: Nov 28 12:00:05.123 UTC: %SEC", "", "", "%SEC"},
		{"<189>Nov 28 2026 12:00:05 fw1 : %ASA", "fw1", "", ": %ASA"},
		{"<166>Nov 28 2026 12:00:05: %ASA", "", "", "%ASA"},
		{"<166>Nov 28 2026 12:00:05: fw1 : %ASA", "fw1", "", "%ASA"},
		{"<166>:Nov 28 12:00:05 UTC: %ASA", "", "", "%ASA"},
		{"<166>%ASA-4", "", "", "%ASA-4"},
		/* Junos, MikroTik */
		{"<14>Nov 28 12:00:05 srx RT_FLOW: RT_FLOW_SESSION_DENY: x", "srx", "RT_FLOW",
			"RT_FLOW_SESSION_DENY: x"},
		{"<134>firewall,info input: in:ether1", "", "", "firewall,info input: in:ether1"},
		/* what is no priority */
		{"<192>app: hello", "", "", "<192>app: hello"},
		{"<13 app: hello", "", "", "<13 app: hello"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct syslog_message m;
		syslog_message_read(text_slice_of(rows[i].line), time_of(ARRIVAL), 0, &m);
		check(rows[i].line, "host", m.host, rows[i].host);
		check(rows[i].line, "text", m.text, rows[i].text);
		if (rows[i].line[0] != '<' || rows[i].line[1] != '1' || rows[i].line[2] != '9')
			check(rows[i].line, "program", m.program, rows[i].program);
	}
}

static void the_priority_is_read_up_to_191(void **state)
{
	(void)state;
	struct syslog_message m;
	syslog_message_read(text_slice_of("<191>x"), time_of(ARRIVAL), 0, &m);
	assert_int_equal(m.priority, 191);
	syslog_message_read(text_slice_of("<192>x"), time_of(ARRIVAL), 0, &m);
	assert_int_equal(m.priority, SYSLOG_PRIORITY_NONE);
	syslog_message_read(text_slice_of("x"), time_of(ARRIVAL), 0, &m);
	assert_int_equal(m.priority, SYSLOG_PRIORITY_NONE);
}

static void a_sane_time_of_its_own_counts_and_else_the_arrival(void **state)
{
	(void)state;
	static const struct {
		const char *line, *wanted;
	} rows[] = {
		/* a stamp of whole seconds that agrees keeps the arrival's spacing */
		{"<13>Nov 28 12:00:05 gate app: x", ARRIVAL},
		{"<13>Nov 28 12:00:04 gate app: x", ARRIVAL},
		{"<13>Nov 28 11:59:05 gate app: x", "2026-11-28T11:59:05.000000Z"},
		{"<13>Nov 28 11:50:06 gate app: x", "2026-11-28T11:50:06.000000Z"},
		/* another zone, or a clock that is wrong */
		{"<13>Nov 28 07:00:05 gate app: x", ARRIVAL},
		{"<13>Nov 28 17:00:05 gate app: x", ARRIVAL},
		{"<13>Mar  1 00:00:00 gate app: x", ARRIVAL},
		{"<189>123: *Mar  1 00:00:00.123: %SEC", ARRIVAL},
		/* with a zone a spool of a day is believed, the future never */
		{"<13>2026-11-28T12:00:05.100000Z gate app: x", "2026-11-28T12:00:05.100000Z"},
		{"<13>2026-11-28T07:00:05.1-05:00 gate app: x", "2026-11-28T12:00:05.100000Z"},
		{"<13>2026-11-28T01:00:00Z gate app: x", "2026-11-28T01:00:00.000000Z"},
		{"<13>2026-11-27T11:00:00Z gate app: x", ARRIVAL},
		{"<13>2026-11-28T12:00:05.3Z gate app: x", ARRIVAL},
		{"<13>2099-11-28T12:00:05Z gate app: x", ARRIVAL},
		{"<13>1 2026-11-28T11:30:00.000001Z gate app - - - x",
			"2026-11-28T11:30:00.000001Z"},
		{"<13>1 - gate app - - - x", ARRIVAL},
		{"<13>no stamp", ARRIVAL},
		{"<13>2026-11-28T11:30:00 gate app: without zone", ARRIVAL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct syslog_message m;
		syslog_message_read(text_slice_of(rows[i].line), time_of(ARRIVAL), 0, &m);
		check_time(rows[i].line, m.time, rows[i].wanted);
	}
}

static void the_year_is_the_nearest_one(void **state)
{
	(void)state;
	struct syslog_message m;
	const char *late = "<13>Dec 31 23:59:30 gate app: x";
	syslog_message_read(text_slice_of(late), time_of("2027-01-01T00:00:10Z"), 0, &m);
	check_time(late, m.time, "2026-12-31T23:59:30.000000Z");
	const char *zoned = "<13>Jan  1 00:59:30 gate app: x";
	syslog_message_read(text_slice_of(zoned), time_of("2026-12-31T23:59:40Z"), 3600, &m);
	check_time(zoned, m.time, "2026-12-31T23:59:30.000000Z");
}

static void its_knock_keeps_the_name_of_its_host(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		enum log_line_result result;
		const char *host, *prefix;
	} rows[] = {
		{"<4>Nov 28 12:00:05 gate kernel: [ 12.500000] DROP: " KNOCK, LOG_LINE_KNOCK,
			"gate", "DROP:"},
		{"<4>Nov 28 12:00:05 gate kernel: " KNOCK, LOG_LINE_KNOCK, "gate", ""},
		{"<4>1 2026-11-28T12:00:05Z gate kernel - - - DROP " KNOCK, LOG_LINE_KNOCK, "gate",
			"DROP"},
		{"<4>[  12.500000] DROP " KNOCK, LOG_LINE_KNOCK, "192.0.2.1", "DROP"},
		{"<4>kernel: " KNOCK, LOG_LINE_KNOCK, "192.0.2.1", ""},
		{"<189>123: fw1: *Mar  1 00:00:00.123: " CISCO, LOG_LINE_KNOCK, "fw1", "101"},
		{"<189>123: *Mar  1 00:00:00.123: " CISCO, LOG_LINE_KNOCK, "192.0.2.1", "101"},
		{"<189>123: " CISCO, LOG_LINE_KNOCK, "192.0.2.1", "101"},
		{"<166>Nov 28 2026 12:00:05 fw1 : " ASA, LOG_LINE_KNOCK, "fw1", NULL},
		{"<166>Nov 28 2026 12:00:05: " ASA, LOG_LINE_KNOCK, "192.0.2.1", NULL},
		{"<166>Nov 28 12:00:05 fw1 " ASA, LOG_LINE_KNOCK, "fw1", NULL},
		{"<166>" ASA, LOG_LINE_KNOCK, "192.0.2.1", NULL},
		/* what a program quotes is no word of the kernel */
		{"<38>Nov 28 12:00:05 gate sshd[7]: Invalid user " KNOCK, LOG_LINE_OTHER, "", NULL},
		{"<13>Nov 28 12:00:05 gate app: " CISCO, LOG_LINE_KNOCK, "gate", "101"},
		{"<13>Nov 28 12:00:05 gate app[7]: said " CISCO, LOG_LINE_OTHER, "", NULL},
		{"<13>Nov 28 12:00:05 gate app[7]: hello", LOG_LINE_OTHER, "", NULL},
		{"<4>Nov 28 12:00:05 gate kernel: IN=eth0 OUT= SRC=x DST=203.0.113.5 LEN=60",
			LOG_LINE_BROKEN, "", NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct syslog_message m;
		struct log_line_facts facts;
		syslog_message_read(text_slice_of(rows[i].line), time_of(ARRIVAL), 0, &m);
		enum log_line_result got =
			syslog_message_event(&m, text_slice_of("192.0.2.1"), &facts);
		if (got != rows[i].result)
			fail_msg("\"%s\": got %d, wanted %d", rows[i].line, got, rows[i].result);
		if (got != LOG_LINE_KNOCK)
			continue;
		check(rows[i].line, "host", facts.host, rows[i].host);
		if (rows[i].prefix != NULL)
			check(rows[i].line, "prefix", facts.prefix, rows[i].prefix);
		assert_int_equal(facts.event.origin, EVENT_ORIGIN_LOG);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sender_s_head_gives_host_program_and_text),
		cmocka_unit_test(the_priority_is_read_up_to_191),
		cmocka_unit_test(a_sane_time_of_its_own_counts_and_else_the_arrival),
		cmocka_unit_test(the_year_is_the_nearest_one),
		cmocka_unit_test(its_knock_keeps_the_name_of_its_host),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
