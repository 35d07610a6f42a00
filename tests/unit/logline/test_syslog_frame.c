/* SPDX-License-Identifier: ISC */
#include "logline/syslog_frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* All messages of a stream that comes in pieces of `step` bytes, each followed by '|'; a cut one by '~'. */
static void read_stream(
	const char *stream, size_t size, size_t step, char *out, size_t out_size, size_t show)
{
	struct syslog_frame frame = {0};
	static char buffer[SYSLOG_STREAM_MAX];
	size_t have = 0, at = 0, written = 0;
	while (at < size || have > 0) {
		struct text_slice message;
		size_t used, piece = size - at < step ? size - at : step;
		if (piece > sizeof buffer - have)
			piece = sizeof buffer - have;
		memcpy(buffer + have, stream + at, piece);
		have += piece;
		at += piece;
		enum syslog_frame_result result = SYSLOG_FRAME_MESSAGE;
		while (result != SYSLOG_FRAME_MORE) {
			result = syslog_frame_next(
				&frame, (struct text_slice){buffer, have}, &message, &used);
			if (result != SYSLOG_FRAME_MORE)
				written += (size_t)snprintf(out + written, out_size - written,
					"%.*s%c",
					(int)(message.length < show ? message.length : show),
					message.start, result == SYSLOG_FRAME_CUT ? '~' : '|');
			memmove(buffer, buffer + used, have - used);
			have -= used;
		}
		assert_true(have < sizeof buffer);
		if (piece == 0) {
			if (syslog_frame_last(&frame, (struct text_slice){buffer, have}, &message))
				snprintf(out + written, out_size - written, "%.*s|",
					(int)message.length, message.start);
			return;
		}
	}
}

static void the_first_byte_tells_both_framings_apart(void **state)
{
	(void)state;
	static const struct {
		const char *stream, *wanted;
	} rows[] = {
		{"<13>one\n<13>two\n", "<13>one|<13>two|"},
		{"7 <13>one7 <13>two", "<13>one|<13>two|"},
		{"8 <13>one\n<13>two\n7 <13>six", "<13>one|<13>two|<13>six|"},
		{"<13>one\r\n\r\n\n<13>two\n", "<13>one|<13>two|"},
		{"no priority\n2026-11-28T12:00:00Z gate kernel: x\n",
			"no priority|2026-11-28T12:00:00Z gate kernel: x|"},
		{"123: *Mar  1 00:00:00\n", "123: *Mar  1 00:00:00|"},
		{"07 <13>one\n", "07 <13>one|"},
		{"99999999 <13>one\n7 <13>two", "99999999 <13>one|<13>two|"},
		/* a count that is too small leaves a rest, which ends with its line */
		{"5 <13>one\n7 <13>two", "<13>o|ne|<13>two|"},
		/* one that is too large swallows what follows, up to its own end */
		{"10 <13>one7 <13>two\n<13>six\n", "<13>one7 <|13>two|<13>six|"},
		{"<13>not ended", "<13>not ended|"},
		{"20 <13>not whole", ""},
		{"12", ""},
		{"", ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (size_t step = 1; step < 40; step++) {
			char got[256] = "";
			read_stream(
				rows[i].stream, strlen(rows[i].stream), step, got, sizeof got, 200);
			if (strcmp(got, rows[i].wanted) != 0)
				fail_msg("\"%s\" in pieces of %zu: got \"%s\", wanted \"%s\"",
					rows[i].stream, step, got, rows[i].wanted);
		}
	}
}

static void a_line_may_end_with_nul(void **state)
{
	(void)state;
	char got[256] = "";
	read_stream("<13>one\0<13>two\0\n<13>six\n", 25, 3, got, sizeof got, 200);
	assert_string_equal(got, "<13>one|<13>two|<13>six|");
}

static void of_a_long_message_the_head_is_read_and_the_rest_skipped(void **state)
{
	(void)state;
	const size_t size = 100000;
	char *stream = malloc(size + 64), got[256];
	for (int counted = 0; counted < 2; counted++) {
		for (size_t step = 1000; step < 20000; step += 3777) {
			int head = counted ? sprintf(stream, "%zu ", size) : 0;
			memset(stream + head, 'x', size);
			memcpy(stream + head, "<13>", 4);
			strcpy(stream + head + size, counted ? "4 <1>a" : "\n<1>a\n");
			got[0] = '\0';
			read_stream(stream, strlen(stream), step, got, sizeof got, 5);
			assert_string_equal(got, "<13>x~<1>a|");
		}
	}
	free(stream);
}

static void the_longest_message_is_whole(void **state)
{
	(void)state;
	static char stream[SYSLOG_STREAM_MAX + 16];
	struct syslog_frame frame = {0};
	struct text_slice message;
	size_t used;
	memset(stream, 'x', SYSLOG_MESSAGE_MAX);
	stream[SYSLOG_MESSAGE_MAX] = '\n';
	assert_int_equal(
		syslog_frame_next(&frame, (struct text_slice){stream, SYSLOG_MESSAGE_MAX + 1},
			&message, &used),
		SYSLOG_FRAME_MESSAGE);
	assert_int_equal(message.length, SYSLOG_MESSAGE_MAX);
	int head = sprintf(stream, "%d ", SYSLOG_MESSAGE_MAX);
	memset(stream + head, 'x', SYSLOG_MESSAGE_MAX);
	assert_int_equal(syslog_frame_next(&frame,
				 (struct text_slice){stream, SYSLOG_MESSAGE_MAX + (size_t)head},
				 &message, &used),
		SYSLOG_FRAME_MESSAGE);
	assert_int_equal(message.length, SYSLOG_MESSAGE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_byte_tells_both_framings_apart),
		cmocka_unit_test(a_line_may_end_with_nul),
		cmocka_unit_test(of_a_long_message_the_head_is_read_and_the_rest_skipped),
		cmocka_unit_test(the_longest_message_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
