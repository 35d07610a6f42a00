/* SPDX-License-Identifier: ISC */
#include "facts_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define FIELDS "IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113.5 LEN=60 TTL=47 ID=1 PROTO=47 "

static const char *read_time(
	struct log_line_clock *clock, const char *head, struct clock_text *text)
{
	struct log_line_facts facts;
	char line[512];
	int length = snprintf(line, sizeof line, "%s%s", head, FIELDS);
	if (log_line_read(clock, line, (size_t)length, &facts) != LOG_LINE_KNOCK)
		fail_msg("\"%s\": no knock", head);
	*text = wall_time_to_rfc3339(facts.event.time);
	return text->text;
}

static void the_year_turns_with_the_months_both_ways(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		const char *time;
	} rows[] = {
		{"Nov 20 00:00:00 gate kernel: ", "2026-11-20T00:00:00.000000Z"},
		{"Dec 31 23:59:59 gate kernel: ", "2026-12-31T23:59:59.000000Z"},
		{"Jan  1 00:00:00 gate kernel: ", "2027-01-01T00:00:00.000000Z"},
		{"Dec 31 23:59:58 gate kernel: ", "2026-12-31T23:59:58.000000Z"},
		{"Jan  1 00:00:01 gate kernel: ", "2027-01-01T00:00:01.000000Z"},
		{"Apr  1 00:00:00 gate kernel: ", "2027-04-01T00:00:00.000000Z"},
		{"Mar 31 00:00:00 gate kernel: ", "2027-03-31T00:00:00.000000Z"},
		{"Aug 31 00:00:00 gate kernel: ", "2027-08-31T00:00:00.000000Z"},
		{"Feb 29 12:00:00 gate kernel: ", "2028-02-29T12:00:00.000000Z"},
		{"Mar  1 2031 12:00:00 gate kernel: ", "2031-03-01T12:00:00.000000Z"},
		{"Mar  2 12:00:00 gate kernel: ", "2031-03-02T12:00:00.000000Z"},
	};
	struct log_line_clock clock = {.year = 2026};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct clock_text text;
		const char *got = read_time(&clock, rows[i].head, &text);
		if (strcmp(got, rows[i].time) != 0)
			fail_msg("row %zu \"%s\": got %s, wanted %s", i, rows[i].head, got,
				rows[i].time);
	}
}

static void lines_of_others_turn_the_year_too(void **state)
{
	(void)state;
	static const char *const quiet[] = {"Mar  3 04:00:00 gate cron[7]: nothing",
		"Jun  3 04:00:00 gate cron[7]: nothing", "May be this is no stamp at all",
		"Sep  3 04:00:00 gate cron[7]: nothing"};
	struct log_line_clock clock = {.year = 2026};
	struct log_line_facts facts;
	struct clock_text text;
	read_time(&clock, "Feb 20 00:00:00 gate kernel: ", &text);
	for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++)
		assert_int_equal(
			log_line_read(&clock, quiet[i], strlen(quiet[i]), &facts), LOG_LINE_OTHER);
	assert_string_equal(read_time(&clock, "Oct  1 00:00:00 gate kernel: ", &text),
		"2026-10-01T00:00:00.000000Z");
}

static void the_kernels_clock_spaces_lines_of_one_second(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		const char *time;
	} rows[] = {
		{"Nov 20 14:09:40 gate kernel: [ 4999.900000] ", "2026-11-20T14:09:40.000000Z"},
		{"Nov 20 14:09:40 gate kernel: [ 4999.900050] ", "2026-11-20T14:09:40.000050Z"},
		{"Nov 20 14:09:41 gate kernel: [ 5000.100000] ", "2026-11-20T14:09:40.200000Z"},
		/* the stamp came late, the gap stays true */
		{"Nov 20 14:09:43 gate kernel: [ 5001.500000] ", "2026-11-20T14:09:41.600000Z"},
		/* no bracket: not behind the line before */
		{"Nov 20 14:09:41 gate DROP ", "2026-11-20T14:09:41.600000Z"},
		{"Nov 20 14:09:42 gate DROP ", "2026-11-20T14:09:42.000000Z"},
		/* two seconds off: the stamp rules again */
		{"Nov 20 14:09:50 gate kernel: [ 5002.000000] ", "2026-11-20T14:09:50.000000Z"},
		{"Nov 20 14:09:50 gate kernel: [ 5002.250000] ", "2026-11-20T14:09:50.250000Z"},
		/* a reboot: the kernel counts anew, time goes on */
		{"Nov 20 14:09:50 gate kernel: [    7.000000] ", "2026-11-20T14:09:50.250000Z"},
		{"Nov 20 14:09:51 gate kernel: [    8.000000] ", "2026-11-20T14:09:51.250000Z"},
		/* an older log begins: the stamp is believed */
		{"Nov 19 14:09:51 gate kernel: [    8.000000] ", "2026-11-19T14:09:51.000000Z"},
	};
	struct log_line_clock clock = {.year = 2026};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct clock_text text;
		const char *got = read_time(&clock, rows[i].head, &text);
		if (strcmp(got, rows[i].time) != 0)
			fail_msg("row %zu \"%s\": got %s, wanted %s", i, rows[i].head, got,
				rows[i].time);
	}
}

static void times_never_run_backwards_while_stamps_do_not(void **state)
{
	(void)state;
	const unsigned seed = 20261120;
	unsigned draw = seed;
	int64_t kernel_us = 4000000000, last = 0;
	struct log_line_clock clock = {.year = 2026};
	for (int i = 0; i < 20000; i++) {
		char head[128];
		struct clock_text text;
		draw = draw * 1103515245u + 12345u;
		kernel_us += draw >> 16 & 0x3ffff;
		/* late by up to three seconds, and now and then another host without a bracket */
		int64_t stamp = (kernel_us + (i / 100 % 2 ? 3000000 : 100000)) / CLOCK_US_PER_S;
		int hour = (int)(stamp / 3600 % 24), minute = (int)(stamp / 60 % 60);
		int second = (int)(stamp % 60);
		int day = (int)(stamp / 86400) + 1;
		if (i % 7 == 3)
			snprintf(head, sizeof head, "Nov %2d %02d:%02d:%02d gate DROP ", day, hour,
				minute, second);
		else
			snprintf(head, sizeof head,
				"Nov %2d %02d:%02d:%02d gate kernel: [%lld.%06lld] ", day, hour,
				minute, second, (long long)(kernel_us / CLOCK_US_PER_S),
				(long long)(kernel_us % CLOCK_US_PER_S));
		read_time(&clock, head, &text);
		if (clock.last.us < last && i / 100 == (i - 1) / 100)
			fail_msg("seed %u line %d: %s runs backwards", seed, i, text.text);
		last = clock.last.us;
	}
}

static void only_the_kernel_and_packet_loggers_are_believed(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		enum log_line_result wanted;
	} rows[] = {
		{"Nov 20 14:09:40 gate kernel: ", LOG_LINE_KNOCK},
		{"Nov 20 14:09:40 gate ulogd[7]: ", LOG_LINE_KNOCK},
		{"Nov 20 14:09:40 gate sshd[7]: Invalid user ", LOG_LINE_OTHER},
		{"Nov 20 14:09:40 gate sshd[7]: ", LOG_LINE_OTHER},
		{"Nov 20 14:09:40 gate sudo: alice : COMMAND=/bin/echo ", LOG_LINE_OTHER},
		{"Nov 20 14:09:40 sshd[7]: Invalid user ", LOG_LINE_OTHER},
		{"2026-11-20T14:09:40.1Z gate nginx: GET / ", LOG_LINE_OTHER},
		{"<38>1 2026-11-20T14:09:40Z gate sshd 7 - - Invalid user ", LOG_LINE_OTHER},
		{"[  123.456789] gate sshd[7]: Invalid user ", LOG_LINE_OTHER},
		{"[  123.456789] gate sudo: alice ", LOG_LINE_OTHER},
		{"sshd[7]: Invalid user ", LOG_LINE_OTHER},
		{"Nov 20 14:09:40 gate kernel-fake: Invalid ", LOG_LINE_OTHER},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct log_line_clock clock = {.year = 2026};
		struct log_line_facts facts;
		char line[512];
		int length = snprintf(line, sizeof line, "%s%s", rows[i].head, FIELDS);
		enum log_line_result got = log_line_read(&clock, line, (size_t)length, &facts);
		if (got != rows[i].wanted)
			fail_msg("\"%s\": got %d, wanted %d", rows[i].head, got, rows[i].wanted);
	}
}

/* A line may be cut anywhere. What is left tells the truth or nothing: the same addresses, protocol
 * and ports, and flags only if they are all there. The copy has its exact size, so that a sanitizer
 * sees every step beyond it. */
static void a_cut_line_never_tells_another_story(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"Nov 20 14:09:40 gate kernel: [ 4999.999203] DROP IN=eth0 OUT= "
		"MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 SRC=198.51.100.77 DST=203.0.113.55 "
		"LEN=60 "
		"TOS=0x00 PREC=0x00 TTL=47 ID=4711 DF PROTO=TCP SPT=40000 DPT=8443 SEQ=17 ACK=99 "
		"WINDOW=1024 "
		"RES=0x00 ACK SYN URGP=0 OPT (020405B40402080A7F811509000000000103030A) ",
		"2026-11-20T14:09:40.5+01:00 gate kernel: IN=eth0 OUT= SRC=2001:db8::77 "
		"DST=2001:db8::55 LEN=60 "
		"TC=0 HOPLIMIT=57 FLOWLBL=0 PROTO=UDP SPT=40000 DPT=8443 LEN=20 ",
		"<4>1 2026-11-20T14:09:40Z gate kernel - - - IN=eth0 OUT= SRC=198.51.100.77 "
		"DST=203.0.113.55 "
		"LEN=60 TTL=47 ID=4711 PROTO=ICMP TYPE=13 CODE=4 [SRC=203.0.113.55 DST=192.0.2.99 "
		"LEN=60 "
		"PROTO=UDP SPT=53 DPT=1234 LEN=40 ] MTU=1400 ",
		"Nov 20 14:09:40 gate kernel: Packet log: input DENY eth0 PROTO=6 "
		"198.51.100.77:40000 "
		"203.0.113.55:8443 L=60 S=0x00 I=4711 F=0x4000 T=47 SYN (#3)",
		"Nov 20 14:09:40 r1 12: %SEC-6-IPACCESSLOGP: list 101 denied tcp "
		"198.51.100.77(40000) "
		"(Ethernet0 0010.7b00.0001) -> 203.0.113.55(8443), 1 packet",
		"Nov 20 14:09:40 fw1 : %ASA-4-106015: Deny TCP (no connection) from "
		"198.51.100.77/40000 to "
		"203.0.113.55/8443 flags SYN ACK  on interface outside",
		"{\"_TRANSPORT\":\"kernel\",\"_HOSTNAME\":\"gate\",\"__REALTIME_TIMESTAMP\":"
		"\"1795183780120311\","
		"\"MESSAGE\":\"DROP IN=eth0 OUT= SRC=198.51.100.77 DST=203.0.113.55 LEN=60 "
		"PROTO=UDP "
		"SPT=40000 DPT=8443 LEN=40 \"}",
	};
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		struct log_line_clock clock = {.year = 2026};
		struct log_line_facts whole, facts;
		size_t length = strlen(lines[i]);
		if (log_line_read(&clock, lines[i], length, &whole) != LOG_LINE_KNOCK)
			fail_msg("no knock: %s", lines[i]);
		for (size_t n = 0; n < length; n++) {
			char *part = malloc(n ? n : 1);
			assert_non_null(part);
			memcpy(part, lines[i], n);
			enum log_line_result result = log_line_read(&clock, part, n, &facts);
			const struct event *a = &whole.event, *b = &facts.event;
			if (result == LOG_LINE_KNOCK &&
				(!addr_equal(&a->src, &b->src) || !addr_equal(&a->dst, &b->dst) ||
					a->proto != b->proto || a->src_port != b->src_port ||
					a->dst_port != b->dst_port ||
					a->icmp_type != b->icmp_type ||
					(b->has & EVENT_HAS_TCP_FLAGS &&
						a->tcp_flags != b->tcp_flags) ||
					(b->has & EVENT_HAS_QUOTED &&
						!addr_equal(&a->quoted_dst, &b->quoted_dst))))
				fail_msg("cut at %zu: %.*s", n, (int)n, lines[i]);
			free(part);
		}
	}
}

static void any_byte_is_only_a_byte(void **state)
{
	(void)state;
	static const char line[] =
		"Nov 20 14:09:40 gate kernel: A\0\x1b[2J\xff\t IN=e\0h OUT= SRC=198.51.100.7 "
		"DST=203.0.113.5 \x01\x02=\0 PROTO=47 \0";
	struct log_line_clock clock = {.year = 2026};
	struct log_line_facts facts;
	char memory[256];
	struct text_buffer got = text_buffer_over(memory, sizeof memory);
	enum log_line_result result = log_line_read(&clock, line, sizeof line - 1, &facts);
	facts_text_add(&got, result, &facts);
	assert_string_equal(memory,
		"KNOCK 198.51.100.7 > 203.0.113.5 47 ip-protocol in if[e\\x00h] "
		"pre[A\\x00\\x1b[2J\\xff\\x09]");
}

/* A line full of beginnings must not be walked once for each of them. */
static void hostile_lines_cost_time_in_proportion_to_their_length(void **state)
{
	(void)state;
	static const char *const pieces[] = {"IN=", "=", "%", "%ASA-4-106023", "P",
		"Packet log:", "[", "IN= ", "[SRC=", "{", "kernel: ", "\"",
		"%SEC-6-IPACCESSLOGP: "};
	enum { LENGTH = 1 << 20 };
	char *line = malloc(LENGTH + 32);
	assert_non_null(line);
	clock_t start = clock();
	for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
		struct log_line_clock log_clock = {.year = 2026};
		struct log_line_facts facts;
		size_t n = strlen(pieces[i]);
		for (size_t at = 0; at < LENGTH; at += n)
			memcpy(line + at, pieces[i], n);
		log_line_read(&log_clock, line, LENGTH, &facts);
	}
	/* linear: some 30 ms in all, ten times that under sanitizers; squared: minutes */
	assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_year_turns_with_the_months_both_ways),
		cmocka_unit_test(lines_of_others_turn_the_year_too),
		cmocka_unit_test(the_kernels_clock_spaces_lines_of_one_second),
		cmocka_unit_test(times_never_run_backwards_while_stamps_do_not),
		cmocka_unit_test(only_the_kernel_and_packet_loggers_are_believed),
		cmocka_unit_test(a_cut_line_never_tells_another_story),
		cmocka_unit_test(any_byte_is_only_a_byte),
		cmocka_unit_test(hostile_lines_cost_time_in_proportion_to_their_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
