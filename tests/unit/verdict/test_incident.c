/* SPDX-License-Identifier: ISC */
#include "verdict/incident.h"

#include "table_check.h"

static void names_are_those_of_the_contract(void **state)
{
	(void)state;
	static const char *const levels[] = {
		"explained", "notice", "suspicious", "serious", "severe", "critical"};
	assert_string_equal(incident_state_name(INCIDENT_OPEN), "open");
	assert_string_equal(incident_state_name(INCIDENT_UPDATE), "update");
	assert_string_equal(incident_state_name(INCIDENT_CLOSE), "close");
	assert_string_equal(incident_member_role_name(INCIDENT_MEMBER_UNKNOWN), "unknown");
	assert_string_equal(incident_member_role_name(INCIDENT_MEMBER_REAL), "real");
	assert_string_equal(incident_member_role_name(INCIDENT_MEMBER_DECOY), "decoy");
	for (int level = 0; level <= 5; level++)
		assert_string_equal(incident_level_word(level), levels[level]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_those_of_the_contract),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
