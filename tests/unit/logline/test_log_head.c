/* SPDX-License-Identifier: ISC */
#include "facts_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define FIELDS "IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113.5 LEN=60 TTL=47 ID=1 PROTO=47 "

struct head_row {
	const char *head; /* before FIELDS */
	const char *time; /* RFC 3339 */
	const char *host;
	const char *prefix;
};

static void check_slice(
	const char *head, const char *what, struct text_slice got, const char *wanted)
{
	if (!text_slice_equals(got, wanted))
		fail_msg("\"%s\": %s: got \"%.*s\", wanted \"%s\"", head, what, (int)got.length,
			got.start, wanted);
}

static void check_heads(const struct head_row *rows, size_t count, int utc_offset_s)
{
	for (size_t i = 0; i < count; i++) {
		struct log_line_clock clock = {.year = 2026, .utc_offset_s = utc_offset_s};
		struct log_line_facts facts;
		char line[512];
		clock.boot = wall_time_from_parts(1000000, 0);
		clock.last = wall_time_from_parts(2000000, 0);
		int length = snprintf(line, sizeof line, "%s%s", rows[i].head, FIELDS);
		if (log_line_read(&clock, line, (size_t)length, &facts) != LOG_LINE_KNOCK)
			fail_msg("\"%s\": no knock", rows[i].head);
		const char *got = wall_time_to_rfc3339(facts.event.time).text;
		if (strcmp(got, rows[i].time) != 0)
			fail_msg(
				"\"%s\": time: got %s, wanted %s", rows[i].head, got, rows[i].time);
		check_slice(rows[i].head, "host", facts.host, rows[i].host);
		check_slice(rows[i].head, "prefix", facts.prefix, rows[i].prefix);
	}
}

static void every_form_of_head_gives_time_host_and_prefix(void **state)
{
	(void)state;
	static const struct head_row rows[] = {
		{"Nov 20 14:09:40 gate kernel: ", "2026-11-20T14:09:40.000000Z", "gate", ""},
		{"Nov  5 14:09:40 gate kernel: DROP ", "2026-11-05T14:09:40.000000Z", "gate",
			"DROP"},
		{"Nov 20 2025 14:09:40 gate kernel: ", "2025-11-20T14:09:40.000000Z", "gate", ""},
		{"2025 Nov 20 14:09:40 gate kernel: ", "2025-11-20T14:09:40.000000Z", "gate", ""},
		{"Nov 20 14:09:40 2025 gate kernel: ", "2025-11-20T14:09:40.000000Z", "gate", ""},
		{"Nov 20 14:09:40.120311 gate kernel: ", "2026-11-20T14:09:40.120311Z", "gate", ""},
		{"Nov 20 14:09:40 kernel: DROP ", "2026-11-20T14:09:40.000000Z", "", "DROP"},
		{"Nov 20 14:09:40 gate kernel: kernel: DROP ", "2026-11-20T14:09:40.000000Z",
			"gate", "DROP"},
		{"Nov 20 14:09:40 gate ulogd[77]: DROP ", "2026-11-20T14:09:40.000000Z", "gate",
			"DROP"},
		{"Nov 20 14:09:40 gate DROP it ", "2026-11-20T14:09:40.000000Z", "gate", "DROP it"},
		{"Nov 20 14:09:40 gate DROP: ", "2026-11-20T14:09:40.000000Z", "gate", "DROP"},
		{"Nov 20 14:09:40 gate [WAN-7]", "2026-11-20T14:09:40.000000Z", "gate", "[WAN-7]"},
		{"Nov 20 14:09:40 gate kern.warn kernel: DROP ", "2026-11-20T14:09:40.000000Z",
			"gate", "DROP"},
		{"Fri Nov 20 14:09:40 2026 kern.warn kernel: [  12.345678] REJECT wan in: ",
			"2026-11-20T14:09:40.000000Z", "", "REJECT wan in:"},
		{"<4>Nov 20 14:09:40 gate kernel: DROP ", "2026-11-20T14:09:40.000000Z", "gate",
			"DROP"},
		{"<4>DROP ", "1970-01-24T03:33:20.000000Z", "", "DROP"},
		{"<4>[  123.456] DROP ", "1970-01-12T13:48:43.456000Z", "", "DROP"},
		{"2026-11-20T14:09:40.123456+01:00 gate kernel: DROP ",
			"2026-11-20T13:09:40.123456Z", "gate", "DROP"},
		{"2026-11-20T14:09:40.123456+01:00 gate kernel: [ 99.000001] DROP ",
			"2026-11-20T13:09:40.123456Z", "gate", "DROP"},
		{"2026-11-20T14:09:40+0100 gate kernel: DROP ", "2026-11-20T13:09:40.000000Z",
			"gate", "DROP"},
		{"2026-11-20T14:09:40Z gate kernel: DROP ", "2026-11-20T14:09:40.000000Z", "gate",
			"DROP"},
		{"2026-11-20 14:09:40 gate kernel: DROP ", "2026-11-20T14:09:40.000000Z", "gate",
			"DROP"},
		{"Fri 2026-11-20 14:09:40 UTC gate kernel: DROP ", "2026-11-20T14:09:40.000000Z",
			"gate", "DROP"},
		{"1795183780.120311 gate kernel: DROP ", "2026-11-20T14:09:40.120311Z", "gate",
			"DROP"},
		{"[  123.456789] gate kernel: DROP ", "1970-01-12T13:48:43.456789Z", "gate",
			"DROP"},
		{"[  123.456789] DROP ", "1970-01-12T13:48:43.456789Z", "", "DROP"},
		{"[  123.456789] nft drop: ", "1970-01-12T13:48:43.456789Z", "", "nft drop:"},
		{"[Fri Nov 20 14:09:40 2026] nft drop: ", "2026-11-20T14:09:40.000000Z", "",
			"nft drop:"},
		{"2026-11-20T14:09:40,123456+01:00 nft drop: ", "2026-11-20T13:09:40.123456Z", "",
			"nft drop:"},
		{"<4>1 2026-11-20T14:09:40.5Z gate kernel - - - DROP ",
			"2026-11-20T14:09:40.500000Z", "gate", "DROP"},
		{"<4>1 2026-11-20T14:09:40Z gate kernel - - [a@1 b=\"]\\\"\" c=\"d\"][e@2] DROP ",
			"2026-11-20T14:09:40.000000Z", "gate", "DROP"},
		{"<4>1 2026-11-20T14:09:40Z gate kernel - - - [ 7.5] \xef\xbb\xbf",
			"2026-11-20T14:09:40.000000Z", "gate", "\xef\xbb\xbf"},
		{"<4>1 - - - - - - DROP ", "1970-01-24T03:33:20.000000Z", "", "DROP"},
		{"gate kernel: DROP ", "1970-01-24T03:33:20.000000Z", "gate", "DROP"},
		{"DROP ", "1970-01-24T03:33:20.000000Z", "", "DROP"},
		{"", "1970-01-24T03:33:20.000000Z", "", ""},
	};
	check_heads(rows, sizeof rows / sizeof rows[0], 0);
}

static void stamps_without_a_zone_are_local_time(void **state)
{
	(void)state;
	static const struct head_row rows[] = {
		{"Nov 20 14:09:40 gate kernel: ", "2026-11-20T13:09:40.000000Z", "gate", ""},
		{"Jan  1 00:30:00 gate kernel: ", "2025-12-31T23:30:00.000000Z", "gate", ""},
		{"2026-11-20 14:09:40 gate kernel: ", "2026-11-20T13:09:40.000000Z", "gate", ""},
		{"2026-11-20T14:09:40Z gate kernel: ", "2026-11-20T14:09:40.000000Z", "gate", ""},
		{"Nov 20 14:09:40 UTC gate kernel: ", "2026-11-20T14:09:40.000000Z", "gate", ""},
		{"Fri 2026-11-20 14:09:40 UTC gate kernel: ", "2026-11-20T14:09:40.000000Z", "gate",
			""},
		{"[Fri Nov 20 14:09:40 2026] ", "2026-11-20T13:09:40.000000Z", "", ""},
	};
	check_heads(rows, sizeof rows / sizeof rows[0], 3600);
}

static void what_looks_like_a_stamp_but_is_none_is_message(void **state)
{
	(void)state;
	static const struct head_row rows[] = {
		{"Nov 32 14:09:40 gate kernel: ", "1970-01-24T03:33:20.000000Z", "",
			"Nov 32 14:09:40 gate kernel:"},
		{"Nov 20 24:09:40 x ", "1970-01-24T03:33:20.000000Z", "", "Nov 20 24:09:40 x"},
		{"Nov 20 14:09 x ", "1970-01-24T03:33:20.000000Z", "", "Nov 20 14:09 x"},
		{"Nob 20 14:09:40 x ", "1970-01-24T03:33:20.000000Z", "", "Nob 20 14:09:40 x"},
		{"<4 x ", "1970-01-24T03:33:20.000000Z", "", "<4 x"},
		{"[12x] ", "1970-01-24T03:33:20.000000Z", "", "[12x]"},
		{"123.5 ", "1970-01-24T03:33:20.000000Z", "", "123.5"},
	};
	check_heads(rows, sizeof rows / sizeof rows[0], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_of_head_gives_time_host_and_prefix),
		cmocka_unit_test(stamps_without_a_zone_are_local_time),
		cmocka_unit_test(what_looks_like_a_stamp_but_is_none_is_message),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
