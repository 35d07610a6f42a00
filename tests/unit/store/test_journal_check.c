/* SPDX-License-Identifier: ISC */
#include "journal_scene.h"

#include "event/json_line.h"
#include "store/journal_head.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY2 "2026-11-21.jsonl"

/* Three days of a head and five records: numbers 1 to 6, 7 to 12, 13 to 18. */
static void begin(struct journal_scene *s)
{
	journal_scene_begin(s);
	journal_scene_fill(s, 3, 5);
}

/* The lines of the second day, to be put together anew. */
struct lines {
	char *text, *line[8];
	size_t length[8]; /* newline included */
};

static void cut_lines(const struct journal_scene *s, struct lines *l)
{
	l->text = journal_scene_read(s, DAY2, NULL);
	char *at = l->text;
	for (int i = 0; i < 6; i++) {
		l->line[i] = at;
		at = strchr(at, '\n') + 1;
		l->length[i] = (size_t)(at - l->line[i]);
	}
}

/* Writes the second day as these lines of it, from 0 on; -1 ends. */
static void arrange(const struct journal_scene *s, const struct lines *l, const int *order)
{
	char all[8192];
	size_t used = 0;
	for (; *order >= 0; order++) {
		memcpy(all + used, l->line[*order], l->length[*order]);
		used += l->length[*order];
	}
	journal_scene_write(s, DAY2, all, used);
}

static void what_was_written_is_whole(void **state)
{
	(void)state;
	struct journal_scene s;
	begin(&s);
	journal_scene_assert_whole(&s, 18);
	journal_scene_pack(&s, DAY2);
	journal_scene_assert_whole(&s, 18);
	struct journal_report r = journal_scene_check(&s, 2);
	assert_int_equal(r.files, 3);
	assert_int_equal(r.newest.seq, 18);
	assert_string_equal(r.newest_file.text, "2026-11-22.jsonl");
	assert_true(r.whole_range);
	journal_scene_end(&s);
}

static void any_changed_byte_is_found_and_placed(void **state)
{
	(void)state;
	struct journal_scene s;
	size_t length;
	begin(&s);
	char *text = journal_scene_read(&s, DAY2, &length);
	uint64_t line = 1;
	for (size_t i = 0; i < length; i++) {
		bool newline = text[i] == '\n';
		text[i] ^= 4;
		journal_scene_write(&s, DAY2, text, length);
		struct journal_report r = journal_scene_check(&s, 1);
		text[i] ^= 4;
		if (r.fault.kind == JOURNAL_FAULT_NONE || r.fault.line != line)
			fail_msg("byte %zu of line %llu: %s at line %llu: %s", i,
				(unsigned long long)line, journal_fault_name(r.fault.kind),
				(unsigned long long)r.fault.line, r.fault.text);
		line += newline;
	}
	free(text);
	journal_scene_end(&s);
}

static void what_is_wrong_is_named(void **state)
{
	(void)state;
	static const struct {
		int order[10];
		enum journal_fault_kind kind;
		uint64_t line, seq;
	} rows[] = {
		{{0, 1, 3, 4, 5, -1}, JOURNAL_FAULT_MISSING, 3, 9},
		{{0, 1, 4, 5, -1}, JOURNAL_FAULT_MISSING, 3, 9},
		{{0, 1, 2, 3, 4, -1}, JOURNAL_FAULT_MISSING, 6, 12},
		{{0, -1}, JOURNAL_FAULT_MISSING, 2, 8},
		{{0, 1, 2, 2, 3, 4, 5, -1}, JOURNAL_FAULT_INSERTED, 4, 9},
		{{0, 1, 2, 3, 4, 5, 5, -1}, JOURNAL_FAULT_INSERTED, 7, 12},
		{{0, 1, 5, 2, 3, 4, 5, -1}, JOURNAL_FAULT_INSERTED, 3, 12},
		{{0, 2, 1, 3, 4, 5, -1}, JOURNAL_FAULT_INSERTED, 2, 9},
		{{1, 2, 3, 4, 5, -1}, JOURNAL_FAULT_HEAD, 1, 8},
	};
	struct journal_scene s;
	struct lines l;
	begin(&s);
	cut_lines(&s, &l);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		arrange(&s, &l, rows[i].order);
		journal_scene_assert_fault(&s, rows[i].kind, DAY2, rows[i].line, rows[i].seq);
		journal_scene_pack(&s, DAY2);
		journal_scene_assert_fault(
			&s, rows[i].kind, DAY2 ".zst", rows[i].line, rows[i].seq);
		unlink(journal_scene_path(&s, DAY2 ".zst"));
	}
	free(l.text);
	journal_scene_end(&s);
}

/* Somebody who knows how the chain is made, and made a record that fits behind number 8. */
static void a_forged_record_is_seen_by_the_one_behind_it(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_record r;
	struct lines l;
	char all[8192], forged[256];
	begin(&s);
	cut_lines(&s, &l);
	assert_true(journal_record_read(l.line[1], l.length[1] - 1, &r));
	struct journal_hasher *h = journal_hasher_create();
	size_t n = journal_record_seal(
		h, &r.place, "{\"v\":1,\"event_type\":\"knock\"}", 28, false, forged);
	journal_hasher_destroy(h);
	size_t front = l.length[0] + l.length[1], back = strlen(l.line[2]);
	memcpy(all, l.text, front);
	memcpy(all + front, forged, n);
	memcpy(all + front + n, l.line[2], back);
	journal_scene_write(&s, DAY2, all, front + n + back);
	journal_scene_assert_fault(&s, JOURNAL_FAULT_INSERTED, DAY2, 4, 9);
	memmove(all + front + n, l.line[3], strlen(l.line[3]) + 1); /* in place of number 9 */
	journal_scene_write(&s, DAY2, all, strlen(all));
	journal_scene_assert_fault(&s, JOURNAL_FAULT_CHANGED, DAY2, 4, 10);
	free(l.text);
	journal_scene_end(&s);
}

static void a_day_made_anew_does_not_fit_the_next_head(void **state)
{
	(void)state;
	struct journal_scene s, other;
	begin(&s);
	journal_scene_begin(&other);
	other.events = 100; /* the same days with other texts */
	journal_scene_fill(&other, 2, 5);
	size_t length;
	char *text = journal_scene_read(&other, "2026-11-20.jsonl", &length);
	journal_scene_write(&s, "2026-11-20.jsonl", text, length);
	journal_scene_assert_fault(&s, JOURNAL_FAULT_CHANGED, "2026-11-20.jsonl", 6, 6);
	free(text);
	journal_scene_end(&other);
	journal_scene_end(&s);
}

static void a_file_that_is_gone_is_missed(void **state)
{
	(void)state;
	struct journal_scene s;
	begin(&s);
	unlink(journal_scene_path(&s, DAY2));
	journal_scene_assert_fault(&s, JOURNAL_FAULT_MISSING, "2026-11-22.jsonl", 1, 7);
	unlink(journal_scene_path(&s, "2026-11-20.jsonl")); /* nobody said it was deleted */
	journal_scene_assert_fault(&s, JOURNAL_FAULT_MISSING, "2026-11-22.jsonl", 1, 1);
	journal_scene_end(&s);
}

static void broken_files_are_named(void **state)
{
	(void)state;
	struct journal_scene s;
	size_t length;
	begin(&s);
	char *text = journal_scene_read(&s, DAY2, &length);
	journal_scene_write(&s, DAY2, text, length - 30);
	journal_scene_assert_fault(&s, JOURNAL_FAULT_TORN, DAY2, 6, 12);
	journal_scene_write(&s, DAY2, "", 0);
	journal_scene_assert_fault(&s, JOURNAL_FAULT_HEAD, DAY2, 0, 0);
	journal_scene_write(&s, DAY2, "\n\n\n", 3);
	journal_scene_assert_fault(&s, JOURNAL_FAULT_HEAD, DAY2, 1, 0);
	journal_scene_write(&s, DAY2, text, length);
	journal_scene_pack(&s, DAY2);
	char *packed = journal_scene_read(&s, DAY2 ".zst", &length);
	journal_scene_write(&s, DAY2 ".zst", packed, length - 5);
	struct journal_report r = journal_scene_check(&s, 2);
	assert_int_equal(r.fault.kind, JOURNAL_FAULT_UNREADABLE);
	assert_string_equal(r.fault.file.text, DAY2 ".zst");
	packed[length / 2] ^= 0x55;
	journal_scene_write(&s, DAY2 ".zst", packed, length);
	r = journal_scene_check(&s, 2);
	assert_int_not_equal(r.fault.kind, JOURNAL_FAULT_NONE);
	assert_string_equal(r.fault.file.text, DAY2 ".zst");
	free(packed);
	free(text);
	journal_scene_end(&s);
}

static void a_line_that_is_being_written_is_no_fault(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_report r;
	struct store_error error;
	size_t length;
	begin(&s);
	char *text = journal_scene_read(&s, "2026-11-22.jsonl", &length);
	journal_scene_write(&s, "2026-11-22.jsonl", text, length - 30);
	struct journal_check_options o = {.until = UINT32_MAX, .growing = true};
	assert_true(journal_check_run(s.state, &o, &r, &error));
	assert_int_equal(r.fault.kind, JOURNAL_FAULT_NONE);
	assert_int_equal(r.records, 17);
	assert_true(r.rest_bytes > 0);
	free(text);
	journal_scene_end(&s);
}

static void some_days_can_be_asked_for(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_report r;
	struct store_error error;
	begin(&s);
	uint32_t second = (uint32_t)clock_days_from_civil(2026, 11, 21);
	struct journal_check_options o = {.since = second, .until = second};
	assert_true(journal_check_run(s.state, &o, &r, &error));
	assert_int_equal(r.fault.kind, JOURNAL_FAULT_NONE);
	assert_int_equal(r.records, 6);
	assert_false(r.whole_range);
	journal_scene_end(&s);
}

#define DAY1 "2026-11-20.jsonl"
#define DAY3 "2026-11-22.jsonl"

/* Of days of November; 0 = open. */
static struct journal_report check_days(const struct journal_scene *s, int since, int until)
{
	struct journal_report r;
	struct store_error error;
	struct journal_check_options o = {.until = UINT32_MAX};
	if (since > 0)
		o.since = (uint32_t)clock_days_from_civil(2026, 11, since);
	if (until > 0)
		o.until = (uint32_t)clock_days_from_civil(2026, 11, until);
	assert_true(journal_check_run(s->state, &o, &r, &error));
	return r;
}

static void expect(const struct journal_report *r, enum journal_fault_kind kind, const char *file,
	uint64_t line, uint64_t seq)
{
	if (r->fault.kind != kind || strcmp(r->fault.file.text, file) != 0 ||
		r->fault.line != line || r->fault.seq != seq)
		fail_msg("got %s at %s:%llu, record %llu: %s", journal_fault_name(r->fault.kind),
			r->fault.file.text, (unsigned long long)r->fault.line,
			(unsigned long long)r->fault.seq, r->fault.text);
}

static void days_that_somebody_took_are_missed_in_any_range(void **state)
{
	(void)state;
	static const struct {
		const char *gone;
		int since, until;
		enum journal_fault_kind kind;
		const char *file;
		uint64_t line, seq;
	} rows[] = {
		{DAY1, 0, 21, JOURNAL_FAULT_MISSING, DAY2, 1, 1},
		{DAY1, 20, 21, JOURNAL_FAULT_MISSING, DAY2, 1, 1},
		{DAY1, 19, 0, JOURNAL_FAULT_MISSING, DAY2, 1, 1},
		{DAY1, 22, 0, JOURNAL_FAULT_NONE, "", 0, 0}, /* of other days nobody asked */
		{DAY2, 0, 21, JOURNAL_FAULT_MISSING, DAY3, 1, 7},
		{DAY2, 21, 0, JOURNAL_FAULT_MISSING, DAY3, 1, 0},
		{DAY2, 0, 20, JOURNAL_FAULT_NONE, "", 0, 0},
		{DAY2, 22, 0, JOURNAL_FAULT_NONE, "", 0, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct journal_scene s;
		begin(&s);
		unlink(journal_scene_path(&s, rows[i].gone));
		struct journal_report r = check_days(&s, rows[i].since, rows[i].until);
		expect(&r, rows[i].kind, rows[i].file, rows[i].line, rows[i].seq);
		if (strcmp(rows[i].file, DAY3) != 0) {
			journal_scene_pack(&s, DAY3); /* which is asked */
			r = check_days(&s, rows[i].since, rows[i].until);
			expect(&r, rows[i].kind, rows[i].file, rows[i].line, rows[i].seq);
		}
		journal_scene_end(&s);
	}
}

static void what_a_later_record_says_was_deleted_is_not_missed(void **state)
{
	(void)state;
	static const uint64_t firsts[] = {7, 3}; /* all of the day; only a part of it */
	for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
		struct journal_scene s;
		struct json_line line = {0};
		struct store_error error;
		begin(&s);
		s.now.us += (int64_t)3600 * CLOCK_US_PER_S;
		journal_scene_open(&s);
		const struct journal_file_name name = {DAY1};
		journal_head_write_deletion(&line, &name, 1, firsts[i], s.now, "h");
		assert_true(
			journal_writer_append_chain(s.writer, line.text, line.used) > 0);
		assert_int_equal(journal_writer_flush(s.writer, &error), JOURNAL_WRITER_DONE);
		journal_scene_close(&s);
		json_line_clear(&line);
		unlink(journal_scene_path(&s, DAY1));
		struct journal_report r = check_days(&s, 0, 21);
		if (firsts[i] == 7)
			expect(&r, JOURNAL_FAULT_NONE, "", 0, 0);
		else
			expect(&r, JOURNAL_FAULT_MISSING, DAY2, 1, 3);
		journal_scene_end(&s);
	}
}

static void an_end_that_was_cut_shows_by_the_head_of_the_next_day(void **state)
{
	(void)state;
	struct journal_scene s;
	struct lines l;
	static const int cut[] = {0, 1, 2, 3, -1}, whole[] = {0, 1, 2, 3, 4, 5, -1};
	begin(&s);
	cut_lines(&s, &l);
	arrange(&s, &l, cut);
	struct journal_report r = check_days(&s, 0, 21);
	expect(&r, JOURNAL_FAULT_MISSING, DAY2, 5, 11);
	size_t length;
	char *text = journal_scene_read(&s, DAY3, &length);
	text[strstr(text, "\"events\":") - text + 9] ^= 1; /* a head that is not as it was written */
	journal_scene_write(&s, DAY3, text, length);
	arrange(&s, &l, whole);
	r = check_days(&s, 0, 21);
	expect(&r, JOURNAL_FAULT_NONE, "", 0, 0);
	free(text);
	free(l.text);
	journal_scene_end(&s);
}

static void assert_torn_at(const struct journal_scene *s, const char *text, size_t length)
{
	uint64_t line = 1;
	for (size_t i = 0; i < length; i++)
		line += text[i] == '\n';
	journal_scene_write(s, "2026-11-20.jsonl", text, length);
	journal_scene_assert_fault(s, JOURNAL_FAULT_TORN, "2026-11-20.jsonl", line, line);
}

/* A file that is cut into pieces: 40 MiB of lines of all lengths, one of them nearly as long as can be. */
static void a_large_file_is_checked_in_pieces(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	enum { MOST = 1000000 };
	char *event = malloc(MOST + 64);
	uint64_t records = 1, bytes = 0;
	journal_scene_begin(&s);
	journal_scene_open(&s);
	for (unsigned seed = 1; bytes < (40u << 20); records++) {
		seed = seed * 1103515245 + 12345;
		size_t n = records == 30000 ? MOST : 20 + seed / 65536 % 1500;
		size_t used = (size_t)sprintf(event, "{\"v\":1,\"a\":\"");
		memset(event + used, 'a' + (int)(records % 26), n);
		memcpy(event + used + n, "\"}", 2);
		assert_true(journal_writer_append(s.writer, event, used + n + 2) > 0);
		bytes += used + n;
		if (records % 100 == 0)
			assert_int_equal(
				journal_writer_flush(s.writer, &error), JOURNAL_WRITER_DONE);
	}
	journal_scene_close(&s);
	journal_scene_assert_whole(&s, records);
	size_t length;
	char *text = journal_scene_read(&s, "2026-11-20.jsonl", &length);
	static const size_t places[] = {2000, 16 << 20, (16 << 20) + 1, (32 << 20) - 1, 39 << 20};
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		uint64_t line = 1;
		for (size_t k = 0; k < places[i]; k++)
			line += text[k] == '\n';
		text[places[i]] ^= 8;
		journal_scene_write(&s, "2026-11-20.jsonl", text, length);
		text[places[i]] ^= 8;
		journal_scene_assert_fault(
			&s, JOURNAL_FAULT_CHANGED, "2026-11-20.jsonl", line, line);
	}
	/* A torn line that reaches into a piece in which no line starts; and one within a piece. */
	assert_true(text[(16 << 20) - 1] != '\n' && text[16 << 20] != '\n');
	assert_torn_at(&s, text, (16 << 20) + 1);
	assert_torn_at(&s, text, 17 << 20);
	free(text);
	free(event);
	journal_scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_whole),
		cmocka_unit_test(any_changed_byte_is_found_and_placed),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(a_forged_record_is_seen_by_the_one_behind_it),
		cmocka_unit_test(a_day_made_anew_does_not_fit_the_next_head),
		cmocka_unit_test(a_file_that_is_gone_is_missed),
		cmocka_unit_test(broken_files_are_named),
		cmocka_unit_test(a_line_that_is_being_written_is_no_fault),
		cmocka_unit_test(some_days_can_be_asked_for),
		cmocka_unit_test(days_that_somebody_took_are_missed_in_any_range),
		cmocka_unit_test(what_a_later_record_says_was_deleted_is_not_missed),
		cmocka_unit_test(an_end_that_was_cut_shows_by_the_head_of_the_next_day),
		cmocka_unit_test(a_large_file_is_checked_in_pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
