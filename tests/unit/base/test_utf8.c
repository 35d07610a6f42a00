/* SPDX-License-Identifier: ISC */
#include "base/utf8.h"

#include "table_check.h"

#include <string.h>

static const struct {
	const char *bytes;
	unsigned length; /* 0: no character stands there */
	uint32_t code;
} rows[] = {
	{"a", 1, 'a'},
	{"\x7f", 1, 0x7f},
	{"\xc2\xa0", 2, 0xa0},
	{"\xdf\xbf", 2, 0x7ff},
	{"\xe0\xa0\x80", 3, 0x800},
	{"\xef\xbf\xbf", 3, 0xffff},
	{"\xf0\x90\x80\x80", 4, 0x10000},
	{"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
	{"\xf4\x90\x80\x80", 0, 0},
	{"\xc1\xbf", 0, 0},         /* not the shortest form */
	{"\xe0\x9f\xbf", 0, 0},
	{"\xf0\x8f\xbf\xbf", 0, 0},
	{"\xed\xa0\x80", 0, 0},     /* a surrogate */
	{"\x80", 0, 0},
	{"\xc3", 0, 0},              /* cut */
	{"\xe2\x80", 0, 0},
	{"\xc3z", 0, 0},
	{"\xff", 0, 0},
};

static void a_character_is_taken_or_nothing(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		const char *at = rows[i].bytes;
		uint32_t code = 0;
		const bool taken = utf8_take(&at, at + strlen(at), &code);
		faults += table_check_number(rows[i].bytes, "taken", taken, rows[i].length > 0);
		faults += table_check_number(rows[i].bytes, "length", at - rows[i].bytes, rows[i].length);
		faults += table_check_number(rows[i].bytes, "code", code, rows[i].code);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_character_is_taken_or_nothing)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
