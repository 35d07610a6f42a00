/* SPDX-License-Identifier: ISC */
#include "journal_scene.h"
#include "store/journal_walk.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct journal_walk *open_walk(const struct journal_scene *s, uint64_t seq)
{
	struct store_error error;
	struct journal_walk *w = journal_walk_open(s->state, &error);
	assert_non_null(w);
	assert_true(journal_walk_seek(w, seq, &error));
	return w;
}

/* The next records are `first` to `last`, and then there is none. */
static void expect(struct journal_walk *w, uint64_t first, uint64_t last)
{
	struct journal_record r;
	for (uint64_t seq = first; seq <= last; seq++) {
		assert_true(journal_walk_next(w, &r));
		assert_int_equal(r.place.seq, seq);
	}
	assert_false(journal_walk_next(w, &r));
	assert_false(journal_walk_next(w, &r));
}

static void it_begins_where_it_is_told_in_any_file(void **state)
{
	(void)state;
	struct journal_scene s;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 3, 5); /* 1 to 6, 7 to 12, 13 to 18 */
	journal_scene_pack(&s, "2026-11-20.jsonl");
	for (uint64_t seq = 1; seq <= 20; seq++) {
		struct journal_walk *w = open_walk(&s, seq);
		expect(w, seq, 18);
		journal_walk_close(w);
	}
	journal_scene_end(&s);
}

static void it_follows_the_writer_over_the_days(void **state)
{
	(void)state;
	struct journal_scene s;
	journal_scene_begin(&s);
	journal_scene_open(&s);
	struct journal_walk *w = open_walk(&s, 1);
	expect(w, 1, 1);
	journal_scene_append(&s, 2);
	expect(w, 2, 3);
	assert_int_equal(journal_walk_day(w), s.now.us / CLOCK_US_PER_S / 86400);
	journal_scene_append(&s, 1); /* seen only together with the day behind */
	for (int day = 0; day < 40; day++)
		journal_scene_wait(&s, 86400);
	journal_scene_append(&s, 1);
	expect(w, 4, 4 + 40 + 1);
	assert_int_equal(journal_walk_day(w), s.now.us / CLOCK_US_PER_S / 86400);
	journal_walk_close(w);
	journal_scene_end(&s);
}

static void a_file_that_is_packed_meanwhile_is_read_to_its_end(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_record r;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 3, 5);
	struct journal_walk *w = open_walk(&s, 3);
	assert_true(journal_walk_next(w, &r));
	journal_scene_pack(&s, "2026-11-20.jsonl");
	journal_scene_pack(&s, "2026-11-21.jsonl");
	expect(w, 4, 18);
	journal_walk_close(w);
	journal_scene_end(&s);
}

static void what_is_no_record_is_passed_over_and_counted(void **state)
{
	(void)state;
	struct journal_scene s;
	size_t length;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 2, 5);
	char *text = journal_scene_read(&s, "2026-11-20.jsonl", &length);
	*strchr(text + length / 2, '{') = '[';
	journal_scene_write(&s, "2026-11-20.jsonl", text, length - 10);
	struct journal_walk *w = open_walk(&s, 1);
	struct journal_record r;
	unsigned records = 0;
	while (journal_walk_next(w, &r))
		records++;
	assert_in_range(records, 10, 11);
	assert_in_range(journal_walk_skipped(w), 1, 2);
	journal_walk_close(w);
	free(text);
	journal_scene_end(&s);
}

static void what_was_deleted_is_skipped_to_the_oldest_that_is_there(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_place place;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 3, 5);
	unlink(journal_scene_path(&s, "2026-11-20.jsonl"));
	struct journal_walk *w = open_walk(&s, 2);
	expect(w, 7, 18);
	assert_false(journal_walk_find(w, 2, &place));
	assert_true(journal_walk_find(w, 13, &place));
	assert_int_equal(place.seq, 13);
	assert_false(journal_walk_find(w, 19, &place));
	journal_walk_close(w);
	journal_scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_begins_where_it_is_told_in_any_file),
		cmocka_unit_test(it_follows_the_writer_over_the_days),
		cmocka_unit_test(a_file_that_is_packed_meanwhile_is_read_to_its_end),
		cmocka_unit_test(what_is_no_record_is_passed_over_and_counted),
		cmocka_unit_test(what_was_deleted_is_skipped_to_the_oldest_that_is_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
