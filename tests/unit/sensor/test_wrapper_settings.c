/* SPDX-License-Identifier: ISC */
#include "sensor/wrapper_settings.h"


#include "part_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool load(const char *text, struct wrapper_settings *s, struct config_faults *faults)
{
	wrapper_settings_init(s);
	return part_load(text, &wrapper_settings_part, s, faults);
}

static void every_key_is_read(void **state)
{
	(void)state;
	struct wrapper_settings s;
	struct config_faults faults;
	assert_true(load("wrappers: off\nwrapper_users: [mosquitto, openldap]\n", &s, &faults));
	assert_int_equal(s.wish, WRAPPER_WISH_OFF);
	assert_int_equal(s.users_count, 2);
	assert_string_equal(s.users[1], "openldap");
	wrapper_settings_clear(&s);
	assert_true(load("{}\n", &s, &faults));
	assert_int_equal(s.wish, WRAPPER_WISH_AUTO);
	assert_int_equal(s.users_count, 0);
	wrapper_settings_clear(&s);
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
	(void)state;
	struct wrapper_settings s;
	struct config_faults faults;
	assert_false(load("wrapper_users: []\nwrappers: perhaps\n", &s, &faults));
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.items[0].line, 2);
	assert_non_null(strstr(faults.items[0].text, "auto, on or off"));
	config_faults_clear(&faults);
	wrapper_settings_clear(&s);
	assert_false(load("wrapper_user: [x]\n", &s, &faults));
	assert_non_null(strstr(faults.items[0].text, "wrapper_users"));
	config_faults_clear(&faults);
	wrapper_settings_clear(&s);
}

static void a_wish_is_one_of_three_words(void **state)
{
	(void)state;
	enum wrapper_wish wish = WRAPPER_WISHES;
	assert_true(wrapper_settings_parse_wish("auto", &wish) && wish == WRAPPER_WISH_AUTO);
	assert_true(wrapper_settings_parse_wish("on", &wish) && wish == WRAPPER_WISH_ON);
	assert_true(wrapper_settings_parse_wish("off", &wish) && wish == WRAPPER_WISH_OFF);
	assert_false(
		wrapper_settings_parse_wish("", &wish) || wrapper_settings_parse_wish("true", &wish));
	assert_int_equal(wish, WRAPPER_WISH_OFF);
}

static void each_key_has_words(void **state)
{
	(void)state;
	static const char *const wanted[] = {"heard where they can be", "root alone is believed"};
	struct wrapper_settings s;
	wrapper_settings_init(&s);
	for (unsigned i = 0; i < 2; i++) {
		char text[100];
		struct text_buffer out = text_buffer_over(text, sizeof text);
		wrapper_settings_part.keys[i].write(&s, &out);
		assert_string_equal(text, wanted[i]);
	}
	assert_null(wrapper_settings_part.keys[2].key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(what_is_wrong_is_told_with_its_place),
		cmocka_unit_test(a_wish_is_one_of_three_words),
		cmocka_unit_test(each_key_has_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
