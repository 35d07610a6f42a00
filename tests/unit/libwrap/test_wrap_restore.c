/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_restore.h"

#include "libwrap/libwrap_abi.h"
#include "table_check.h"

#include <stdio.h>
#include <sys/stat.h>
#include <syslog.h>

static int start_over(void **state)
{
	(void)state;
	wrap_restore_undo();
	allow_severity = LOG_INFO;
	deny_severity = LOG_WARNING;
	return 0;
}

static void a_severity_is_for_one_decision(void **state)
{
	(void)state;
	wrap_restore_set_severity(LOG_LOCAL3 | LOG_ALERT);
	assert_int_equal(allow_severity, LOG_LOCAL3 | LOG_ALERT);
	assert_int_equal(deny_severity, LOG_LOCAL3 | LOG_ALERT);
	wrap_restore_set_severity(LOG_DEBUG); /* twice in one rule */
	wrap_restore_undo();
	assert_int_equal(allow_severity, LOG_INFO);
	assert_int_equal(deny_severity, LOG_WARNING);
	wrap_restore_undo();
	assert_int_equal(allow_severity, LOG_INFO);
}

static void what_the_program_set_meanwhile_stays(void **state)
{
	(void)state;
	wrap_restore_set_severity(LOG_ALERT);
	allow_severity = LOG_NOTICE;
	wrap_restore_undo();
	assert_int_equal(allow_severity, LOG_NOTICE);
	assert_int_equal(deny_severity, LOG_WARNING);

	setenv("KW_SET", "before", 1);
	assert_true(wrap_restore_set_variable("KW_SET", "rule"));
	setenv("KW_SET", "program", 1);
	wrap_restore_undo();
	assert_string_equal(getenv("KW_SET"), "program");

	const mode_t before = umask(022);
	wrap_restore_set_umask(077);
	umask(027);
	wrap_restore_undo();
	assert_int_equal(umask(before), 027);
}

static void a_mask_is_for_one_decision(void **state)
{
	(void)state;
	const mode_t before = umask(022);
	wrap_restore_set_umask(077);
	assert_int_equal(umask(077), 077);
	wrap_restore_set_umask(007);
	wrap_restore_undo();
	assert_int_equal(umask(before), 022);
}

static void variables_are_for_one_decision(void **state)
{
	(void)state;
	setenv("KW_OLD", "old", 1);
	unsetenv("KW_NEW");
	assert_true(wrap_restore_set_variable("KW_OLD", "rule"));
	assert_true(wrap_restore_set_variable("KW_OLD", "rule again"));
	assert_true(wrap_restore_set_variable("KW_NEW", ""));
	assert_string_equal(getenv("KW_OLD"), "rule again");
	assert_string_equal(getenv("KW_NEW"), "");
	wrap_restore_undo();
	assert_string_equal(getenv("KW_OLD"), "old");
	assert_null(getenv("KW_NEW"));
}

static void a_rule_with_very_many_variables_breaks_nothing(void **state)
{
	(void)state;
	char name[32];
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "KW_MANY_%d", i);
		assert_true(wrap_restore_set_variable(name, "x"));
	}
	wrap_restore_undo();
	assert_null(getenv("KW_MANY_0"));
	assert_null(getenv("KW_MANY_15"));
	assert_string_equal(getenv("KW_MANY_16"), "x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_severity_is_for_one_decision, start_over),
		cmocka_unit_test_setup(what_the_program_set_meanwhile_stays, start_over),
		cmocka_unit_test_setup(a_mask_is_for_one_decision, start_over),
		cmocka_unit_test_setup(variables_are_for_one_decision, start_over),
		cmocka_unit_test_setup(a_rule_with_very_many_variables_breaks_nothing, start_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
