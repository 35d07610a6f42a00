/* SPDX-License-Identifier: ISC */
#include "access/access_rule.h"

#include "table_check.h"

#include <stdio.h>

struct split_row {
	const char *line;
	enum access_rule_form form;
	const char *fields; /* with '|' between, null where it is no rule */
};

static const struct split_row split_rows[] = {
	{"", ACCESS_RULE_BLANK, NULL},
	{" \t\r", ACCESS_RULE_BLANK, NULL},
	{"#sshd: ALL", ACCESS_RULE_COMMENT, NULL},
	{" # sshd: ALL", ACCESS_RULE_RULE, " # sshd| ALL"},
	{"sshd: ALL # all", ACCESS_RULE_RULE, "sshd| ALL # all"},
	{"sshd: ALL # note: x", ACCESS_RULE_RULE, "sshd| ALL # note| x"},
	{"sshd ALL", ACCESS_RULE_NO_SEPARATOR, NULL},
	{"sshd: ALL", ACCESS_RULE_RULE, "sshd| ALL"},
	{"sshd: ALL\r", ACCESS_RULE_RULE, "sshd| ALL\r"},
	{"sshd: ALL:", ACCESS_RULE_RULE, "sshd| ALL|"},
	{"sshd: ALL: ", ACCESS_RULE_RULE, "sshd| ALL| "},
	{"sshd: ALL: a: b", ACCESS_RULE_RULE, "sshd| ALL| a: b"},
	{"a\\:b: c", ACCESS_RULE_RULE, "a\\|b| c"},
	{":", ACCESS_RULE_RULE, "|"},
	{"::", ACCESS_RULE_RULE, "||"},
	{"ALL: [2001:db8::1] [::]/0: allow", ACCESS_RULE_RULE, "ALL| [2001:db8::1] [::]/0| allow"},
	{"ALL: 2001:db8::1", ACCESS_RULE_RULE, "ALL| 2001|db8::1"},
	{"ALL]: x", ACCESS_RULE_NO_SEPARATOR, NULL},
	{"[ALL: x", ACCESS_RULE_NO_SEPARATOR, NULL},
	{"]ALL[: x", ACCESS_RULE_RULE, "]ALL[| x"},
	{"ALL: x]: allow", ACCESS_RULE_RULE, "ALL| x]: allow"},
	{"ALL: [x: allow", ACCESS_RULE_RULE, "ALL| [x: allow"},
};

static void a_line_is_split_at_colons_outside_brackets(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(split_rows); i++) {
		const struct split_row *row = &split_rows[i];
		struct access_rule rule;
		char told[256] = "";
		enum access_rule_form form = access_rule_split(text_slice_of(row->line), &rule);
		faults += table_check_number(row->line, "form", form, row->form);
		if (form != ACCESS_RULE_RULE)
			continue;
		snprintf(told, sizeof told, "%.*s|%.*s%s%.*s", (int)rule.daemons.length,
			rule.daemons.start, (int)rule.clients.length, rule.clients.start,
			rule.has_options ? "|" : "", (int)rule.options.length, rule.options.start);
		faults += table_check_text(row->line, "fields", told, row->fields);
	}
	assert_int_equal(faults, 0);
}

/* As it is said: one letter after the other. */
static const char *find_plainly(struct text_slice text, char wanted)
{
	int brackets = 0;
	for (size_t i = 0; i < text.length; i++) {
		if (text.start[i] == wanted && brackets == 0)
			return text.start + i;
		brackets += (text.start[i] == '[') - (text.start[i] == ']');
	}
	return NULL;
}

static void brackets_that_are_passed_over_are_as_if_they_were_read(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("brackets");
	static const char letters[] = "[]:a[]:a/[";
	unsigned found = 0;
	for (unsigned i = 0; i < 200000; i++) {
		char text[200];
		struct text_slice all = {text, table_check_random_below(&random, i % 16 ? 12 : sizeof text)}, behind;
		const unsigned filling = table_check_random_below(&random, 20) + 1;
		for (size_t k = 0; k < all.length; k++)
			text[k] = table_check_random_below(&random, filling) ? 'x' : letters[table_check_random_below(&random, 10)];
		const char *colon = find_plainly(all, ':');
		struct text_slice before = all;
		assert_int_equal(access_rule_cut(&before, ':', &behind), colon != NULL);
		if (colon == NULL)
			continue;
		found++;
		assert_ptr_equal(before.start + before.length, colon);
		assert_ptr_equal(behind.start, colon + 1);
		assert_int_equal(before.length + 1 + behind.length, all.length);
	}
	assert_true(found > 10000);
}

struct word_row {
	const char *list;
	const char *words; /* a '|' behind each */
};

static const struct word_row word_rows[] = {
	{"", ""},
	{" ,\t\r\n", ""},
	{"a", "a|"},
	{" a, b ,c\td,,e\r", "a|b|c|d|e|"},
	{"a\vb\fc;d", "a\vb\fc;d|"},
	{"ALL EXCEPT x", "ALL|EXCEPT|x|"},
};

static void words_are_apart_by_blanks_and_commas(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(word_rows); i++) {
		struct text_slice list = text_slice_of(word_rows[i].list), word;
		char told[128] = "";
		while (access_rule_next_word(&list, &word)) {
			size_t used = strlen(told);
			snprintf(told + used, sizeof told - used, "%.*s|", (int)word.length, word.start);
		}
		faults += table_check_text(word_rows[i].list, "words", told, word_rows[i].words);
	}
	assert_int_equal(faults, 0);
}

static void except_is_known_in_any_case(void **state)
{
	(void)state;
	assert_true(access_rule_is_except(text_slice_of("EXCEPT")));
	assert_true(access_rule_is_except(text_slice_of("exCept")));
	assert_false(access_rule_is_except(text_slice_of("EXCEP")));
	assert_false(access_rule_is_except(text_slice_of("EXCEPTS")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_split_at_colons_outside_brackets),
		cmocka_unit_test(brackets_that_are_passed_over_are_as_if_they_were_read),
		cmocka_unit_test(words_are_apart_by_blanks_and_commas),
		cmocka_unit_test(except_is_known_in_any_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
