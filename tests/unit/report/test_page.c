/* SPDX-License-Identifier: ISC */
#include "report/page.h"

#include "report/level_mark.h"
#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void texts_from_outside_are_made_harmless(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text, *utf8, *ascii;
	} rows[] = {
		{"plain", "scan ~!", "scan ~!", "scan ~!"},
		{"escape sequence", "\033[2Jx", "?[2Jx", "?[2Jx"},
		{"line end", "a\nb\rc\td", "a?b?c?d", "a?b?c?d"},
		{"delete", "a\x7f", "a?", "a?"},
		{"C1 control in UTF-8",
			"a\xc2\x9b"
			"b",
			"a?b", "a?b"},
		{"broken UTF-8", "a\xff\xc3", "a??", "a??"},
		{"overlong", "\xe0\x83\x80", "???", "???"},
		{"cut sequence", "\xe2\x80", "??", "??"},
		{"Latin letters", "Müller", "Müller", "M?ller"},
		{"our marks", "1 – 2 … ▲ █", "1 – 2 … ▲ █", "1 - 2 ~ ^ #"},
		{"right to left override",
			"a\xe2\x80\xae"
			"b",
			"a?b", "a?b"},
		{"wide characters", "\xe6\xbc\xa2", "?", "?"},
		{"four bytes", "\xf0\x9f\x98\x80", "????", "????"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (int utf8 = 0; utf8 < 2; utf8++) {
			struct sheet *s = sheet_make(80);
			s->page.terminal.utf8 = utf8;
			page_put(&s->page, PAGE_BOLD, rows[i].text);
			const char *wanted = utf8 ? rows[i].utf8 : rows[i].ascii;
			if (strcmp(sheet_text(s), wanted) != 0)
				fail_msg("%s: got \"%s\", wanted \"%s\"", rows[i].name,
					sheet_text(s), wanted);
			sheet_free(s);
		}
		assert_int_equal(page_columns(rows[i].text), strlen(rows[i].ascii));
	}
}

static void cells_have_exactly_their_width(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum page_align align;
		unsigned width;
		const char *wanted;
	} rows[] = {
		{"abc", PAGE_LEFT, 5, "abc  "},
		{"abc", PAGE_RIGHT, 5, "  abc"},
		{"abc", PAGE_LEFT, 3, "abc"},
		{"abcd", PAGE_LEFT, 3, "ab…"},
		{"–––", PAGE_RIGHT, 4, " –––"},
		{"abc", PAGE_LEFT, 1, "…"},
		{"abc", PAGE_LEFT, 0, ""},
		{"", PAGE_RIGHT, 2, "  "},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sheet *s = sheet_make(80);
		page_put_cell(&s->page, PAGE_PLAIN, rows[i].align, rows[i].width, rows[i].text);
		sheet_expect(s, rows[i].wanted);
	}
}

static void facts_wrap_under_their_text(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(40);
	page_put_fact(&s->page, "why", "one two three  four\nfive six seven eight nine");
	page_put_fact(&s->page, "empty", "");
	page_put_fact(&s->page, "null", NULL);
	page_put_fact(&s->page, "url", "see https://example.org/a-very-long-path/indeed ok");
	sheet_expect(s, "    why        one two three four five\n"
			"               six seven eight nine\n"
			"    url        see\n"
			"               https://example.org/a-ver\n"
			"               y-long-path/indeed ok\n");
}

static void colour_is_only_where_the_page_has_it(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(80);
	s->page.terminal.colour = true;
	page_put(&s->page, PAGE_RED, "hot");
	page_put(&s->page, PAGE_PLAIN, " cold");
	sheet_expect(s, "\033[31mhot\033[0m cold");
}

static void levels_differ_in_shape_and_word(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(80);
	for (int level = 0; level <= 5; level++) {
		level_mark_put(&s->page, level);
		page_put(&s->page, PAGE_PLAIN, "|");
		page_end_line(&s->page);
	}
	sheet_expect(s, ".   explained  |\n"
			"-   notice     |\n"
			"?   suspicious |\n"
			"!   serious    |\n"
			"!!  severe     |\n"
			"!!! critical   |\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_from_outside_are_made_harmless),
		cmocka_unit_test(cells_have_exactly_their_width),
		cmocka_unit_test(facts_wrap_under_their_text),
		cmocka_unit_test(colour_is_only_where_the_page_has_it),
		cmocka_unit_test(levels_differ_in_shape_and_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
