/* SPDX-License-Identifier: ISC */
#include "cli/signatures_command.h"

#include "support/table_check.h"

#include "command_run.h"

#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

static char directory[64];

static const char good_file[] =
	"- {id: 200001, name: ours, level: 3, proto: udp, dst_ports: [1194]}\n"
	"- {id: 101, name: Slammer by another name, level: 0, payload: 5, proto: udp}\n";
static const char bad_file[] = "- id: 200001\n  name: ours\n  level: 9\n  proto: udp\n"
			       "  dst_ports: [70000]\n";
static const char settings_file[] = "home: [203.0.113.0/28]\nsignatures: [good.yaml]\n";
static const char psad_file[] =
	"# psad's own form\n"
	"alert tcp any any -> any 21554 (msg:\"GirlFriend\"; flags:S; sid:100145; psad_dl:2;)\n"
	"alert udp $HTTP_SERVERS any -> any 53 (msg:\"told\"; sid:100146; psad_dl:1;)\n";
static const char psad_strange[] =
	"alert tcp any any -> any 21554 (msg:\"GirlFriend\"; flags:S; sid:100145; psad_dl:2;)\n"
	"alert tcp any any -> any 80 (msg:\"text\"; content:\"x\"; sid:100147; psad_dl:2;)\n";

static int set_up(void **state)
{
	(void)state;
	command_run_make_directory(directory);
	command_run_write(directory, "good.yaml", good_file);
	command_run_write(directory, "bad.yaml", bad_file);
	command_run_write(directory, "conf.yaml", settings_file);
	command_run_write(directory, "psad", psad_file);
	command_run_write(directory, "strange", psad_strange);
	command_run_write(directory, "empty", "# nothing\n\n");
	return chdir(directory);
}

static int tear_down(void **state)
{
	(void)state;
	command_run_remove_directory(directory);
	return chdir("/");
}

static const struct {
	const char *name;
	const char *words[COMMAND_RUN_WORDS];
	int code;
	const char *out, *err; /* a part of what is said; "" = nothing at all */
} calls[] = {
	{"the list has the built-in ones", {"signatures", "-c", "empty"}, 0, "SQL Slammer worm",
		""},
	{"the list has the references", {"signatures", "-c", "empty"}, 0,
		"https://nvd.nist.gov/vuln/detail/CVE-2002-0649", ""},
	{"files of the configuration are in force", {"signatures", "-c", "conf.yaml"}, 0, "200001",
		""},
	{"a file's item takes the place of a built-in one",
		{"signatures", "-c", "conf.yaml", "101"}, 0, "Slammer by another name", ""},
	{"a number tells the sentence", {"signatures", "-c", "empty", "101"}, 0, "worm of 2003",
		""},
	{"a number as JSON", {"signatures", "-c", "empty", "101", "-j"}, 0, "\"id\":101", ""},
	{"an unknown number", {"signatures", "-c", "empty", "4000000000"}, 1, "",
		"there is no number 4000000000"},
	{"a number too large", {"signatures", "-c", "empty", "99999999999"}, 2, "", "is no number"},
	{"an unknown word", {"signatures", "bad.yaml"}, 2, "", "signatures check bad.yaml"},
	{"a misspelt word", {"signatures", "chekc", "x"}, 2, "",
		"did you mean 'knockwatch signatures check'"},
	{"a configuration with a fault", {"signatures", "-c", "bad.yaml"}, 3, "", "bad.yaml:1:1"},
	{"check: a good file", {"signatures", "check", "good.yaml"}, 0,
		"good.yaml: 2 signatures, no fault; 1 in place of a built-in one", ""},
	{"check: a bad file has line and column", {"signatures", "check", "bad.yaml"}, 3, "",
		"bad.yaml:3:10: "},
	{"check: all faults at once", {"signatures", "check", "bad.yaml"}, 3, "",
		"bad.yaml:5:15: "},
	{"check: one bad of two", {"signatures", "check", "good.yaml", "bad.yaml"}, 3,
		"good.yaml: 2", "bad.yaml:3"},
	{"check: a configuration is recognised", {"signatures", "check", "conf.yaml"}, 3, "",
		"'knockwatch check' reads it"},
	{"check: no file", {"signatures", "check"}, 2, "", "no file was named"},
	{"check: a file that is not there", {"signatures", "check", "nowhere"}, 3, "", "nowhere: "},
	{"check: a directory", {"signatures", "check", "."}, 3, "", "directory"},
	{"check: --json has no sense", {"signatures", "--json", "check", "good.yaml"}, 2, "",
		"for the list only"},
	{"convert: all rules", {"signatures", "convert", "psad"}, 0, "GirlFriend",
		"2 rules, 2 converted (1 with a remark), 0 left out"},
	{"convert: a loss has its line", {"signatures", "convert", "psad"}, 0, "GirlFriend",
		"psad:3: "},
	{"convert: a rule left out has its line", {"signatures", "convert", "strange"}, 6,
		"GirlFriend", "strange:2: left out: "},
	{"convert: no rule at all", {"signatures", "convert", "empty"}, 1, "",
		"there is no rule in it"},
	{"convert: not psad's file", {"signatures", "convert", "good.yaml"}, 6, "",
		"none that could be converted"},
	{"convert: a file that is not there", {"signatures", "convert", "nowhere"}, 2, "",
		"nowhere: No such file"},
	{"convert: a directory", {"signatures", "convert", "."}, 2, "", "directory"},
	{"convert: two files", {"signatures", "convert", "psad", "psad"}, 2, "",
		"expected one file"},
};

static unsigned expect_part(const char *row, const char *what, const char *text, const char *part)
{
	if (part[0] == '\0' ? text[0] == '\0' : strstr(text, part) != NULL)
		return 0;
	print_error("%s: %s: got \"%s\", wanted \"%s\"\n", row, what, text, part);
	return 1;
}

static void every_call_ends_as_it_should_and_says_why(void **state)
{
	static struct command_run run;
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(calls); i++) {
		command_run(&run, calls[i].words);
		faults += table_check_number(calls[i].name, "code", run.code, calls[i].code);
		faults += expect_part(calls[i].name, "out", run.out, calls[i].out);
		faults += expect_part(calls[i].name, "err", run.err, calls[i].err);
	}
	assert_int_equal(faults, 0);
}

static void what_was_converted_passes_the_check(void **state)
{
	static struct command_run run;
	(void)state;
	command_run(&run, (const char *[]){"signatures", "convert", "psad", NULL});
	command_run_write(directory, "converted", run.out);
	command_run(&run, (const char *[]){"signatures", "check", "converted", NULL});
	assert_string_equal(run.err, "");
	assert_string_equal(run.out, "converted: 2 signatures, no fault\n");
	assert_int_equal(run.code, 0);
}

static void json_is_one_object_a_line_in_order_of_numbers(void **state)
{
	static struct command_run run;
	json_int_t last = -1;
	unsigned count = 0;
	(void)state;
	command_run(&run, (const char *[]){"signatures", "-c", "empty", "--json", NULL});
	for (char *rest = run.out, *line; (line = strsep(&rest, "\n")) != NULL && *line != '\0';
		count++) {
		json_t *object = json_loads(line, 0, NULL);
		if (rest == NULL)
			break; /* the output is longer than what is kept of it */
		assert_non_null(object);
		json_int_t id = json_integer_value(json_object_get(object, "id"));
		assert_true(id > last);
		assert_true(json_is_boolean(json_object_get(object, "alone")));
		assert_true(json_is_string(json_object_get(object, "name")));
		assert_in_range(json_integer_value(json_object_get(object, "level")), 0, 5);
		last = id;
		json_decref(object);
	}
	assert_in_range(count, 100, 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_ends_as_it_should_and_says_why),
		cmocka_unit_test(what_was_converted_passes_the_check),
		cmocka_unit_test(json_is_one_object_a_line_in_order_of_numbers),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
