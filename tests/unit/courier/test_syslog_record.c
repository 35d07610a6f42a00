/* SPDX-License-Identifier: ISC */
#include "courier/syslog_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STAMP "2026-11-28T23:24:41.712049Z"

/* The message of a line, without its count, which is checked; the caller frees it. */
static char *message_of(const char *line)
{
	size_t length = strlen(line);
	char *out = malloc(length + SYSLOG_RECORD_HEAD_MAX), *rest;
	assert_non_null(out);
	size_t written = syslog_record_write(line, length, out);
	assert_true(written < length + SYSLOG_RECORD_HEAD_MAX);
	out[written] = '\0';
	unsigned long count = strtoul(out, &rest, 10);
	assert_int_equal(*rest, ' ');
	assert_int_equal(count, written - (size_t)(rest + 1 - out));
	memmove(out, rest + 1, count + 1);
	return out;
}

static void a_record_keeps_its_line_and_gets_a_head(void **state)
{
	(void)state;
	static const struct {
		const char *line, *head;
	} rows[] = {
		{"{\"v\":1,\"timestamp\":\"" STAMP
		 "\",\"id\":\"x\",\"host\":\"minnie\",\"event_type\":\"knock\"}",
			"<110>1 " STAMP " minnie knockwatch - knock - "},
		{"{\"timestamp\":\"" STAMP "\",\"host\":\"minnie\",\"event_type\":\"incident\","
		 "\"incident\":{\"level\":4}}",
			"<107>1 " STAMP " minnie knockwatch - incident - "},
		{"{\"timestamp\":\"" STAMP "\",\"event_type\":\"chain\"}",
			"<110>1 " STAMP " - knockwatch - chain - "},
		/* what looks like a member inside a text is none */
		{"{\"event_type\":\"exec\",\"exec\":{\"args\":\"\\\"host\\\":\\\"evil\\\"\"}}",
			"<110>1 - - knockwatch - exec - "},
		{"{\"host\":\"two words\",\"event_type\":\"stats\"}",
			"<110>1 - - knockwatch - stats - "},
		{"{\"host\":\"never ends", "<110>1 - - knockwatch - - - "},
		{"{\"level\":", "<110>1 - - knockwatch - - - "},
		{"", "<110>1 - - knockwatch - - - "},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char *message = message_of(rows[i].line);
		char wanted[512];
		snprintf(wanted, sizeof wanted, "%s%s", rows[i].head, rows[i].line);
		assert_string_equal(message, wanted);
		free(message);
	}
}

static void a_long_host_name_does_not_break_the_head(void **state)
{
	(void)state;
	char line[1024], host[600];
	memset(host, 'h', sizeof host - 1);
	host[sizeof host - 1] = '\0';
	snprintf(line, sizeof line, "{\"host\":\"%s\",\"event_type\":\"knock\"}", host);
	char *message = message_of(line);
	assert_non_null(strstr(message, "<110>1 - - knockwatch - knock - {\"host\""));
	free(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_keeps_its_line_and_gets_a_head),
		cmocka_unit_test(a_long_host_name_does_not_break_the_head),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
