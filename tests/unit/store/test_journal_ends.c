/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* memrchr */
#include "journal_scene.h"
#include "store/journal_ends.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY "2026-11-20.jsonl"

static bool find(const struct journal_scene *s, const char *name, struct journal_ends *out)
{
	int fd = open(journal_scene_path(s, name), O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	bool found = journal_ends_find(fd, strstr(name, ".zst") != NULL, out);
	int kept = errno;
	close(fd);
	errno = kept;
	return found;
}

static void both_ends_are_found_in_any_form(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_ends plain, packed;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 1, 9);
	assert_true(find(&s, DAY, &plain));
	assert_int_equal(plain.first.seq, 1);
	assert_int_equal(plain.last.seq, 10);
	assert_int_equal(plain.whole_bytes, plain.bytes);
	assert_int_equal(plain.version, 1);
	journal_scene_pack(&s, DAY);
	assert_true(find(&s, DAY ".zst", &packed));
	assert_true(journal_hash_equal(&packed.first.hash, &plain.first.hash));
	assert_true(journal_hash_equal(&packed.last.hash, &plain.last.hash));
	journal_scene_end(&s);
}

static void what_is_torn_is_told_from_what_is_whole(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_ends ends;
	size_t length;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 1, 3);
	char *text = journal_scene_read(&s, DAY, &length);
	char *last = (char *)memrchr(text, '\n', length - 1) + 1;
	for (size_t left = length; left > 0; left -= left > 7 ? 7 : left) {
		journal_scene_write(&s, DAY, text, left);
		assert_true(find(&s, DAY, &ends));
		assert_int_equal(ends.bytes, left);
		assert_true(ends.whole_bytes <= left);
		assert_true(ends.whole_bytes == 0 || text[ends.whole_bytes - 1] == '\n');
		if (left < length && left >= (size_t)(last - text))
			assert_int_equal(ends.whole_bytes, last - text);
	}
	free(text);
	journal_scene_end(&s);
}

static void a_file_without_a_record_has_no_ends(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_ends ends;
	journal_scene_begin(&s);
	journal_scene_fill(&s, 1, 1);
	journal_scene_write(&s, DAY, "", 0);
	assert_true(find(&s, DAY, &ends));
	assert_int_equal(ends.last.seq, 0);
	journal_scene_write(&s, DAY, "torn", 4);
	assert_true(find(&s, DAY, &ends));
	assert_int_equal(ends.whole_bytes, 0);
	journal_scene_write(&s, DAY, "a diary\n", 8);
	assert_false(find(&s, DAY, &ends));
	assert_int_equal(errno, EBADMSG);
	journal_scene_write(&s, DAY ".zst", "no zstd", 7);
	assert_false(find(&s, DAY ".zst", &ends));
	assert_int_equal(errno, EBADMSG);
	journal_scene_write(&s, DAY, "{\"v\":2,\"a\":1}\n", 14);
	assert_false(find(&s, DAY, &ends));
	assert_int_equal(ends.version, 2);
	journal_scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ends_are_found_in_any_form),
		cmocka_unit_test(what_is_torn_is_told_from_what_is_whole),
		cmocka_unit_test(a_file_without_a_record_has_no_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
