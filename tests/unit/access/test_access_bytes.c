/* SPDX-License-Identifier: ISC */
#include "access/access_bytes.h"

#include "hosts_tables.h"
#include "table_check.h"

enum { SIZE = 200000 };

static char text[SIZE];

/* Lines of all lengths. */
static void make_text(struct table_check_random *random)
{
	for (size_t i = 0; i < SIZE; i++)
		text[i] = (char)('a' + table_check_random_below(random, 26));
	text[0] = text[SIZE - 1] = '\n';
	for (size_t i = 0; i < SIZE; i += 1 + (table_check_random_below(random, 4) ? table_check_random_below(random, 60)
										   : table_check_random_below(random, 9000)))
		text[i] = '\n';
	hosts_tables_put(hosts_tables_list, text, SIZE);
}

static struct access_bytes open_by(bool (*way)(struct access_bytes *out, int fd, uint64_t size))
{
	struct access_bytes b;
	int fd = open(hosts_tables_list, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(way(&b, fd, SIZE));
	return b;
}

static bool (*const ways[])(struct access_bytes *out, int fd, uint64_t size) = {
	access_bytes_read_all, access_bytes_map, access_bytes_read_pieces};

static void bytes_are_the_same_whatever_way_they_come(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("bytes");
	make_text(&random);
	for (size_t w = 0; w < TABLE_CHECK_ROWS(ways); w++) {
		struct access_bytes b = open_by(ways[w]);
		for (unsigned i = 0; i < 3000; i++) {
			const uint64_t at = table_check_random_below(&random, SIZE / 64) * 64;
			char copy[300];
			assert_memory_equal(access_bytes_at(&b, at, 64), text + at, 64);
			assert_true(access_bytes_copy(&b, at / 2, sizeof copy, copy));
			assert_memory_equal(copy, text + at / 2, sizeof copy);
		}
		assert_memory_equal(access_bytes_at(&b, SIZE - 1, 1), "\n", 1);
		assert_false(b.failed);
		access_bytes_clear(&b);
	}
}

static void a_line_is_found_from_each_of_its_bytes(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("lines");
	make_text(&random);
	for (size_t w = 0; w < TABLE_CHECK_ROWS(ways); w++) {
		struct access_bytes b = open_by(ways[w]);
		for (unsigned i = 0; i < 3000; i++) {
			uint64_t at = 1 + table_check_random_below(&random, SIZE - 2), before;
			size_t start = at, end = at;
			while (text[start - 1] != '\n')
				start--;
			while (text[end] != '\n')
				end++;
			const struct text_slice line = access_bytes_line_around(&b, at, 0, SIZE, &before);
			assert_int_equal(line.length, end - start);
			assert_int_equal(before, at - start);
			assert_memory_equal(line.start, text + start, line.length);
		}
		assert_false(b.failed);
		access_bytes_clear(&b);
	}
}

static void what_is_outside_fails(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("outside");
	make_text(&random);
	uint64_t before;
	char copy[4];
	for (size_t w = 0; w < TABLE_CHECK_ROWS(ways); w++) {
		for (unsigned i = 0; i < 8; i++) {
			struct access_bytes b = open_by(ways[w]);
			switch (i) {
			case 0:
				assert_null(access_bytes_at(&b, SIZE, 1));
				break;
			case 1:
				assert_null(access_bytes_at(&b, UINT64_MAX, 2));
				break;
			case 2:
				assert_null(access_bytes_at(&b, SIZE - 64, 65));
				break;
			case 3:
				assert_false(access_bytes_copy(&b, SIZE - 3, 4, copy));
				break;
			case 4: /* no newline before it */
				assert_null(access_bytes_line_around(&b, 1, 1, SIZE, &before).start);
				break;
			case 5:
				assert_null(access_bytes_line_around(&b, SIZE, 0, SIZE, &before).start);
				break;
			case 6:
				assert_null(access_bytes_line_around(&b, 5, 0, SIZE + 1, &before).start);
				break;
			case 7:
				assert_null(access_bytes_line_around(&b, 5, 6, SIZE, &before).start);
				break;
			}
			assert_true(b.failed);
			access_bytes_clear(&b);
		}
	}
}

static void a_file_that_shrank_fails_where_it_is_read_in_pieces(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("shrunk");
	make_text(&random);
	struct access_bytes b = open_by(access_bytes_read_pieces);
	assert_non_null(access_bytes_at(&b, 0, 64));
	assert_int_equal(truncate(hosts_tables_list, 1000), 0);
	assert_non_null(access_bytes_at(&b, 64, 64)); /* was read before */
	assert_false(b.failed);
	assert_null(access_bytes_at(&b, 1024, 64));
	assert_true(b.failed);
	access_bytes_clear(&b);
	int fd = open(hosts_tables_list, O_RDONLY | O_CLOEXEC);
	assert_false(access_bytes_read_all(&b, fd, SIZE));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_the_same_whatever_way_they_come),
		cmocka_unit_test(a_line_is_found_from_each_of_its_bytes),
		cmocka_unit_test(what_is_outside_fails),
		cmocka_unit_test(a_file_that_shrank_fails_where_it_is_read_in_pieces),
	};
	return cmocka_run_group_tests(tests, hosts_tables_begin, hosts_tables_end);
}
