/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_restore.h"

#include "libwrap/libwrap_abi.h"
#include "table_check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

static int start_over(void **state)
{
	(void)state;
	wrap_restore_undo();
	allow_severity = LOG_INFO;
	deny_severity = LOG_WARNING;
	return 0;
}

static const char *why_not;

static bool set(const char *name, const char *value)
{
	return wrap_restore_set_variable(name, value, &why_not);
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
	assert_true(set("KW_SET", "rule"));
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
	assert_true(set("KW_OLD", "rule"));
	assert_true(set("KW_OLD", "rule again"));
	assert_true(set("KW_NEW", ""));
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
	for (int i = 0; i < WRAP_RESTORE_VARIABLES; i++) {
		snprintf(name, sizeof name, "KW_MANY_%d", i);
		assert_true(set(name, "x"));
	}
	assert_false(set("KW_ONE_MORE", "x"));
	assert_string_equal(why_not, "too many variables");
	assert_null(getenv("KW_ONE_MORE"));
	assert_string_equal(getenv(name), "x");
	wrap_restore_undo();
	assert_null(getenv("KW_MANY_0"));
	assert_null(getenv(name));
	assert_true(set("KW_ONE_MORE", "x"));
	wrap_restore_undo();
}

static atomic_bool is_over;

static void *decide(void *name)
{
	const char *why;
	while (!is_over) {
		wrap_restore_set_variable(name, "x", &why);
		wrap_restore_undo();
	}
	return NULL;
}

static void a_child_of_a_program_with_threads_does_not_wait_for_ever(void **state)
{
	(void)state;
	enum { FORKS = 100, CHILD_SECONDS = 20 };
	static char names[][8] = {"KW_A", "KW_B", "KW_C"};
	pthread_t threads[TABLE_CHECK_ROWS(names)];
	int status = 0;
	is_over = false;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(names); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, decide, names[i]), 0);
	for (int i = 0; i < FORKS && status == 0; i++) {
		const pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			alarm(CHILD_SECONDS);
			wrap_restore_undo();
			const bool is_set = set("KW_CHILD", "x");
			wrap_restore_undo();
			_exit(!is_set || getenv("KW_CHILD"));
		}
		assert_int_equal(waitpid(child, &status, 0), child);
	}
	is_over = true;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(names); i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_severity_is_for_one_decision, start_over),
		cmocka_unit_test_setup(what_the_program_set_meanwhile_stays, start_over),
		cmocka_unit_test_setup(a_mask_is_for_one_decision, start_over),
		cmocka_unit_test_setup(variables_are_for_one_decision, start_over),
		cmocka_unit_test_setup(a_rule_with_very_many_variables_breaks_nothing, start_over),
		cmocka_unit_test_setup(a_child_of_a_program_with_threads_does_not_wait_for_ever, start_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
