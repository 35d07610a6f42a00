/* SPDX-License-Identifier: ISC */
#include "journal_scene.h"
#include "store/journal_head.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct wall_time now = {INT64_C(1795435200) * CLOCK_US_PER_S};

/* Seals an event and reads what it says. */
static bool read_sealed(const char *event, struct journal_head *out)
{
	struct journal_hasher *h = journal_hasher_create();
	struct journal_place place = {.seq = 41};
	struct journal_record r;
	char line[2048];
	size_t n = journal_record_seal(h, &place, event, strlen(event), true, line);
	journal_hasher_destroy(h);
	assert_true(journal_record_read(line, n - 1, &r));
	assert_true(r.is_chain_event);
	return journal_head_read(&r, out);
}

static void a_head_is_read_as_it_was_written(void **state)
{
	(void)state;
	struct journal_head in = {.file = "2026-11-22.jsonl", .events = 1234, .first = 17}, out;
	struct json_line line = {0};
	memset(in.prev.bytes, 0x12, sizeof in.prev.bytes);
	memset(in.head.bytes, 0xef, sizeof in.head.bytes);
	journal_head_write(&line, &in, now, "minnie");
	assert_true(read_sealed(line.text, &out));
	assert_string_equal(out.file, in.file);
	assert_int_equal(out.events, in.events);
	assert_int_equal(out.first, in.first);
	assert_true(journal_hash_equal(&out.prev, &in.prev));
	assert_true(journal_hash_equal(&out.head, &in.head));
	journal_head_write(&line, &(struct journal_head){.first = 1}, now, NULL);
	assert_null(strstr(line.text, "\"file\""));
	assert_null(strstr(line.text, "\"host\""));
	assert_true(read_sealed(line.text, &out));
	assert_string_equal(out.file, "");
	assert_int_equal(out.first, 1);
	json_line_clear(&line);
}

static void a_deletion_names_its_files(void **state)
{
	(void)state;
	struct journal_file_name names[2] = {
		journal_file_name_of(20000, true), journal_file_name_of(20001, false)};
	struct journal_head out;
	struct json_line line = {0};
	journal_head_write_deletion(&line, names, 2, 99, now, "minnie");
	assert_non_null(strstr(line.text,
		"\"chain\":{\"deleted\":[\"2024-10-04.jsonl.zst\",\"2024-10-05.jsonl\"],\"first\":99}}"));
	assert_true(read_sealed(line.text, &out));
	assert_int_equal(out.first, 99);
	json_line_clear(&line);
}

static void what_makes_no_sense_is_no_head(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"{\"v\":1,\"event_type\":\"knock\",\"chain\":{\"first\":1}}",
		"{\"v\":1,\"event_type\":\"chain\",\"chain\":{\"file\":\"../../etc/passwd\"}}",
		"{\"v\":1,\"event_type\":\"chain\",\"chain\":{\"file\":\"2026-11-22.jsonl\"}}",
		("{\"v\":1,\"event_type\":\"chain\",\"chain\":{\"file\":\"2026-11-22.jsonl\",\"prev\":\"12\","
		 "\"head\":\"34\"}}"),
		"{\"v\":1,\"event_type\":7,\"chain\":{\"first\":1}}",
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct journal_head out;
		if (read_sealed(rows[i], &out))
			fail_msg("row %zu is read", i);
	}
}

static void the_head_of_a_file_is_its_first_line(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	struct journal_files files;
	struct journal_head head;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 2, 3);
	journal_scene_pack(&s, "2026-11-20.jsonl");
	int dir = journal_files_open_directory(s.state, false, &error);
	assert_true(journal_files_list(dir, &files));
	assert_true(journal_head_read_file(dir, &files.items[0], &head));
	assert_string_equal(head.file, "");
	assert_true(journal_head_read_file(dir, &files.items[1], &head));
	assert_string_equal(head.file, "2026-11-20.jsonl");
	assert_int_equal(head.events, 4);
	journal_scene_write(&s, "2026-11-21.jsonl", "nothing\n", 8);
	assert_false(journal_head_read_file(dir, &files.items[1], &head));
	journal_files_clear(&files);
	close(dir);
	journal_scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_is_read_as_it_was_written),
		cmocka_unit_test(a_deletion_names_its_files),
		cmocka_unit_test(what_makes_no_sense_is_no_head),
		cmocka_unit_test(the_head_of_a_file_is_its_first_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
