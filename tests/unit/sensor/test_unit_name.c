/* SPDX-License-Identifier: ISC */
#include "sensor/unit_name.h"

#include "../support/table_check.h"

struct unit_row {
	const char *group;
	const char *unit;
};

static void the_innermost_service_or_scope_is_the_unit(void **state)
{
	(void)state;
	static const struct unit_row rows[] = {
		{"/", ""},
		{"", ""},
		{"/system.slice/cron.service", "cron.service"},
		{"/system.slice/cron.service/payload", "cron.service"},
		{"/user.slice/user-0.slice/session-3.scope", "session-3.scope"},
		{"/user.slice/user-0.slice/user@0.service/app.slice/x.service", "x.service"},
		{"/system.slice/docker-0123.scope", "docker-0123.scope"},
		{"/system.slice", "system.slice"},
		{"/lxc/one", "lxc/one"},
		{"/.service", ".service"},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char unit[EXEC_UNIT_MAX];
		unit_name_of_group(rows[i].group, unit);
		faults += table_check_text(rows[i].group, "unit", unit, rows[i].unit);
	}
	assert_int_equal(faults, 0);
}

static void of_a_long_name_the_end_is_kept(void **state)
{
	(void)state;
	char group[1000], unit[EXEC_UNIT_MAX];
	memset(group, 'a', sizeof group);
	memcpy(group + sizeof group - 9, ".service", 9);
	unit_name_of_group(group, unit);
	assert_int_equal(strlen(unit), EXEC_UNIT_MAX - 1);
	assert_string_equal(unit + EXEC_UNIT_MAX - 1 - 8, ".service");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_innermost_service_or_scope_is_the_unit),
		cmocka_unit_test(of_a_long_name_the_end_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
