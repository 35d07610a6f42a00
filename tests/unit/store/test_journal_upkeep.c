/* SPDX-License-Identifier: ISC */
#include "journal_scene.h"
#include "store/journal_pack.h"
#include "store/journal_upkeep.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#define DAY_US (86400 * CLOCK_US_PER_S)

static bool is_there(const struct journal_scene *s, const char *name)
{
	return access(journal_scene_path(s, name), F_OK) == 0;
}

/* Until there is nothing more to do, an hour of packet time at most. */
static unsigned keep_house(struct journal_scene *s, struct journal_upkeep *u, uint64_t indexed)
{
	unsigned steps = 0;
	struct store_error error;
	for (; steps < 3600; steps++) {
		enum journal_upkeep_result r = journal_upkeep_step(u, s->now, indexed, &error);
		if (r == JOURNAL_UPKEEP_IDLE)
			break;
		if (r == JOURNAL_UPKEEP_FAILED)
			fail_msg("%s", error.text);
	}
	assert_true(steps < 3600);
	return steps;
}

/* `days` days of five records, the writer still open on the last. */
static struct journal_upkeep *begin(struct journal_scene *s, unsigned days, int64_t keep_days)
{
	journal_scene_begin(s);
	journal_scene_fill(s, days, 5);
	journal_scene_open(s);
	return journal_upkeep_create(s->writer,
		&(struct journal_settings){.keep_us = keep_days * DAY_US, .size_bytes = 1 << 30});
}

static void days_that_are_over_are_packed(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_upkeep *u = begin(&s, 4, 100);
	keep_house(&s, u, UINT64_MAX);
	static const char *const packed[] = {
		"2026-11-20.jsonl", "2026-11-21.jsonl", "2026-11-22.jsonl"};
	for (size_t i = 0; i < 3; i++) {
		char name[64];
		snprintf(name, sizeof name, "%s.zst", packed[i]);
		assert_true(is_there(&s, name));
		assert_false(is_there(&s, packed[i]));
	}
	assert_true(is_there(&s, "2026-11-23.jsonl"));
	journal_scene_assert_whole(&s, 24);
	journal_scene_append(&s, 1);
	journal_scene_wait(&s, 86400);
	keep_house(&s, u, UINT64_MAX);
	assert_true(is_there(&s, "2026-11-23.jsonl.zst"));
	journal_scene_assert_whole(&s, 26);
	journal_upkeep_destroy(u);
	journal_scene_end(&s);
}

static void that_days_were_deleted_is_no_fault_of_the_oldest_left(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_report r;
	struct store_error error;
	struct journal_upkeep *u = begin(&s, 5, 2);
	keep_house(&s, u, UINT64_MAX);
	struct journal_check_options o = {
		.until = (uint32_t)clock_days_from_civil(2026, 11, 22), .growing = true};
	assert_true(journal_check_run(s.state, &o, &r, &error));
	assert_string_equal(r.fault.text, "");
	assert_int_equal(r.files, 1);
	assert_false(r.whole_range);
	journal_upkeep_destroy(u);
	journal_scene_end(&s);
}

static void days_that_are_too_old_are_deleted_and_that_is_recorded(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_upkeep *u = begin(&s, 6, 2);
	keep_house(&s, u, UINT64_MAX);
	assert_false(is_there(&s, "2026-11-21.jsonl.zst"));
	assert_false(is_there(&s, "2026-11-22.jsonl"));
	assert_true(is_there(&s, "2026-11-23.jsonl.zst"));
	journal_scene_assert_whole(&s, 3 * 6 + 1); /* and the word on it */
	char *text = journal_scene_read(&s, "2026-11-25.jsonl", NULL);
	assert_non_null(strstr(text, "\"chain\":{\"deleted\":[\"2026-11-20.jsonl\","
				     "\"2026-11-21.jsonl\",\"2026-11-22.jsonl\"],\"first\":19,"));
	free(text);
	for (int i = 0; i < 10; i++) { /* and so on, over restarts */
		journal_scene_wait(&s, 86400);
		journal_scene_append(&s, 1);
		keep_house(&s, u, UINT64_MAX);
		journal_upkeep_destroy(u);
		journal_scene_close(&s);
		struct journal_report r = journal_scene_check(&s, 2);
		if (r.fault.kind != JOURNAL_FAULT_NONE)
			fail_msg("%s: %s", r.fault.file.text, r.fault.text);
		journal_scene_open(&s);
		u = journal_upkeep_create(s.writer,
			&(struct journal_settings){.keep_us = 2 * DAY_US, .size_bytes = 1 << 30});
	}
	journal_upkeep_destroy(u);
	journal_scene_close(&s);
	/* What nobody recorded is missed all the same. */
	unlink(journal_scene_path(&s, "2026-12-03.jsonl.zst"));
	unlink(journal_scene_path(&s, "2026-12-03.jsonl"));
	struct journal_report r = journal_scene_check(&s, 2);
	assert_int_equal(r.fault.kind, JOURNAL_FAULT_MISSING);
	journal_scene_end(&s);
}

static void a_journal_that_is_too_large_loses_its_oldest_days(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_upkeep *u = begin(&s, 8, 1000);
	journal_upkeep_set(
		u, &(struct journal_settings){.keep_us = 1000 * DAY_US, .size_bytes = 3000});
	keep_house(&s, u, UINT64_MAX);
	assert_false(is_there(&s, "2026-11-20.jsonl"));
	assert_true(is_there(&s, "2026-11-26.jsonl") || is_there(&s, "2026-11-26.jsonl.zst"));
	journal_scene_close(&s);
	assert_int_equal(journal_scene_check(&s, 2).fault.kind, JOURNAL_FAULT_NONE);
	journal_scene_open(&s);
	journal_upkeep_destroy(u);
	journal_scene_end(&s);
}

static void what_the_index_has_not_and_what_is_written_stays(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_upkeep *u = begin(&s, 4, 0);
	s.now.us += DAY_US * 2; /* the writer has not heard of it yet */
	keep_house(&s, u, 11);  /* 1 to 6 are taken in, and of the second day all but one */
	assert_false(is_there(&s, "2026-11-20.jsonl.zst"));
	assert_true(is_there(&s, "2026-11-21.jsonl.zst"));
	keep_house(&s, u, UINT64_MAX);
	s.now.us += DAY_US;
	keep_house(&s, u, UINT64_MAX);
	assert_false(is_there(&s, "2026-11-21.jsonl.zst"));
	assert_true(is_there(&s, "2026-11-23.jsonl"));
	journal_scene_close(&s);
	assert_int_equal(journal_scene_check(&s, 2).fault.kind, JOURNAL_FAULT_NONE);
	journal_scene_open(&s);
	journal_upkeep_destroy(u);
	journal_scene_end(&s);
}

static void a_crash_at_any_slice_leaves_a_whole_journal(void **state)
{
	(void)state;
	struct journal_scene s;
	journal_scene_begin(&s);
	journal_scene_open(&s);
	journal_scene_append(&s, 15000); /* some slices */
	journal_scene_wait(&s, 86400);
	journal_scene_close(&s);
	enum journal_pack_result r = JOURNAL_PACK_WORKING;
	for (unsigned most = 0; r != JOURNAL_PACK_DONE; most++) {
		struct store_error error;
		int directory = journal_files_open_directory(s.state, true, &error);
		struct journal_pack *p = journal_pack_start(
			directory, (uint32_t)clock_days_from_civil(2026, 11, 20));
		assert_non_null(p);
		for (unsigned i = 0; i < most && r == JOURNAL_PACK_WORKING; i++)
			r = journal_pack_step(p);
		journal_scene_assert_whole(&s, 15002);
		journal_pack_end(p);
		close(directory);
		journal_scene_assert_whole(&s, 15002);
	}
	assert_true(is_there(&s, "2026-11-20.jsonl.zst"));
	assert_false(is_there(&s, "2026-11-20.jsonl"));
	journal_scene_end(&s);
}

static void without_room_the_plain_file_stays(void **state)
{
	(void)state;
	struct journal_scene s;
	struct rlimit before, small;
	signal(SIGXFSZ, SIG_IGN);
	journal_scene_begin(&s);
	journal_scene_open(&s);
	journal_scene_append(&s, 5000);
	journal_scene_wait(&s, 86400);
	getrlimit(RLIMIT_FSIZE, &before);
	small = before;
	small.rlim_cur = 10000;
	setrlimit(RLIMIT_FSIZE, &small);
	struct journal_pack *p = journal_pack_start(
		journal_writer_directory(s.writer), (uint32_t)clock_days_from_civil(2026, 11, 20));
	enum journal_pack_result r;
	while ((r = journal_pack_step(p)) == JOURNAL_PACK_WORKING)
		continue;
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(r, JOURNAL_PACK_FAILED);
	journal_pack_end(p);
	assert_true(is_there(&s, "2026-11-20.jsonl"));
	assert_false(is_there(&s, "2026-11-20.jsonl.zst.new"));
	journal_scene_assert_whole(&s, 5002);
	journal_scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_that_are_over_are_packed),
		cmocka_unit_test(days_that_are_too_old_are_deleted_and_that_is_recorded),
		cmocka_unit_test(that_days_were_deleted_is_no_fault_of_the_oldest_left),
		cmocka_unit_test(a_journal_that_is_too_large_loses_its_oldest_days),
		cmocka_unit_test(what_the_index_has_not_and_what_is_written_stays),
		cmocka_unit_test(a_crash_at_any_slice_leaves_a_whole_journal),
		cmocka_unit_test(without_room_the_plain_file_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
