/* SPDX-License-Identifier: ISC */
#include "logline/head_memory.h"

#include "logline/log_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FIELDS "IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113.5 LEN=60 TTL=47 ID=1 PROTO=47 "

static void check_text(const char *line, const char *what, struct text_slice a, struct text_slice b)
{
	if (a.length != b.length || memcmp(a.start, b.start, a.length) != 0)
		fail_msg("\"%s\": %s: got \"%.*s\", wanted \"%.*s\"", line, what, (int)a.length,
			a.start, (int)b.length, b.start);
}

/* Reads the head through a clock with its memory, and again as if it had none. */
static bool check_head(struct log_line_clock *clock, const char *head)
{
	char line[256];
	struct log_line_clock blank = *clock;
	struct log_line_facts got, wanted;
	blank.head.length = 0;
	blank.rules = (struct rule_memory){.oldest = {0}};
	int length = snprintf(line, sizeof line, "%s%s", head, FIELDS);
	enum log_line_result result = log_line_read(clock, line, (size_t)length, &got);
	assert_int_equal(log_line_read(&blank, line, (size_t)length, &wanted), result);
	if (clock->last.us != blank.last.us || clock->year != blank.year ||
		clock->last_month != blank.last_month ||
		clock->kernel_zero.us != blank.kernel_zero.us)
		fail_msg("\"%s\" moved the clock to %s, wanted %s", line,
			wall_time_to_rfc3339(clock->last).text,
			wall_time_to_rfc3339(blank.last).text);
	if (result != LOG_LINE_KNOCK)
		return false;
	check_text(line, "host", got.host, wanted.host);
	check_text(line, "prefix", got.prefix, wanted.prefix);
	assert_true(got.event.time.us == wanted.event.time.us);
	return true;
}

static const char *const heads[] = {
	"Feb 25 12:11:24 gate kernel: ",
	"Feb 25 12:11:59 gate kernel: [  12.345678] DROP ",
	"Feb 25 12:11:60 gate kernel: DROP ",
	"Feb 25 12:11:61 gate kernel: DROP ",
	"Feb 25 12:11:2x gate kernel: DROP ",
	"Feb  5 12:11:24 gate kernel: DROP ",
	"Feb 25 12:12:24 gate kernel: DROP ",
	"Feb 25 12:11:24 gate  kernel: DROP ",
	"Feb 25 12:11:24 gate kernel:  DROP ",
	"Feb 25 12:11:24 gate kernel: kernel: DROP ",
	"Feb 25 12:11:24 fence kernel: DROP ",
	"Feb 25 12:11:24 gate kern.warn kernel: DROP ",
	"Feb 25 12:11:24 kernel: DROP ",
	"Feb 25 12:11:24 gate ulogd[7]: DROP ",
	"Feb 25 12:11:24: gate kernel: DROP ",
	"Feb 25 12:11:24.5 gate kernel: DROP ",
	"Feb 25 12:11:24.123456 gate kernel: DROP ",
	"Feb 25 12:11:25.000000 gate kernel: DROP ",
	"Feb 25 12:11:24.1234567 gate kernel: DROP ",
	"Feb 25 12:11:24. gate kernel: DROP ",
	"Feb 25 12:11:24 2025 gate kernel: DROP ",
	"Feb 25 12:11:24 UTC gate kernel: DROP ",
	"Dec 31 23:59:59 gate kernel: DROP ",
	"Jan  1 00:00:00 gate kernel: DROP ",
	"2026-02-25T12:11:24 gate kernel: DROP ",
	"2026-02-25T12:11:24+01:00 gate kernel: [ 3.000001] DROP ",
	"2026-02-25T12:11:24.123456+01:00 gate kernel: DROP ",
	"2026-02-25T12:11:25.000000+01:00 gate kernel: [ 4.000001] DROP ",
	"2026-02-25T12:11:24.123+01:00 gate kernel: DROP ",
	"2026-02-25T12:11:24.123456+02:00 gate kernel: DROP ",
	"2026-02-25T12:11:24.123456Z gate kernel: DROP ",
	"2026-02-25 12:11:24.123456 gate kernel: DROP ",
	"2026-02-25T12:11:24,123456+01:00 DROP ",
	"9999-12-31T23:59:60 gate kernel: DROP ",
	"9999-12-31T23:59:59 gate kernel: DROP ",
	" Feb 25 12:11:24 gate kernel: DROP ",
	"<4>Feb 25 12:11:24 gate kernel: DROP ",
	"<4>1 2026-02-25T12:11:24Z gate kernel - - - DROP ",
	"[ 99.000001] DROP ",
	"kernel: DROP ",
	"",
};

enum {
	HEADS = sizeof heads / sizeof heads[0],
};

static void a_remembered_head_says_what_reading_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < HEADS; i++) {
		for (size_t j = 0; j < HEADS; j++) {
			struct log_line_clock clock = {.year = 2026, .utc_offset_s = 3600};
			check_head(&clock, heads[i]);
			check_head(&clock, heads[j]);
			check_head(&clock, heads[i]);
			clock.utc_offset_s = 7200;
			check_head(&clock, heads[j]);
			clock.year = 2024;
			check_head(&clock, heads[j]);
		}
	}
}

static void heads_with_any_byte_changed_say_it_too(void **state)
{
	(void)state;
	static const char bytes[] = "0159 :.TZ+-[<kFn\x80";
	unsigned seed = 20261128, knocks = 0;
	for (int round = 0; round < 50000; round++) {
		struct log_line_clock clock = {.year = 2026, .utc_offset_s = 3600};
		const char *head = heads[(size_t)rand_r(&seed) % HEADS];
		char changed[128];
		check_head(&clock, head);
		snprintf(changed, sizeof changed, "%s", head);
		for (int i = 0; i < 2 && changed[0]; i++)
			changed[(size_t)rand_r(&seed) % strlen(changed)] =
				bytes[(size_t)rand_r(&seed) % (sizeof bytes - 1)];
		knocks += check_head(&clock, changed);
		check_head(&clock, head);
	}
	assert_true(knocks > 1000);
}

static void only_a_kernel_head_of_fitting_length_is_kept(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		bool kept;
	} rows[] = {
		{"Feb 25 12:11:24 gate kernel: ", true},
		{"2026-02-25T12:11:24.123456+01:00 gate kernel: ", true},
		{"Feb 25 12:11:24 gate ulogd[7]: ", false},
		{"Feb 25 12:11:24 a-host-whose-name-is-as-long-as-a-name-can-be-and-longer-than-the"
		 "-memory-for-it kernel: ",
			false},
		{"Feb 25 12:11:24.1234567 gate kernel: ", false},
		{"[ 99.000001] ", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct log_line_clock clock = {.year = 2026};
		check_head(&clock, rows[i].head);
		if ((clock.head.length > 0) != rows[i].kept)
			fail_msg("\"%s\": length %u", rows[i].head, clock.head.length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_remembered_head_says_what_reading_it_says),
		cmocka_unit_test(heads_with_any_byte_changed_say_it_too),
		cmocka_unit_test(only_a_kernel_head_of_fitting_length_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
