/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* memmem */
#include "journal_scene.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static bool says(const struct journal_scene *s, const char *file, const char *words)
{
	size_t length;
	char *text = journal_scene_read(s, file, &length);
	bool yes = memmem(text, length, words, strlen(words)) != NULL;
	free(text);
	return yes;
}

static void a_day_is_one_file_with_its_head(void **state)
{
	(void)state;
	struct journal_scene s;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 3, 5);
	journal_scene_assert_whole(&s, 3 * 6);
	char *text = journal_scene_read(&s, "2026-11-21.jsonl", NULL);
	char *line = strtok(text, "\n");
	assert_non_null(strstr(line, "\"host\":\"minnie\",\"event_type\":\"chain\""));
	assert_non_null(
		strstr(line, "\"chain\":{\"file\":\"2026-11-20.jsonl\",\"events\":6,\"prev\":\""));
	assert_non_null(strstr(line, "\"first\":1,\"seq\":7,\"hash\":\""));
	assert_non_null(strstr(strtok(NULL, "\n"), "\"ttl\":6},\"chain\":{\"seq\":8,\"hash\":\""));
	free(text);
	journal_scene_end(&s);
}

static void it_goes_on_where_it_ended(void **state)
{
	(void)state;
	struct journal_scene s;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 1, 3);
	journal_scene_open(&s); /* the same day */
	journal_scene_append(&s, 2);
	journal_scene_close(&s);
	s.now.us += 9 * 86400 * CLOCK_US_PER_S; /* off for nine days */
	journal_scene_open(&s);
	journal_scene_append(&s, 1);
	journal_scene_close(&s);
	journal_scene_pack(&s, "2026-11-29.jsonl"); /* even then */
	s.now.us += 86400 * CLOCK_US_PER_S;
	journal_scene_open(&s);
	journal_scene_append(&s, 1);
	journal_scene_close(&s);
	journal_scene_assert_whole(&s, 6 + 2 + 2);
	journal_scene_end(&s);
}

static void what_is_acknowledged_is_in_the_file(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	static const char event[] = "{\"v\":1,\"a\":\"b\"}";
	journal_scene_begin(&s);
	journal_scene_open(&s);
	assert_int_equal(journal_writer_append(s.writer, event, sizeof event - 1), 2);
	assert_int_equal(journal_writer_written(s.writer), 1);
	assert_false(says(&s, "2026-11-20.jsonl", event + 1 + 6));
	assert_int_equal(journal_writer_flush(s.writer, &error), JOURNAL_WRITER_DONE);
	assert_int_equal(journal_writer_written(s.writer), 2);
	assert_true(says(&s, "2026-11-20.jsonl", "\"a\":\"b\",\"chain\":{\"seq\":2"));
	journal_scene_end(&s);
}

static void what_is_no_line_is_refused_and_counted(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	char *long_line = malloc(JOURNAL_LINE_MAX);
	memset(long_line, 'a', JOURNAL_LINE_MAX);
	long_line[0] = '{';
	long_line[JOURNAL_LINE_MAX - 1] = '}';
	journal_scene_begin(&s);
	journal_scene_open(&s);
	assert_int_equal(journal_writer_append(s.writer, "{\"v\":1\n}", 8), 0);
	assert_int_equal(journal_writer_append(s.writer, "{}", 2), 0);
	assert_int_equal(journal_writer_append(s.writer, "abc", 3), 0);
	assert_int_equal(journal_writer_append(s.writer, long_line, JOURNAL_LINE_MAX), 0);
	assert_int_equal(journal_writer_lost(s.writer), 4);
	assert_int_equal(journal_writer_flush(s.writer, &error), JOURNAL_WRITER_DONE);
	journal_scene_close(&s);
	assert_true(says(&s, "2026-11-20.jsonl", "\"event_type\":\"health\""));
	assert_true(says(&s, "2026-11-20.jsonl", "\"count\":4"));
	journal_scene_assert_whole(&s, 2);
	free(long_line);
	journal_scene_end(&s);
}

static void a_torn_line_is_set_aside_and_told(void **state)
{
	(void)state;
	struct journal_scene s;
	size_t length;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 1, 4);
	char *text = journal_scene_read(&s, "2026-11-20.jsonl", &length);
	for (size_t cut = 1; cut < 120; cut += 7) {
		journal_scene_write(&s, "2026-11-20.jsonl", text, length - cut);
		journal_scene_assert_fault(&s, JOURNAL_FAULT_TORN, "2026-11-20.jsonl", 5, 5);
		journal_scene_open(&s);
		journal_scene_append(&s, 1);
		journal_scene_close(&s);
		journal_scene_assert_whole(&s, 6); /* four of five, the word on it, one more */
		assert_true(says(&s, "2026-11-20.jsonl",
			"\"was\":\"torn\",\"now\":\"set-aside\",\"file\":\"2026-11-20.torn-"));
	}
	size_t aside;
	free(journal_scene_read(&s, "2026-11-20.torn-1", &aside));
	char *rest = journal_scene_read(&s, "2026-11-20.torn-1", &aside);
	assert_memory_equal(rest, text + length - 1 - aside, aside);
	free(rest);
	free(text);
	journal_scene_end(&s);
}

static void blocks_that_were_never_written_are_torn_too(void **state)
{
	(void)state;
	struct journal_scene s;
	size_t length;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 1, 4);
	char *text = journal_scene_read(&s, "2026-11-20.jsonl", &length);
	char *zeros = calloc(1, length + 4096);
	memcpy(zeros, text, length);
	memcpy(zeros + length + 2000, "garbage\n", 8);
	journal_scene_write(&s, "2026-11-20.jsonl", zeros, length + 4096);
	journal_scene_open(&s);
	journal_scene_close(&s);
	journal_scene_assert_whole(&s, 6);
	free(zeros);
	free(text);
	journal_scene_end(&s);
}

static void a_head_that_was_torn_is_written_again(void **state)
{
	(void)state;
	struct journal_scene s;
	size_t length;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 2, 1);
	char *text = journal_scene_read(&s, "2026-11-21.jsonl", &length);
	for (size_t left = 0; left < 40; left += 20) {
		journal_scene_write(&s, "2026-11-21.jsonl", text, left);
		journal_scene_open(&s);
		journal_scene_append(&s, 1);
		journal_scene_close(&s);
		journal_scene_assert_whole(&s, left > 0 ? 5 : 4);
	}
	free(text);
	journal_scene_end(&s);
}

static void a_changed_last_record_is_not_taken_for_torn(void **state)
{
	(void)state;
	struct journal_scene s;
	size_t length;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 1, 4);
	char *text = journal_scene_read(&s, "2026-11-20.jsonl", &length);
	text[length - strlen(strstr(text, "\"ttl\":4")) + 6] = '5';
	journal_scene_write(&s, "2026-11-20.jsonl", text, length);
	journal_scene_open(&s);
	journal_scene_append(&s, 1);
	journal_scene_close(&s);
	journal_scene_assert_fault(&s, JOURNAL_FAULT_CHANGED, "2026-11-20.jsonl", 5, 5);
	free(text);
	journal_scene_end(&s);
}

static void a_clock_that_jumps_is_told_and_days_only_go_forward(void **state)
{
	(void)state;
	struct journal_scene s;
	journal_scene_begin(&s);
	journal_scene_open(&s);
	journal_scene_append(&s, 1);
	s.now.us += 2 * 86400 * CLOCK_US_PER_S; /* the wall clock alone */
	journal_scene_wait(&s, 1);
	journal_scene_append(&s, 1);
	s.now.us -= 3 * 86400 * CLOCK_US_PER_S;
	journal_scene_wait(&s, 1);
	journal_scene_append(&s, 1);
	journal_scene_close(&s);
	journal_scene_open(&s); /* started again before the day of the newest file */
	journal_scene_append(&s, 1);
	journal_scene_close(&s);
	journal_scene_assert_whole(&s, 2 + 1 + 1 + 1 + 2 + 2);
	assert_true(says(&s, "2026-11-20.jsonl",
		"{\"what\":\"clock\",\"was\":\"2026-11-20T12:00:01.000000Z\",\"now\":\"2026-11-22T12:00:01"));
	assert_true(says(&s, "2026-11-22.jsonl", "set back"));
	assert_true(says(&s, "2026-11-22.jsonl", "of a later day"));
	assert_int_not_equal(access(journal_scene_path(&s, "2026-11-19.jsonl"), F_OK), 0);
	journal_scene_end(&s);
}

static void a_slow_or_sleeping_machine_is_no_jump(void **state)
{
	(void)state;
	struct journal_scene s;
	journal_scene_begin(&s);
	journal_scene_open(&s);
	for (int i = 0; i < 50; i++) {
		s.now.us += 90000; /* a clock that is slewed */
		journal_scene_wait(&s, i % 7 == 0 ? 9000 : 1);
	}
	journal_scene_close(&s);
	assert_false(says(&s, "2026-11-20.jsonl", "clock"));
	journal_scene_end(&s);
}

static void a_newer_journal_stays_as_it_is(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	static const char text[] = "{\"v\":2,\"what\":\"nobody knows yet\"}\n";
	journal_scene_begin(&s);
	journal_scene_fill(&s, 1, 1);
	journal_scene_write(&s, "2026-11-21.jsonl", text, sizeof text - 1);
	assert_null(journal_writer_open(
		s.state, &(struct journal_writer_options){.host = NULL}, s.now, &error));
	assert_int_equal(error.trouble, STORE_TROUBLE_NEWER);
	char *after = journal_scene_read(&s, "2026-11-21.jsonl", NULL);
	assert_string_equal(after, text);
	free(after);
	journal_scene_end(&s);
}

/* The disk is as full as RLIMIT_FSIZE says. */
static void a_full_disk_costs_no_record_that_was_taken(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	struct rlimit before, small = {20000, 20000};
	char event[600] = "{\"v\":1,\"a\":\"";
	memset(event + 12, 'x', 500);
	memcpy(event + 512, "\"}", 3);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small.rlim_max = before.rlim_max;
	journal_scene_begin(&s);
	s.writer = journal_writer_open(s.state,
		&(struct journal_writer_options){.bytes = JOURNAL_WRITER_BYTES_LEAST}, s.now,
		&error);
	assert_non_null(s.writer);
	setrlimit(RLIMIT_FSIZE, &small);
	unsigned taken = 0, refused = 0, said = 0;
	for (int i = 0; i < 400; i++) {
		*(journal_writer_append(s.writer, event, 514) ? &taken : &refused) += 1;
		if (i % 10 == 0)
			said += journal_writer_flush(s.writer, &error) == JOURNAL_WRITER_STUCK;
	}
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(said, 1);
	assert_true(taken > 60 && refused > 60);
	assert_int_equal(journal_writer_lost(s.writer), refused);
	assert_int_equal(journal_writer_flush(s.writer, &error), JOURNAL_WRITER_RESUMED);
	journal_scene_close(&s);
	journal_scene_assert_whole(&s, 1 + taken + 1);
	char words[64];
	snprintf(words, sizeof words, "\"was\":\"full\",\"now\":\"writes\",\"count\":%u", refused);
	assert_true(says(&s, "2026-11-20.jsonl", words));
	journal_scene_end(&s);
}

static enum journal_writer_result advance_by(struct journal_scene *s, int64_t seconds)
{
	struct store_error error;
	s->now.us += seconds * CLOCK_US_PER_S;
	s->steady_us += seconds * CLOCK_US_PER_S;
	return journal_writer_advance(s->writer, s->now, s->steady_us, &error);
}

static void a_day_that_cannot_begin_is_told_once(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	static const char event[] = "{\"v\":1,\"a\":\"b\"}";
	journal_scene_begin(&s);
	journal_scene_open(&s);
	assert_int_equal(mkdir(journal_scene_path(&s, "2026-11-21.jsonl"), 0700), 0);
	assert_int_equal(advance_by(&s, 86400), JOURNAL_WRITER_STUCK);
	for (int i = 0; i < 3; i++) {
		assert_true(journal_writer_append(s.writer, event, sizeof event - 1) > 0);
		assert_int_equal(journal_writer_flush(s.writer, &error), JOURNAL_WRITER_WAITS);
		assert_int_equal(journal_writer_written(s.writer), 2 + i);
		assert_int_equal(advance_by(&s, 1), JOURNAL_WRITER_WAITS);
	}
	assert_int_equal(rmdir(journal_scene_path(&s, "2026-11-21.jsonl")), 0);
	assert_int_equal(advance_by(&s, 1), JOURNAL_WRITER_RESUMED);
	journal_scene_append(&s, 1);
	journal_scene_close(&s);
	assert_true(says(&s, "2026-11-21.jsonl", "\"file\":\"2026-11-20.jsonl\",\"events\":4"));
	journal_scene_assert_whole(&s, 4 + 2);
	journal_scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_is_one_file_with_its_head),
		cmocka_unit_test(it_goes_on_where_it_ended),
		cmocka_unit_test(what_is_acknowledged_is_in_the_file),
		cmocka_unit_test(what_is_no_line_is_refused_and_counted),
		cmocka_unit_test(a_torn_line_is_set_aside_and_told),
		cmocka_unit_test(blocks_that_were_never_written_are_torn_too),
		cmocka_unit_test(a_head_that_was_torn_is_written_again),
		cmocka_unit_test(a_changed_last_record_is_not_taken_for_torn),
		cmocka_unit_test(a_clock_that_jumps_is_told_and_days_only_go_forward),
		cmocka_unit_test(a_slow_or_sleeping_machine_is_no_jump),
		cmocka_unit_test(a_newer_journal_stays_as_it_is),
		cmocka_unit_test(a_full_disk_costs_no_record_that_was_taken),
		cmocka_unit_test(a_day_that_cannot_begin_is_told_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
