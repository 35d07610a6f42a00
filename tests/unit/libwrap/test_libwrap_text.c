/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_abi.h"

#include "table_check.h"

#include <arpa/inet.h>
#include <errno.h>

static void a_text_is_split_outside_of_brackets(void **state)
{
	(void)state;
	static const struct {
		const char *text, *left, *right;
	} rows[] = {
		{"sshd: ALL", "sshd", " ALL"},
		{"sshd: [2001:db8::1]: deny", "sshd", " [2001:db8::1]: deny"},
		{"[2001:db8::1] : x", "[2001:db8::1] ", " x"},
		{"no colon", "no colon", NULL},
		{"[::1", "[::1", NULL},
		{"]: x", "]: x", NULL},
		{"[a]:b", "[a]", "b"},
		{"", "", NULL},
		{":", "", ""},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char text[64];
		strcpy(text, rows[i].text);
		const char *right = split_at(text, ':');
		faults += table_check_text(rows[i].text, "right", right, rows[i].right);
		faults += table_check_text(rows[i].text, "left", text, rows[i].left);
	}
	assert_null(split_at(NULL, ':'));
	assert_int_equal(faults, 0);
}

static void only_four_parts_are_an_address(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned long address; /* as a number */
	} rows[] = {
		{"192.0.2.1", 0xc0000201},
		{"192.0.2", 0xffffffff},
		{"1.2.3.4.5", 0xffffffff},
		{"255.255.255.255", 0xffffffff},
		{"0.0.0.0", 0},
		{"a.b.c.d", 0xffffffff},
		{"010.0.0.1", 0x08000001},
		{"0x10.0.0.1", 0x10000001},
		{"", 0xffffffff},
		{"1..2.3.4", 0xffffffff},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char text[64];
		strcpy(text, rows[i].text);
		faults += table_check_number(
			rows[i].text, "address", ntohl((uint32_t)dot_quad_addr(text)), (long long)rows[i].address);
	}
	assert_int_equal(faults, 0);
}

static void a_length_of_a_prefix_is_a_mask(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		unsigned long mask;
	} rows[] = {
		{"24", 0xffffff00}, {"32", 0xffffffff}, {"1", 0x80000000}, {"0", 0}, {"33", 0}, {"-1", 0}, {"", 0},
		{"x", 0}, {"24x", 0xffffff00}, {"024", 0xffffff00},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char text[16];
		strcpy(text, rows[i].text);
		faults += table_check_number(
			rows[i].text, "mask", ntohl((uint32_t)cidr_mask_addr(text)), (long long)rows[i].mask);
	}
	assert_int_equal(faults, 0);
}

/* The lines of a text with a buffer of this size, each behind a '|'. */
static const char *lines_of(const char *text, size_t length, int size)
{
	static char all[256];
	char line[64];
	FILE *f = fmemopen((void *)(uintptr_t)text, length, "r");
	assert_non_null(f);
	all[0] = '\0';
	while (xgets(line, size, f)) {
		strcat(all, "|");
		strcat(all, line);
	}
	fclose(f);
	return all;
}

static void lines_are_joined_behind_a_backslash(void **state)
{
	(void)state;
	tcpd_context.line = 0;
	assert_string_equal(lines_of("a\nb\\\nc\nd", 8, 64), "|a\n|bc\n|d");
	assert_int_equal(tcpd_context.line, 3);
	assert_string_equal(lines_of("\\\n", 2, 64), "");
	assert_string_equal(lines_of("a\\\n", 3, 64), "|a");
	assert_string_equal(lines_of("a\\\r\nb\n", 6, 64), "|a\\\r\n|b\n");
	assert_string_equal(lines_of("abcdefgh\n", 9, 5), "|abcd|efgh|\n");
	assert_string_equal(lines_of("abc", 3, 1), "");
	tcpd_context.line = 0;
}

static void the_text_of_an_error_stands_for_percent_m(void **state)
{
	(void)state;
	char text[200];
	errno = ENOENT;
	assert_string_equal(percent_m(text, (char *)"a %m, %m%d%"), "a No such file or directory, No such file or directory%d%");
	errno = 99999;
	assert_string_equal(percent_m(text, (char *)"%m"), "Unknown error 99999");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_split_outside_of_brackets),
		cmocka_unit_test(only_four_parts_are_an_address),
		cmocka_unit_test(a_length_of_a_prefix_is_a_mask),
		cmocka_unit_test(lines_are_joined_behind_a_backslash),
		cmocka_unit_test(the_text_of_an_error_stands_for_percent_m),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
