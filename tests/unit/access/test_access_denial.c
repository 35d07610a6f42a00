/* SPDX-License-Identifier: ISC */
#include "access/access_denial.h"

#include "table_check.h"

static const struct {
	const char *line;
	bool in_allow, in_deny; /* does it deny? */
} rows[] = {
	{"ALL: ALL", false, true},
	{"ALL: ALL: allow", false, false},
	{"ALL: ALL: Allow =", false, false},
	{"ALL: ALL: deny", true, true},
	{"ALL: ALL: deny=", true, true},
	{"ALL: ALL: severity info: allow", false, false},
	{"ALL: ALL: severity info", false, true},
	{"ALL: ALL: twist /bin/false", true, true},
	{"ALL: ALL: twist=/bin/false", true, true},
	{"ALL: ALL: spawn echo \\:deny", false, true},
	{"ALL: ALL: spawn echo deny", false, true},
	{"ALL: ALL: note allow", false, true},
	/* faults */
	{"ALL: ALL:", true, true},
	{"ALL: ALL: alow", true, true},
	{"ALL: ALL: allow: severity info", true, true},
	{"ALL: ALL: allow=x", true, true},
	{"ALL: ALL: umask 9: allow", true, true},
};

static void the_options_say_it_and_else_the_table(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct access_rule rule;
		bool no_memory = false;
		assert_int_equal(access_rule_split(text_slice_of(rows[i].line), &rule), ACCESS_RULE_RULE);
		faults += table_check_number(rows[i].line, "in hosts.allow", access_denial_of(&rule, false, &no_memory), rows[i].in_allow);
		faults += table_check_number(rows[i].line, "in hosts.deny", access_denial_of(&rule, true, &no_memory), rows[i].in_deny);
		faults += table_check_number(rows[i].line, "no memory", no_memory, false);
	}
	assert_int_equal(faults, 0);
}

static void without_a_rule_it_is_the_table(void **state)
{
	(void)state;
	bool no_memory = false;
	assert_true(access_denial_of(NULL, true, &no_memory));
	assert_false(access_denial_of(NULL, false, &no_memory));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_options_say_it_and_else_the_table),
		cmocka_unit_test(without_a_rule_it_is_the_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
