/* SPDX-License-Identifier: ISC */
#include "event/incident_kind.h"

#include "table_check.h"

static const struct {
	const char *name;
	const char *class;
} kinds[] = {
	{"vertical", "scan"},
	{"horizontal", "scan"},
	{"block", "scan"},
	{"protocol", "scan"},
	{"distributed", "scan"},
	{"fingerprint", "scan"},
	{"service-probe", "scan"},
	{"bruteforce", "attack"},
	{"trap", "attack"},
	{"spoof", "attack"},
	{"redirect", "attack"},
	{"source-route", "attack"},
	{"idle-zombie", "attack"},
	{"exploit", "attack"},
	{"syn-flood", "flood"},
	{"udp-flood", "flood"},
	{"icmp-flood", "flood"},
	{"reflection", "flood"},
	{"backscatter", "noise"},
	{"late-reply", "noise"},
	{"leftover", "noise"},
	{"retry", "noise"},
	{"health-check", "noise"},
	{"lan-noise", "noise"},
	{"traceroute", "noise"},
	{"port-knock", "noise"},
	{"misdirected", "noise"},
	{"research", "noise"},
	{"refused", "noise"},
};

static void kinds_and_classes_are_those_of_the_contract(void **state)
{
	(void)state;
	unsigned faults = 0;
	assert_int_equal(TABLE_CHECK_ROWS(kinds), INCIDENT_KINDS);
	for (int i = 0; i < INCIDENT_KINDS; i++) {
		enum incident_kind kind = (enum incident_kind)i;
		faults += table_check_text(
			kinds[i].name, "name", incident_kind_name(kind), kinds[i].name);
		faults += table_check_text(kinds[i].name, "class",
			incident_class_name(incident_kind_class(kind)), kinds[i].class);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_and_classes_are_those_of_the_contract),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
