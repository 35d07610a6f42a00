/* SPDX-License-Identifier: ISC */
#include "report/port_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define T PORT_SET_TCP
#define U PORT_SET_UDP

static void lists_are_grouped_and_cut_with_the_rest_counted(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct port_range ranges[6];
		unsigned count;
		uint64_t ports_count;
		unsigned columns;
		const char *wanted;
	} rows[] = {
		{"one", {{T, 23, 23}}, 1, 1, 60, "tcp 23"},
		{"a range", {{T, 1, 1024}}, 1, 1024, 60, "tcp 1-1024"},
		{"two protocols", {{T, 1, 3}, {T, 9, 9}, {U, 53, 53}}, 3, 5, 60,
			"tcp 1-3, 9; udp 53"},
		{"cut by width", {{T, 1, 1024}, {T, 3389, 3389}, {T, 5000, 5009}, {T, 6000, 6001}},
			4, 1037, 16, "tcp 1-1024, 3389 and 12 more"},
		{"cut by the maker", {{T, 1, 10}}, 1, 2010, 60, "tcp 1-10 and 2,000 more"},
		{"the first always shows", {{T, 10000, 20000}, {T, 30000, 30000}}, 2, 10002, 3,
			"tcp 10000-20000 and 1 more"},
		{"count unknown", {{T, 1, 2}}, 1, 0, 60, "tcp 1-2"},
		{"all ports", {{U, 0, 65535}}, 1, 65536, 60, "udp 0-65535"},
		{"none listed", {{T, 0, 0}}, 0, 7, 60, "7 more"},
		{"none", {{T, 0, 0}}, 0, 0, 60, ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char got[256];
		struct text_buffer b = text_buffer_over(got, sizeof got);
		port_text_add(
			&b, rows[i].ranges, rows[i].count, rows[i].ports_count, rows[i].columns);
		if (strcmp(got, rows[i].wanted) != 0)
			fail_msg(
				"%s: got \"%s\", wanted \"%s\"", rows[i].name, got, rows[i].wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_grouped_and_cut_with_the_rest_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
