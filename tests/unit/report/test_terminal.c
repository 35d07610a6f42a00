/* SPDX-License-Identifier: ISC */
#include "report/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_environment_decides_width_colour_and_characters(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct terminal_facts facts;
		struct terminal wanted;
	} rows[] = {
		{"a pipe", {.term = "xterm", .charset = "UTF-8"}, {80, false, true}},
		{"a terminal", {true, 132, NULL, NULL, "xterm", NULL, "UTF-8"}, {132, true, true}},
		{"COLUMNS wins", {true, 132, "60", NULL, "xterm", NULL, "UTF-8"}, {60, true, true}},
		{"COLUMNS for a pipe", {.columns = "120"}, {120, false, false}},
		{"COLUMNS is no number", {.columns = "wide"}, {80, false, false}},
		{"COLUMNS is no number at its end", {.columns = "80x"}, {80, false, false}},
		{"COLUMNS=0", {true, 90, "0", NULL, "xterm", NULL, NULL}, {90, true, false}},
		{"too narrow", {.columns = "5"}, {TERMINAL_WIDTH_MIN, false, false}},
		{"too wide", {.columns = "99999"}, {TERMINAL_WIDTH_MAX, false, false}},
		{"NO_COLOR", {true, 80, NULL, "1", "xterm", NULL, NULL}, {80, false, false}},
		{"NO_COLOR is empty", {true, 80, NULL, "", "xterm", NULL, NULL}, {80, true, false}},
		{"NO_COLOR beats force", {true, 80, NULL, "1", "xterm", "1", NULL},
			{80, false, false}},
		{"dumb", {true, 80, NULL, NULL, "dumb", NULL, NULL}, {80, false, false}},
		{"no TERM", {.is_terminal = true}, {80, false, false}},
		{"forced into a pipe", {.clicolor_force = "1"}, {80, true, false}},
		{"forced on dumb", {true, 80, NULL, NULL, "dumb", "1", NULL}, {80, true, false}},
		{"force is 0", {.clicolor_force = "0"}, {80, false, false}},
		{"Latin 1", {.charset = "ISO-8859-1"}, {80, false, false}},
		{"utf8", {.charset = "utf8"}, {80, false, true}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct terminal got = terminal_decide(&rows[i].facts), wanted = rows[i].wanted;
		if (got.width != wanted.width || got.colour != wanted.colour ||
			got.utf8 != wanted.utf8)
			fail_msg("%s: got %u %d %d, wanted %u %d %d", rows[i].name, got.width,
				got.colour, got.utf8, wanted.width, wanted.colour, wanted.utf8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_environment_decides_width_colour_and_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
