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
	assert_int_equal(access_hearing_fd(&h), -1);
	access_hearing_say(&h);
	access_hearing_hear(&h, true, NULL, NULL);
	assert_int_equal(access_hearing_counts(&h).told, 0);
	access_hearing_close(&h);
	access_hearing_close(&h);
}

static void a_wish_is_one_of_three_words(void **state)
{
	(void)state;
	enum wrapper_wish wish = WRAPPER_WISHES;
	assert_true(wrapper_settings_parse_wish("auto", &wish) && wish == WRAPPER_WISH_AUTO);
	assert_true(wrapper_settings_parse_wish("on", &wish) && wish == WRAPPER_WISH_ON);
	assert_true(wrapper_settings_parse_wish("off", &wish) && wish == WRAPPER_WISH_OFF);
	assert_false(wrapper_settings_parse_wish("", &wish) || wrapper_settings_parse_wish("true", &wish));
	assert_int_equal(wish, WRAPPER_WISH_OFF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_was_told_not_to_hears_nothing),
		cmocka_unit_test(a_wish_is_one_of_three_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
