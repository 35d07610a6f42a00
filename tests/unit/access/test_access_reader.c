/* SPDX-License-Identifier: ISC */
#include "access/access_reader.h"

#include "access_lab.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

struct reader_row {
	const char *name;
	const char *bytes;
	size_t length;
	const char *wanted; /* "first-number@offset text;" and before the ';' 0 where a NUL cut, ! where no newline was */
};

#define BYTES(text) text, sizeof text - 1

static const struct reader_row reader_rows[] = {
	{"nothing", BYTES(""), ""},
	{"two lines", BYTES("a: b\nc: d\n"), "1-1@0 a: b;2-2@5 c: d;"},
	{"empty lines are lines", BYTES("\n\na\n"), "1-1@0 ;2-2@1 ;3-3@2 a;"},
	{"the last line needs no newline", BYTES("a\nb"), "1-1@0 a;2-2@2 b!;"},
	{"a backslash before the newline joins", BYTES("a\\\nb\\\nc\nd\n"), "1-3@0 abc;4-4@8 d;"},
	{"nothing is put in, and blanks stay", BYTES("a \\\n b\n"), "1-2@0 a  b;"},
	{"only the last backslash goes", BYTES("a\\\\\nb\n"), "1-2@0 a\\b;"},
	{"a backslash elsewhere is a letter", BYTES("a\\b\nc\n"), "1-1@0 a\\b;2-2@4 c;"},
	{"a comment swallows what it joins", BYTES("#a\\\nb: c\n"), "1-2@0 #ab: c;"},
	{"CR LF does not join", BYTES("a\\\r\nb\n"), "1-1@0 a\\\r;2-2@4 b;"},
	{"a lone backslash joins", BYTES("\\\na\n"), "1-2@0 a;"},
	{"a lone backslash and the end are nothing", BYTES("a\n\\\n"), "1-1@0 a;"},
	{"joined to the end of the file", BYTES("a\\\n"), "1-1@0 a!;"},
	{"a backslash at the end of the file joins with nothing", BYTES("a\\"), "1-1@0 a!;"},
	{"a NUL takes the rest and the newline", BYTES("a\0xx\nb\nc\n"), "1-2@0 ab0;3-3@7 c;"},
	{"a NUL hides a backslash", BYTES("a\0\\\nb\n"), "1-2@0 ab0;"},
	{"a NUL first", BYTES("\0x\nb\n"), "1-2@0 b0;"},
	{"a NUL in the second of joined lines", BYTES("a\\\nb\0c\nd\n"), "1-3@0 abd0;"},
	{"a NUL in the last line", BYTES("a\nb\0c\n"), "1-1@0 a;2-2@2 b0!;"},
	{"nothing but NULs", BYTES("\0\0\0\n"), ""},
	{"no mark of an encoding is known", BYTES("\xef\xbb\xbf" "a\n"), "1-1@0 \xef\xbb\xbf" "a;"},
};

static int open_lab(const char *name)
{
	int fd = access_reader_open(access_lab_path_of(name).text);
	assert_true(fd >= 0);
	return fd;
}

static void tell_line(const struct access_line *line, char *told, size_t size)
{
	size_t used = strlen(told);
	snprintf(told + used, size - used, "%u-%u@%llu %.*s%s%s;", line->first, line->number,
		(unsigned long long)line->offset, (int)line->text.length, line->text.start,
		line->cut_by_nul ? "0" : "", line->ended ? "" : "!");
}

static void lines_are_read_as_the_original_reads_them(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(reader_rows); i++) {
		const struct reader_row *row = &reader_rows[i];
		char told[512] = "";
		struct access_reader r;
		struct access_line line;
		enum access_reader_result result;
		access_lab_write_bytes("t", row->bytes, row->length);
		int fd = open_lab("t");
		access_reader_init(&r, fd, 0, 0);
		while ((result = access_reader_next(&r, &line)) == ACCESS_READER_LINE)
			tell_line(&line, told, sizeof told);
		faults += table_check_number(row->name, "result", result, ACCESS_READER_END);
		faults += table_check_text(row->name, "lines", told, row->wanted);
		access_reader_clear(&r);
		close(fd);
	}
	assert_int_equal(faults, 0);
}

/* The rules of the row table, one byte at a time. Returns what is behind the line, null at the end. */
static const char *plain_line(const char *at, const char *end, char *out, size_t *length)
{
	*length = 0;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		const char *nul = memchr(at, '\0', (size_t)(stop - at));
		size_t n = (size_t)((nul ? nul : stop) - at);
		bool joins = nul || (n > 0 && at[n - 1] == '\\');
		memcpy(out + *length, at, n);
		*length += n - (joins && !nul ? 1 : 0);
		at = newline ? newline + 1 : end;
		if (!joins)
			return at;
	}
	return *length > 0 ? at : NULL;
}

static void the_pieces_in_which_a_file_is_read_do_not_matter(void **state)
{
	(void)state;
	enum { SIZE = 300000 };
	static char bytes[SIZE], wanted[SIZE];
	struct table_check_random random = table_check_random_start("reader");
	for (unsigned round = 0; round < 20; round++) {
		/* From lines of a few letters to lines that no piece holds. */
		uint32_t rarity = 10u << (round % 12);
		for (size_t i = 0; i < SIZE; i++) {
			uint32_t n = table_check_random_below(&random, rarity);
			bytes[i] = n < 3 ? '\n' : n < 5 ? '\\' : n < 6 && round % 3 == 0 ? '\0' : 'a';
			if (bytes[i] == '\n' && i > 0 && n == 0)
				bytes[i - 1] = '\\';
		}
		access_lab_write_bytes("t", bytes, SIZE);
		struct access_reader r;
		struct access_line line;
		size_t length;
		int fd = open_lab("t");
		access_reader_init(&r, fd, 0, 0);
		const char *at = bytes;
		while ((at = plain_line(at, bytes + SIZE, wanted, &length))) {
			assert_int_equal(access_reader_next(&r, &line), ACCESS_READER_LINE);
			assert_int_equal(line.text.length, length);
			assert_memory_equal(line.text.start, wanted, length);
		}
		assert_int_equal(access_reader_next(&r, &line), ACCESS_READER_END);
		assert_int_equal(access_reader_next(&r, &line), ACCESS_READER_END);
		access_reader_clear(&r);
		close(fd);
	}
}

static void reading_goes_on_from_any_line(void **state)
{
	(void)state;
	struct access_reader r;
	struct access_line line;
	access_lab_write("t", "one\ntwo\\\n2\nthree\n");
	int fd = open_lab("t");
	assert_int_equal(lseek(fd, 4, SEEK_SET), 4);
	access_reader_init(&r, fd, 4, 1);
	assert_int_equal(access_reader_next(&r, &line), ACCESS_READER_LINE);
	assert_int_equal(line.offset, 4);
	assert_int_equal(line.first, 2);
	assert_int_equal(line.number, 3);
	assert_int_equal(access_reader_next(&r, &line), ACCESS_READER_LINE);
	assert_int_equal(line.offset, 11);
	access_reader_clear(&r);
	close(fd);
}

static void a_line_without_end_is_refused(void **state)
{
	(void)state;
	struct access_reader r;
	struct access_line line;
	access_lab_write("t", "");
	int fd = open_lab("t");
	assert_int_equal(truncate(access_lab_path_of("t").text, ACCESS_READER_LINE_MAX + 1), 0); /* a hole: NUL bytes */
	access_reader_init(&r, fd, 0, 0);
	assert_int_equal(access_reader_next(&r, &line), ACCESS_READER_FAILED);
	assert_int_equal(errno, EFBIG);
	access_reader_clear(&r);
	close(fd);
}

static void only_what_can_be_read_is_a_table(void **state)
{
	(void)state;
	access_lab_write("t", "");
	assert_int_equal(access_reader_open(access_lab_folder), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(access_reader_open(access_lab_path_of("none").text), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(access_reader_open(access_lab_path_of("t/x").text), -1);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(symlink("loop", access_lab_path_of("loop").text), 0);
	assert_int_equal(access_reader_open(access_lab_path_of("loop").text), -1);
	assert_int_equal(errno, ELOOP);
	int fd = open_lab("t");
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
}

static void make_socket(const char *name)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(at.sun_path, sizeof at.sun_path, "%.100s", access_lab_path_of(name).text);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
	close(fd);
}

/* Before, the first of them was waited for without end. */
static void nothing_is_waited_for(void **state)
{
	(void)state;
	char text[64];
	const char *const no_files[] = {"pipe", "link", "socket"};
	assert_int_equal(mkfifo(access_lab_path_of("pipe").text, 0600), 0);
	assert_int_equal(symlink("/dev/zero", access_lab_path_of("link").text), 0);
	make_socket("socket");
	for (size_t i = 0; i < TABLE_CHECK_ROWS(no_files); i++) {
		assert_int_equal(access_reader_open(access_lab_path_of(no_files[i]).text), -1);
		assert_int_equal(errno, ACCESS_READER_NO_FILE);
	}
	struct text_buffer b = text_buffer_over(text, sizeof text);
	access_reader_add_fault(&b, ACCESS_READER_NO_FILE);
	assert_string_equal(text, "it is no plain file");
}

static void the_null_device_is_an_empty_table(void **state)
{
	(void)state;
	struct access_reader r;
	struct access_line line;
	int fd = access_reader_open("/dev/null");
	assert_true(fd >= 0);
	access_reader_init(&r, fd, 0, 0);
	assert_int_equal(access_reader_next(&r, &line), ACCESS_READER_END);
	access_reader_clear(&r);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_as_the_original_reads_them),
		cmocka_unit_test(the_pieces_in_which_a_file_is_read_do_not_matter),
		cmocka_unit_test(reading_goes_on_from_any_line),
		cmocka_unit_test(a_line_without_end_is_refused),
		cmocka_unit_test(only_what_can_be_read_is_a_table),
		cmocka_unit_test(nothing_is_waited_for),
		cmocka_unit_test(the_null_device_is_an_empty_table),
	};
	return cmocka_run_group_tests(tests, access_lab_open, access_lab_close);
}
