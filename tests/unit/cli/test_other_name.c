/* SPDX-License-Identifier: ISC */
#include "cli/other_name.h"

#include "cli/daemon_main.h"
#include "cli/tcpdchk.h"
#include "cli/tcpdmatch.h"
#include "support/table_check.h"

static const struct {
	const char *called;
	other_name_fn *run;
} rows[] = {
	{"knockwatch", NULL},
	{"/usr/bin/knockwatch", NULL},
	{"", NULL},
	{"/", NULL},
	{"tcpd", NULL},
	{"tcpdmatch2", NULL},
	{"tcpdmatch/x", NULL},
	{"knockwatchd", daemon_main},
	{"/usr/sbin/knockwatchd", daemon_main},
	{"tcpdmatch", tcpdmatch_main},
	{"/usr/libexec/knockwatch/tcpdmatch", tcpdmatch_main},
	{"./tcpdchk", tcpdchk_main},
};

static void the_last_part_of_the_word_decides(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += table_check_number(
			rows[i].called, "is it", other_name_find(rows[i].called) == rows[i].run, true);
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_part_of_the_word_decides),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
