/* SPDX-License-Identifier: ISC */
#include "input/line_file.h"

#include "base/memory.h"
#include "input/event_source.h"
#include "memory_file.h"
#include "packed_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define BYTES(text) text, sizeof text - 1

static void lines_end_as_people_end_them(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text;
		size_t size;
		const char *lines; /* the same with '|' before every line */
		size_t lines_size;
	} rows[] = {
		{"nothing", BYTES(""), BYTES("")},
		{"one line", BYTES("one\n"), BYTES("|one")},
		{"no newline at the end", BYTES("one\ntwo"), BYTES("|one|two")},
		{"empty lines", BYTES("\n\none\n\n"), BYTES("|||one|")},
		{"DOS", BYTES("one\r\ntwo\r\n\r\n"), BYTES("|one|two|")},
		{"DOS without the last newline", BYTES("one\r\ntwo\r"), BYTES("|one|two")},
		{"two carriage returns", BYTES("one\r\r\n"), BYTES("|one\r")},
		{"a carriage return inside", BYTES("o\rne\n"), BYTES("|o\rne")},
		{"NULs", BYTES("\0one\0\n\0\0two"), BYTES("|\0one\0|\0\0two")},
		{"high bytes", BYTES("\xff\xfe\n\x80"), BYTES("|\xff\xfe|\x80")},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct byte_window w;
		struct line_file f;
		struct text_slice line;
		char got[64];
		size_t used = 0;
		byte_window_init(&w, memory_file_stream(rows[i].text, rows[i].size));
		line_file_init(&f, &w);
		while (line_file_next(&f, &line)) {
			got[used++] = '|';
			memcpy(got + used, line.start, line.length);
			used += line.length;
		}
		if (used != rows[i].lines_size || memcmp(got, rows[i].lines, used) != 0)
			fail_msg("%s: got %zu bytes '%.*s', wanted %zu '%s'", rows[i].name, used,
				(int)used, got, rows[i].lines_size, rows[i].lines);
		byte_window_clear(&w);
	}
}

/* Lines of many lengths around every limit there is, against what the text was made from. */
static void long_lines_keep_their_beginning(void **state)
{
	(void)state;
	static const size_t lengths[] = {0, 1, 100, EVENT_SOURCE_LINE_MAX - 1,
		EVENT_SOURCE_LINE_MAX, EVENT_SOURCE_LINE_MAX + 1, BYTE_WINDOW_STEP - 1,
		BYTE_WINDOW_STEP, BYTE_WINDOW_MAX, BYTE_WINDOW_MAX + BYTE_WINDOW_STEP + 1, 3000000};
	enum { LINES = 60, KINDS = sizeof lengths / sizeof lengths[0] };
	unsigned seed = (unsigned)time(NULL);
	print_message("seed %u\n", seed);
	srand(seed);
	size_t wanted[LINES], size = 0;
	char *text = memory_calloc(LINES, 3000001);
	for (int i = 0; i < LINES; i++) {
		wanted[i] = lengths[rand() % KINDS];
		memset(text + size, 'a' + i % 26, wanted[i]);
		size += wanted[i];
		text[size++] = '\n';
	}
	struct byte_window w;
	struct line_file f;
	struct text_slice line;
	byte_window_init(&w, memory_file_stream(text, size));
	line_file_init(&f, &w);
	for (int i = 0; i < LINES; i++) {
		size_t kept = wanted[i] < EVENT_SOURCE_LINE_MAX ? wanted[i] : EVENT_SOURCE_LINE_MAX;
		assert_true(line_file_next(&f, &line));
		if (line.length != kept)
			fail_msg("line %d of %zu bytes: got %zu", i, wanted[i], line.length);
		if (kept > 0)
			assert_true(line.start[0] == 'a' + i % 26 &&
				    line.start[kept - 1] == 'a' + i % 26);
	}
	assert_false(line_file_next(&f, &line));
	byte_window_clear(&w);
	free(text);
}

/* Writes a line of `size` bytes without a newline into a pipe, and a short one behind it. */
static pid_t start_writer(int fd, size_t size)
{
	pid_t child = fork();
	if (child != 0)
		return child;
	char block[65536];
	memset(block, 'x', sizeof block);
	bool ok = true;
	for (size_t done = 0; ok && done < size; done += sizeof block)
		ok = write(fd, block, sizeof block) == (ssize_t)sizeof block;
	ok = ok && write(fd, "\nend\n", 5) == 5;
	_exit(ok ? 0 : 1);
}

static void an_endless_line_costs_no_memory(void **state)
{
	(void)state;
	const size_t size = (size_t)64 << 20;
	const long allowed_growth_kib = 4096;
	int ends[2], status;
	assert_int_equal(pipe(ends), 0);
	pid_t child = start_writer(ends[1], size);
	assert_true(child > 0);
	close(ends[1]);
	struct rusage before, after;
	getrusage(RUSAGE_SELF, &before);
	struct byte_window w;
	struct line_file f;
	struct text_slice line;
	byte_window_init(&w, byte_stream_create(ends[0]));
	line_file_init(&f, &w);
	assert_true(line_file_next(&f, &line));
	assert_int_equal(line.length, EVENT_SOURCE_LINE_MAX);
	assert_true(line_file_next(&f, &line));
	assert_true(text_slice_equals(line, "end"));
	assert_false(line_file_next(&f, &line));
	getrusage(RUSAGE_SELF, &after);
	byte_window_clear(&w);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	if (after.ru_maxrss - before.ru_maxrss > allowed_growth_kib)
		fail_msg("grew by %ld KiB", after.ru_maxrss - before.ru_maxrss);
}

static void a_broken_packing_gives_no_half_line(void **state)
{
	(void)state;
	struct packed_bytes p = {0};
	packed_bytes_add(&p, PACKED_BYTES_GZIP, "whole\nalso whole\nDPT=80", 23);
	packed_bytes_add_raw(&p, "garbage", 7);
	struct byte_window w;
	struct line_file f;
	struct text_slice line;
	byte_window_init(&w, memory_file_stream(p.bytes, p.size));
	line_file_init(&f, &w);
	assert_true(line_file_next(&f, &line));
	assert_true(line_file_next(&f, &line));
	assert_true(text_slice_equals(line, "also whole"));
	assert_false(line_file_next(&f, &line));
	byte_window_clear(&w);
	packed_bytes_clear(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_end_as_people_end_them),
		cmocka_unit_test(long_lines_keep_their_beginning),
		cmocka_unit_test(an_endless_line_costs_no_memory),
		cmocka_unit_test(a_broken_packing_gives_no_half_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
