/* SPDX-License-Identifier: ISC */
#include "libwrap/libwrap_diag.h"

#include "libwrap/libwrap_abi.h"
#include "table_check.h"

#include <errno.h>

static char line[LIBWRAP_DIAG_SIZE];

static const char *__attribute__((format(printf, 2, 3))) written(const char *tag, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	libwrap_diag_line(line, tag, format, args);
	va_end(args);
	return line;
}

static void a_message_says_where_it_comes_from(void **state)
{
	(void)state;
	assert_string_equal(written("warning", "bad %d", 7), "warning: bad 7");
	tcpd_context = (struct tcpd_context){(char *)"/etc/hosts.allow", 3};
	assert_string_equal(written("warning", "bad"), "warning: /etc/hosts.allow, line 3: bad");
	const struct libwrap_place before =
		libwrap_diag_stand_at((struct libwrap_place){"/etc/hosts.deny", 4});
	assert_string_equal(written("error", "bad"), "error: /etc/hosts.deny, line 4: bad");
	libwrap_diag_stand_at((struct libwrap_place){"/etc/hosts.deny", 0});
	assert_string_equal(written("warning", "bad"), "warning: /etc/hosts.deny: bad");
	libwrap_diag_stand_at(before);
	tcpd_context = (struct tcpd_context){NULL, 0};
	assert_string_equal(written(NULL, "connect from %s", "x"), "connect from x");
}

static void a_file_name_is_never_a_format(void **state)
{
	(void)state;
	const struct libwrap_place before = libwrap_diag_stand_at((struct libwrap_place){"/%s%n", 1});
	assert_string_equal(written("warning", "bad"), "warning: /%s%n, line 1: bad");
	libwrap_diag_stand_at(before);
}

static void the_error_of_before_is_told_and_kept(void **state)
{
	(void)state;
	errno = ENOENT;
	assert_string_equal(written("warning", "x: %m"), "warning: x: No such file or directory");
	assert_int_equal(errno, ENOENT);
}

static void what_is_not_printable_is_not_logged(void **state)
{
	(void)state;
	assert_string_equal(written("warning", "%s", "a\nb\033[31mc\xff"), "warning: a?b?[31mc?");
}

static void a_long_text_is_cut(void **state)
{
	(void)state;
	char text[4000];
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_int_equal(strlen(written("warning", "%s", text)), LIBWRAP_DIAG_SIZE - 1);
}

static void a_jump_without_a_place_to_go_comes_back(void **state)
{
	(void)state;
	tcpd_jump((char *)"nobody has called %s", "setjmp");
	volatile int verdict = setjmp(tcpd_buf); // NOLINT
	if (verdict == 0)
		tcpd_jump((char *)"now");
	assert_int_equal(verdict, AC_ERROR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_says_where_it_comes_from),
		cmocka_unit_test(a_file_name_is_never_a_format),
		cmocka_unit_test(the_error_of_before_is_told_and_kept),
		cmocka_unit_test(what_is_not_printable_is_not_logged),
		cmocka_unit_test(a_long_text_is_cut),
		cmocka_unit_test(a_jump_without_a_place_to_go_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
