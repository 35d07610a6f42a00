/* SPDX-License-Identifier: ISC */
#include "cli/shell_word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void words_are_quoted_where_a_shell_would_read_more(void **state)
{
	(void)state;
	static const struct {
		const char *word, *typed;
	} rows[] = {
		{"/etc/knockwatch/access.set", "/etc/knockwatch/access.set"},
		{"2001:db8::/32", "2001:db8::/32"},
		{"", "''"},
		{"a b", "'a b'"},
		{"it's", "'it'\\''s'"},
		{"$HOME", "'$HOME'"},
		{"~/x", "'~/x'"},
		{"a;b&c*", "'a;b&c*'"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[64], read[64] = "", command[128];
		struct text_buffer b = text_buffer_over(text, sizeof text);
		shell_word_add(&b, rows[i].word);
		assert_string_equal(text, rows[i].typed);
		snprintf(command, sizeof command, "printf %%s %s", text);
		FILE *shell = popen(command, "r");
		assert_non_null(shell);
		read[fread(read, 1, sizeof read - 1, shell)] = '\0';
		assert_int_equal(pclose(shell), 0);
		assert_string_equal(read, rows[i].word);
	}
}

static void an_option_is_told_where_it_was_given(void **state)
{
	(void)state;
	char text[64];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	shell_word_add_option(&b, "service", NULL);
	shell_word_add_option(&b, "set", "my set");
	assert_string_equal(text, " --set 'my set'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_quoted_where_a_shell_would_read_more),
		cmocka_unit_test(an_option_is_told_where_it_was_given),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
