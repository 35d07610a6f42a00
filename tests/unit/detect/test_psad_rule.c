/* SPDX-License-Identifier: ISC */
#include "detect/psad_rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_rule_falls_into_seven_words_and_options(void **state)
{
	struct psad_rule rule;
	(void)state;
	assert_true(psad_rule_split(
		text_slice_of(
			"alert tcp [192.0.2.0/24, 198.51.100.7] any -> $HOME_NET 1:5 (a; b;) ;"),
		&rule));
	assert_true(text_slice_equals(rule.words[PSAD_RULE_SRC], "[192.0.2.0/24, 198.51.100.7]"));
	assert_true(text_slice_equals(rule.words[PSAD_RULE_ARROW], "->"));
	assert_true(text_slice_equals(rule.words[PSAD_RULE_DST_PORT], "1:5"));
	assert_true(text_slice_equals(rule.options, "a; b;"));
}

static void other_lines_are_no_rules(void **state)
{
	static const char *const lines[] = {"", "(", ")", "()", "alert",
		"alert tcp any any -> any (x)", "alert tcp any any -> any any any (x)",
		"alert tcp any any -> any any (x", "alert tcp any any -> any any x)",
		"alert tcp any any -> any any )x(", "alert tcp any any -> any [80 (x)"};
	struct psad_rule rule;
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0] - 1; i++) {
		if (psad_rule_split(text_slice_of(lines[i]), &rule))
			fail_msg("\"%s\" was taken for a rule", lines[i]);
	}
}

static void marks_in_quotes_and_behind_backslashes_do_not_cut(void **state)
{
	struct text_slice rest = text_slice_of(" msg:\"a;b\" ; x\\;y;z");
	(void)state;
	assert_true(text_slice_equals(psad_rule_cut(&rest, ';'), "msg:\"a;b\""));
	assert_true(text_slice_equals(psad_rule_cut(&rest, ';'), "x\\;y"));
	assert_true(text_slice_equals(psad_rule_cut(&rest, ';'), "z"));
	assert_int_equal(rest.length, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_falls_into_seven_words_and_options),
		cmocka_unit_test(other_lines_are_no_rules),
		cmocka_unit_test(marks_in_quotes_and_behind_backslashes_do_not_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
