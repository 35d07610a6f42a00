/* SPDX-License-Identifier: ISC */
#include "detect/memory_stream.h"

#include "table_check.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static int open_file(void)
{
	FILE *f = tmpfile();
	assert_non_null(f);
	int fd = dup(fileno(f));
	fclose(f);
	assert_true(fd >= 0);
	return fd;
}

static const uint64_t numbers[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
#define NUMBERS (sizeof numbers / sizeof numbers[0])

static void numbers_come_back(void **state)
{
	(void)state;
	struct memory_writer w;
	struct memory_reader r;
	int fd = open_file();
	memory_writer_init(&w, fd);
	for (size_t i = 0; i < NUMBERS; i++) {
		memory_writer_put_small(&w, numbers[i]);
		for (unsigned bytes = 1; bytes <= 8; bytes++)
			memory_writer_put(&w, numbers[i], bytes);
	}
	assert_true(memory_writer_end(&w));
	assert_true(memory_reader_init(&r, fd));
	for (size_t i = 0; i < NUMBERS; i++) {
		assert_true(memory_reader_take_small(&r) == numbers[i]);
		for (unsigned bytes = 1; bytes <= 8; bytes++)
			assert_true(memory_reader_take(&r, bytes) ==
				    (numbers[i] & (UINT64_MAX >> (64 - 8 * bytes))));
	}
	assert_true(memory_reader_is_at_end(&r));
	assert_true(memory_reader_take(&r, 1) == 0);
	assert_true(r.failed);
	close(fd);
}

static void bytes_on_disk_are_the_same_on_every_machine(void **state)
{
	(void)state;
	/* 0x01020304, then 300 as 7 bits a byte, then the CRC-32 of these six bytes */
	static const uint8_t wanted[] = {1, 2, 3, 4, 0xac, 0x02, 0xf9, 0x5e, 0xb4, 0x9d};
	uint8_t got[16];
	struct memory_writer w;
	int fd = open_file();
	memory_writer_init(&w, fd);
	memory_writer_put(&w, 0x01020304, 4);
	memory_writer_put_small(&w, 300);
	assert_true(memory_writer_end(&w));
	assert_int_equal(pread(fd, got, sizeof got, 0), sizeof wanted);
	assert_memory_equal(got, wanted, sizeof wanted);
	close(fd);
}

static void much_goes_through_a_small_buffer(void **state)
{
	(void)state;
	enum { MANY = 100000 };
	struct memory_writer w;
	struct memory_reader r;
	int fd = open_file();
	memory_writer_init(&w, fd);
	for (uint64_t i = 0; i < MANY; i++)
		memory_writer_put(&w, i, 3);
	assert_true(memory_writer_end(&w));
	assert_int_equal(lseek(fd, 0, SEEK_END), 3 * MANY + 4);
	assert_true(memory_reader_init(&r, fd));
	for (uint64_t i = 0; i < MANY; i++)
		assert_true(memory_reader_take(&r, 3) == i);
	assert_true(memory_reader_is_at_end(&r));
	close(fd);
}

static void every_changed_or_missing_byte_is_found(void **state)
{
	(void)state;
	struct memory_writer w;
	struct memory_reader r;
	int fd = open_file();
	memory_writer_init(&w, fd);
	memory_writer_put_bytes(&w, "what was remembered", 19);
	assert_true(memory_writer_end(&w));
	off_t size = lseek(fd, 0, SEEK_END);
	for (off_t at = 0; at < size; at++) {
		uint8_t byte;
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 0x10;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		assert_false(memory_reader_init(&r, fd));
		assert_int_equal(errno, EBADMSG);
		byte ^= 0x10;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	assert_true(memory_reader_init(&r, fd));
	for (off_t left = size - 1; left >= 0; left--) {
		assert_int_equal(ftruncate(fd, left), 0);
		assert_false(memory_reader_init(&r, fd));
		assert_int_equal(errno, EBADMSG);
	}
	close(fd);
}

static void an_endless_small_number_ends(void **state)
{
	(void)state;
	struct memory_writer w;
	struct memory_reader r;
	int fd = open_file();
	memory_writer_init(&w, fd);
	for (int i = 0; i < 20; i++)
		memory_writer_put(&w, 0xff, 1);
	assert_true(memory_writer_end(&w));
	assert_true(memory_reader_init(&r, fd));
	assert_true(memory_reader_take_small(&r) == 0);
	assert_true(r.failed);
	close(fd);
}

static void what_cannot_be_written_or_read_twice_is_said(void **state)
{
	(void)state;
	struct memory_writer w;
	struct memory_reader r;
	int ends[2];
	memory_writer_init(&w, -1);
	memory_writer_put(&w, 7, 8);
	assert_false(memory_writer_end(&w));
	assert_int_equal(errno, EBADF);
	assert_int_equal(pipe(ends), 0);
	assert_false(memory_reader_init(&r, ends[0]));
	assert_int_equal(errno, ESPIPE);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_come_back),
		cmocka_unit_test(bytes_on_disk_are_the_same_on_every_machine),
		cmocka_unit_test(much_goes_through_a_small_buffer),
		cmocka_unit_test(every_changed_or_missing_byte_is_found),
		cmocka_unit_test(an_endless_small_number_ends),
		cmocka_unit_test(what_cannot_be_written_or_read_twice_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
