/* SPDX-License-Identifier: ISC */
#include "access/access_bytes.h"

#include "access/access_sum.h"

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

static bool read_and_load(struct access_bytes *out, int fd, uint64_t size)
{
	return access_bytes_read_pieces(out, fd, size) && access_bytes_load(out);
}

static bool (*const ways[])(struct access_bytes *out, int fd, uint64_t size) = {
	access_bytes_read_all, access_bytes_read_pieces, read_and_load};

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

/* ---- sums ------------------------------------------------------------------------------------------------ */

enum { SUMMED = SIZE / 64 * 64 - 64 }; /* the last piece is a short one */

static uint64_t sums[(SUMMED + ACCESS_BYTES_PIECE - 1) / ACCESS_BYTES_PIECE];
static char file[SUMMED + sizeof sums];

/* The text with its sums, in the file. */
static void make_summed(struct table_check_random *random)
{
	make_text(random);
	text[SUMMED - 1] = '\n';
	for (uint64_t i = 0; i < TABLE_CHECK_ROWS(sums); i++) {
		const uint64_t at = i * ACCESS_BYTES_PIECE, left = SUMMED - at;
		sums[i] = access_sum_of(text + at, left < ACCESS_BYTES_PIECE ? left : ACCESS_BYTES_PIECE, 5, i);
	}
	memcpy(file, text, SUMMED);
	memcpy(file + SUMMED, sums, sizeof sums);
	hosts_tables_put(hosts_tables_list, file, sizeof file);
}

static struct access_bytes pieces_of_file(void)
{
	struct access_bytes b;
	int fd = open(hosts_tables_list, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(access_bytes_read_pieces(&b, fd, sizeof file));
	return b;
}

static void check_reading(struct access_bytes *b, struct table_check_random *random)
{
	for (unsigned i = 0; i < 2000; i++) {
		uint64_t at = 1 + table_check_random_below(random, SUMMED - 2), before;
		const struct text_slice line = access_bytes_line_around(b, at, 0, SUMMED, &before);
		assert_non_null(line.start);
		assert_memory_equal(line.start, text + at - before, line.length);
		assert_memory_equal(access_bytes_at(b, at / 64 * 64, 64), text + at / 64 * 64, 64);
	}
	assert_null(access_bytes_at(b, SUMMED, 8)); /* the sums are no bytes */
	assert_true(b->failed);
	assert_false(b->damaged);
}

static void bytes_that_fit_their_sums_are_the_same(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("summed");
	make_summed(&random);
	struct access_bytes whole = access_bytes_over(file, sizeof file), pieces = pieces_of_file(), loaded = pieces_of_file();
	assert_non_null(access_bytes_at(&pieces, 512, 64)); /* before the sums are known */
	assert_true(access_bytes_expect_sums(&whole, SUMMED, 5));
	assert_true(access_bytes_expect_sums(&pieces, SUMMED, 5));
	assert_true(access_bytes_expect_sums(&loaded, SUMMED, 5));
	assert_true(access_bytes_load(&loaded));
	assert_non_null(loaded.memory);
	check_reading(&whole, &random);
	check_reading(&pieces, &random);
	check_reading(&loaded, &random);
	access_bytes_clear(&pieces);
	access_bytes_clear(&loaded);
}

static void put_byte(size_t at, char byte)
{
	int fd = open(hosts_tables_list, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)at), 1);
	close(fd);
}

static void check_damaged(const struct access_bytes *b)
{
	assert_true(b->failed);
	assert_true(b->damaged);
}

static void a_piece_that_does_not_fit_its_sum_is_not_given(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("unfit");
	make_summed(&random);
	for (unsigned i = 0; i < 300; i++) {
		const size_t at = i == 0 ? 0 : i == 1 ? SUMMED - 1 : table_check_random_below(&random, SUMMED);
		const size_t hit = i % 2 ? at : SUMMED + at / ACCESS_BYTES_PIECE * sizeof *sums + i % 8; /* or the sum itself */
		const char flipped = (char)(file[hit] ^ 1 << i % 8);
		uint64_t before;
		put_byte(hit, flipped);
		struct access_bytes pieces = pieces_of_file(), lines = pieces_of_file(), loaded = pieces_of_file();
		assert_true(access_bytes_expect_sums(&pieces, SUMMED, 5));
		assert_true(access_bytes_expect_sums(&lines, SUMMED, 5));
		assert_true(access_bytes_expect_sums(&loaded, SUMMED, 5));
		assert_null(access_bytes_at(&pieces, at / 64 * 64, 64));
		assert_null(access_bytes_line_around(&lines, at, 0, SUMMED, &before).start);
		assert_false(access_bytes_load(&loaded));
		check_damaged(&pieces);
		check_damaged(&lines);
		check_damaged(&loaded);
		access_bytes_clear(&pieces);
		access_bytes_clear(&lines);
		access_bytes_clear(&loaded);
		put_byte(hit, file[hit]);
		file[hit] = (char)(file[hit] ^ 1 << i % 8);
		struct access_bytes whole = access_bytes_over(file, sizeof file);
		assert_false(access_bytes_expect_sums(&whole, SUMMED, 5));
		check_damaged(&whole);
		file[hit] = (char)(file[hit] ^ 1 << i % 8);
	}
}

static void sums_that_are_not_all_there_are_refused(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("missing");
	make_summed(&random);
	static const struct {
		uint64_t all, size;
	} rows[] = {{sizeof file - 8, SUMMED}, {sizeof file, SUMMED + 64}, {sizeof file, SUMMED + 1}, {sizeof file, sizeof file},
		{sizeof file, UINT64_MAX}, {sizeof file, UINT64_MAX - 63}, {sizeof file, 0}};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct access_bytes b = access_bytes_over(file, rows[i].all);
		assert_false(access_bytes_expect_sums(&b, rows[i].size, 5));
		check_damaged(&b);
	}
}

static void what_was_read_early_is_compared_when_sums_come(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("early");
	make_summed(&random);
	put_byte(600, (char)(file[600] ^ 4));
	struct access_bytes b = pieces_of_file();
	assert_non_null(access_bytes_at(&b, 576, 64));
	assert_false(access_bytes_expect_sums(&b, SUMMED, 5));
	check_damaged(&b);
	access_bytes_clear(&b);
}

static void what_is_loaded_stays_when_the_file_is_shortened(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("loaded");
	make_summed(&random);
	struct access_bytes loaded = pieces_of_file(), late = pieces_of_file();
	assert_true(access_bytes_expect_sums(&loaded, SUMMED, 5));
	assert_true(access_bytes_expect_sums(&late, SUMMED, 5));
	assert_true(access_bytes_load(&loaded));
	assert_int_equal(truncate(hosts_tables_list, 0), 0);
	check_reading(&loaded, &random);
	assert_false(access_bytes_load(&late));
	check_damaged(&late);
	access_bytes_clear(&loaded);
	access_bytes_clear(&late);
}

static void without_its_file_what_was_given_stays(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("closed");
	make_summed(&random);
	struct access_bytes b = pieces_of_file();
	const char *given = access_bytes_at(&b, 1024, 64);
	access_bytes_close_file(&b);
	assert_memory_equal(given, text + 1024, 64);
	assert_null(access_bytes_at(&b, 4096, 64));
	assert_true(b.failed);
	assert_false(b.damaged);
	access_bytes_close_file(&b);
	access_bytes_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_the_same_whatever_way_they_come),
		cmocka_unit_test(a_line_is_found_from_each_of_its_bytes),
		cmocka_unit_test(what_is_outside_fails),
		cmocka_unit_test(a_file_that_shrank_fails_where_it_is_read_in_pieces),
		cmocka_unit_test(bytes_that_fit_their_sums_are_the_same),
		cmocka_unit_test(a_piece_that_does_not_fit_its_sum_is_not_given),
		cmocka_unit_test(sums_that_are_not_all_there_are_refused),
		cmocka_unit_test(what_was_read_early_is_compared_when_sums_come),
		cmocka_unit_test(what_is_loaded_stays_when_the_file_is_shortened),
		cmocka_unit_test(without_its_file_what_was_given_stays),
	};
	return cmocka_run_group_tests(tests, hosts_tables_begin, hosts_tables_end);
}
