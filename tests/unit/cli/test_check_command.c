/* SPDX-License-Identifier: ISC */
#include "cli/check_command.h"

#include "support/table_check.h"

#include "command_run.h"
#include "verdict/level_rules.h"

#include <stdio.h>
#include <unistd.h>

static char directory[64];

static int set_up(void **state)
{
	(void)state;
	command_run_make_directory(directory);
	command_run_write(directory, "mine.yaml",
		"- {id: 200001, name: ours, level: 3, payload: 5, proto: udp}\n");
	return chdir(directory);
}

static int tear_down(void **state)
{
	(void)state;
	command_run_remove_directory(directory);
	return chdir("/");
}

static const struct {
	const char *name, *text;
	int code;
	const char *out, *err; /* a part of what is said; "" = nothing at all */
} files[] = {
	{"an empty file", "", 0, "home             learnt from interfaces and traffic (default)",
		""},
	{"prefixes", "home: [203.0.113.0/28, 2001:db8:7::/48]\n", 0,
		"home             203.0.113.0/28, 2001:db8:7::/48\n", ""},
	{"ports", "trap_ports: [udp/53, tcp/23]\n", 0, "trap_ports       tcp/23, udp/53\n", ""},
	{"sizes and durations", "memory: 1G\nclose_after: 90m\n", 0,
		"memory           1024M in all, 1007M of it to remember\n", ""},
	{"what is set to the default is the default", "memory: 76M\n", 0,
		"memory           76M in all, 59M of it to remember (default)", ""},
	{"a file of signatures", "signatures: [mine.yaml]\n", 0, "signatures       mine.yaml\n",
		""},
	{"a forced level", "addresses: [{prefix: 192.0.2.66, level: 5, proto: tcp}]\n", 0,
		"192.0.2.66: critical, TCP\n", ""},
	{"an ignored source", "addresses: [{prefix: 192.0.2.0/24, level: 0, ports: [udp/161]}]\n",
		0, "192.0.2.0/24: ignored, udp/161\n", ""},
	{"a changed rule", "level_rules: [{name: many-targets, at: 77, level: 4}]\n", 0,
		"77 distinct targets (changed)", ""},
	{"a rule switched off", "level_rules: [{name: bot, at: 3, level: 0}]\n", 0, "off", ""},
	{"dark outside of home", "home: [203.0.113.0/28]\ndark: [198.51.100.0/24]\n", 0,
		"What holds", "dark: 198.51.100.0/24 is not inside home"},
	{"trust for all", "trusted: [0.0.0.0/0]\n", 0, "What holds", "0.0.0.0/0 trusts everybody"},
	{"no such interface", "interfaces: [kwnone0]\n", 0, "What holds", "there is no kwnone0"},
	{"no such log", "log: ./nowhere\n", 0, "What holds", "log: ./nowhere: No such file"},
	{"an unknown key", "hme: []\n", 3, "",
		"file:1:1: unknown key \"hme\"; did you mean \"home\"?"},
	{"host bits", "dark: [203.0.113.9/29]\n", 3, "", "file:1:8: "},
	{"an unknown rule", "level_rules:\n- {name: targets, at: 1, level: 2}\n", 3, "",
		"file:2:10: \"targets\": no such level rule; there are notice, alert"},
	{"no such file of signatures", "signatures: [nowhere.yaml]\n", 3, "", "nowhere.yaml: "},
	{"a list of signatures", "- {id: 1, name: x, level: 1, payload: 5, proto: udp}\n", 3, "",
		"'knockwatch signatures check' reads it"},
	{"no text at all", "\x01\x02", 3, "", "file:1:"},
};

static unsigned expect_part(const char *row, const char *what, const char *text, const char *part)
{
	if (part[0] == '\0' ? text[0] == '\0' : strstr(text, part) != NULL)
		return 0;
	print_error("%s: %s: got \"%s\", wanted \"%s\"\n", row, what, text, part);
	return 1;
}

static void a_file_holds_or_its_faults_are_told_with_their_place(void **state)
{
	static struct command_run run;
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(files); i++) {
		command_run_write(directory, "file", files[i].text);
		command_run(&run, (const char *[]){"check", "file", NULL});
		faults += table_check_number(files[i].name, "code", run.code, files[i].code);
		faults += expect_part(files[i].name, "out", run.out, files[i].out);
		faults += expect_part(files[i].name, "err", run.err, files[i].err);
	}
	assert_int_equal(faults, 0);
}

static void quiet_says_only_what_is_wrong(void **state)
{
	static struct command_run run;
	(void)state;
	command_run_write(directory, "file", "memory: 1G\n");
	command_run(&run, (const char *[]){"check", "-q", "file", NULL});
	assert_int_equal(run.code, 0);
	assert_string_equal(run.out, "");
	assert_string_equal(run.err, "");
	command_run_write(directory, "file", "memory: 1X\n");
	command_run(&run, (const char *[]){"check", "-q", "file", NULL});
	assert_int_equal(run.code, 3);
	assert_non_null(strstr(run.err, "file:1:9: "));
}

static void every_level_rule_is_listed_with_its_number(void **state)
{
	static struct command_run run;
	struct level_rules rules;
	unsigned faults = 0;
	(void)state;
	level_rules_init(&rules);
	command_run_write(directory, "file", "");
	command_run(&run, (const char *[]){"check", "file", NULL});
	for (unsigned i = 0; i < rules.count; i++) {
		char row[64];
		snprintf(row, sizeof row, "    %-14s%6g  ", rules.rows[i].name, rules.rows[i].at);
		faults += expect_part(rules.rows[i].name, "row", run.out, row);
	}
	assert_int_equal(faults, 0);
}

static const struct {
	const char *name;
	const char *words[COMMAND_RUN_WORDS];
	int code;
	const char *err;
} calls[] = {
	{"two files", {"check", "a", "b"}, 2, "one file at a time"},
	{"no such file", {"check", "nowhere"}, 3, "nowhere: cannot be opened"},
	{"a directory", {"check", "."}, 3, "is a directory"},
	{"a misspelt option", {"check", "--quite"}, 2, "did you mean --quiet?"},
};

static void a_wrong_call_is_answered_with_the_right_one(void **state)
{
	static struct command_run run;
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(calls); i++) {
		command_run(&run, calls[i].words);
		faults += table_check_number(calls[i].name, "code", run.code, calls[i].code);
		faults += expect_part(calls[i].name, "err", run.err, calls[i].err);
		faults += expect_part(calls[i].name, "out", run.out, "");
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_holds_or_its_faults_are_told_with_their_place),
		cmocka_unit_test(quiet_says_only_what_is_wrong),
		cmocka_unit_test(every_level_rule_is_listed_with_its_number),
		cmocka_unit_test(a_wrong_call_is_answered_with_the_right_one),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
