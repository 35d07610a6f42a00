/* SPDX-License-Identifier: ISC */
#include "cli/completion_value.h"

#include "support/table_check.h"

static const struct {
	const char *value, *help, *words;
	bool files, directories;
} options[] = {
	{NULL, "scan, attack or noise", "", false, false},
	{"NAME", "scan, attack, flood or noise", "scan attack flood noise", false, false},
	{"STEP", "day (default) or month", "day month", false, false},
	{"NAME", "real-time or (this is a remark, not a word) later", "real-time later", false,
		false},
	{"FILE", "instead of the usual one", "", true, false},
	{"DIR", "one or two", "", false, true},
	{"N", "at most so many (default 50)", "", false, false},
	{"N", "so many days or months", "", false, false},
	{"NAME", "one", "", false, false},
	{"NAME", "one, two", "", false, false},
	{"NAME", "one or two, three", "", false, false},
	{"NAME", "one or two or", "", false, false},
	{"NAME", "one or ", "", false, false},
	{"NAME", "", "", false, false},
	{"NAME", "(one or two)", "", false, false},
	{"TIME", "yesterday, -7d, 2026-11-20, ...", "", false, false},
	{"on|off", "whether", "on off", false, false},
};

static void only_a_help_that_is_a_list_gives_words(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(options); i++) {
		struct option_row row = {"x", 0, options[i].value, options[i].help};
		struct completion_value v = completion_value_of_option(&row);
		faults += table_check_text(options[i].help, "words", v.words, options[i].words);
		faults += table_check_number(options[i].help, "files", v.files, options[i].files);
		faults += table_check_number(
			options[i].help, "directories", v.directories, options[i].directories);
	}
	assert_int_equal(faults, 0);
}

static const struct {
	const char *synopsis, *words;
	bool files, directories;
} operands[] = {
	{"", "", false, false},
	{"FILE...", "", true, false},
	{"[FILE]", "", true, false},
	{"DIR", "", false, true},
	{"ID", "", false, false},
	{"PROFILE", "", false, false},
	{"bash|zsh|fish", "bash zsh fish", false, false},
	{"[NUMBER... | check FILE... | convert FILE]", "check convert", true, false},
	{"list | export [nft] | log [FILE...]", "list export log", true, false},
};

static const struct {
	const char *synopsis, *word, *words;
	bool files, directories;
} behind[] = {
	{"list | export [nft] | log [FILE...]", "list", "", false, false},
	{"list | export [nft] | log [FILE...]", "export", "nft", false, false},
	{"list | export [nft] | log [FILE...]", "log", "", true, false},
	{"list | export [nft] | log [FILE...]", "nft", "", false, false},
	{"[NUMBER...|check FILE...|at DIR]", "check", "", true, false},
	{"[NUMBER...|check FILE...|at DIR]", "at", "", false, true},
	{"bash|zsh|fish", "zsh", "", false, false},
	{"FILE...", "FILE", "", false, false},
};

static void each_word_has_its_own_behind_it(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(behind); i++) {
		struct completion_value v = completion_value_behind(behind[i].synopsis, behind[i].word);
		faults += table_check_text(behind[i].word, "words", v.words, behind[i].words);
		faults += table_check_number(behind[i].word, "files", v.files, behind[i].files);
		faults += table_check_number(behind[i].word, "directories", v.directories, behind[i].directories);
	}
	assert_int_equal(faults, 0);
}

static void a_synopsis_tells_its_words_and_its_files(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(operands); i++) {
		struct completion_value v = completion_value_of_operands(operands[i].synopsis);
		const char *name = operands[i].synopsis;
		faults += table_check_text(name, "words", v.words, operands[i].words);
		faults += table_check_number(name, "files", v.files, operands[i].files);
		faults += table_check_number(
			name, "directories", v.directories, operands[i].directories);
	}
	assert_int_equal(faults, 0);
}

static void a_list_that_is_too_long_for_its_room_gives_no_words(void **state)
{
	char help[600] = "w";
	struct option_row row = {"x", 0, "NAME", help};
	(void)state;
	while (strlen(help) < sizeof help - 16)
		strcat(help, ", word");
	strcat(help, " or last");
	struct completion_value v = completion_value_of_option(&row);
	assert_string_equal(v.words, "");
	assert_true(completion_value_is_free(&v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_help_that_is_a_list_gives_words),
		cmocka_unit_test(each_word_has_its_own_behind_it),
		cmocka_unit_test(a_synopsis_tells_its_words_and_its_files),
		cmocka_unit_test(a_list_that_is_too_long_for_its_room_gives_no_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
