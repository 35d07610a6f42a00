/* SPDX-License-Identifier: ISC */
#include "daemon/access_hearing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void who_was_told_not_to_hears_nothing(void **state)
{
	(void)state;
	struct access_hearing h = {0};
	const struct access_hearing_request off = {.wish = WRAPPER_WISH_OFF};
	assert_true(access_hearing_open(&h, &off));
	assert_int_equal(access_hearing_fd(&h, 0), -1);
	access_hearing_say(&h);
	access_hearing_hear(&h, true, NULL, NULL);
	assert_int_equal(access_hearing_counts(&h).told, 0);
	access_hearing_close(&h);
	access_hearing_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_told_not_to_hears_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
