/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_rights.h"

#include "in_child.h"
#include "table_check.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static char why[WRAP_RIGHTS_WHY_SIZE];

static int become_nobody(void)
{
	if (!wrap_rights_of_user("nobody", NULL, why))
		return 1;
	const struct passwd *nobody = getpwnam("nobody");
	if (getuid() != nobody->pw_uid || geteuid() != nobody->pw_uid || getegid() != nobody->pw_gid)
		return 2;
	gid_t groups[64];
	if (getgroups(64, groups) != 1 || groups[0] != nobody->pw_gid)
		return 3;
	if (setuid(0) == 0 || seteuid(0) == 0 || setgid(0) == 0)
		return 4;
	return wrap_rights_of_user("nobody", NULL, why) ? 0 : 5; /* already */
}

static int become_nobody_in_daemon(void)
{
	if (!wrap_rights_of_user("nobody", "daemon", why))
		return 1;
	const struct group *group = getgrnam("daemon");
	if (getegid() != group->gr_gid || getgid() != group->gr_gid)
		return 2;
	return 0;
}

static void an_option_names_a_user_a_group_or_both(void **state)
{
	(void)state;
	static const struct {
		const char *options, *user, *group;
	} rows[] = {
		{"user nobody", "nobody", NULL},
		{"user nobody.daemon", "nobody", "daemon"},
		{"group daemon", NULL, "daemon"},
	};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char text[64];
		snprintf(text, sizeof text, "%s", rows[i].options);
		struct text_slice rest = text_slice_of(text);
		struct access_option option;
		struct access_option_fault fault;
		struct wrap_rights_names names;
		assert_int_equal(access_option_next(&rest, &option, &fault), ACCESS_OPTION_READ);
		assert_true(wrap_rights_read(&option, &names, why));
		assert_true((names.user == NULL) == (rows[i].user == NULL) && (names.group == NULL) == (rows[i].group == NULL));
		assert_string_equal(names.user ? names.user : "", rows[i].user ? rows[i].user : "");
		assert_string_equal(names.group ? names.group : "", rows[i].group ? rows[i].group : "");
		assert_true(wrap_rights_known(names.user, names.group, why));
	}
	char name[WRAP_RIGHTS_NAME_SIZE + 1];
	struct wrap_rights_names names;
	memset(name, 'x', sizeof name);
	const struct access_option option = {.kind = ACCESS_OPTION_GROUP, .name = {name, WRAP_RIGHTS_NAME_SIZE}};
	assert_false(wrap_rights_read(&option, &names, why));
	assert_string_equal(why, "option \"group\" is too long");
}

static int become_group_daemon(void)
{
	if (!wrap_rights_of_group("daemon", why))
		return 1;
	const struct group *group = getgrnam("daemon");
	gid_t groups[64];
	if (getegid() != group->gr_gid || getuid() != 0)
		return 2;
	return getgroups(64, groups) == 1 && groups[0] == group->gr_gid ? 0 : 3;
}

static int cannot_become_another(void)
{
	if (!wrap_rights_of_user("nobody", NULL, why))
		return 1;
	if (wrap_rights_of_user("daemon", NULL, why) || strncmp(why, "initgroups(daemon): ", 20) != 0)
		return 2;
	return wrap_rights_of_group("daemon", why) ? 3 : 0;
}

static void rights_are_really_given_up(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(in_child(become_nobody), 0);
	assert_int_equal(in_child(become_nobody_in_daemon), 0);
	assert_int_equal(in_child(become_group_daemon), 0);
}

static void without_the_right_to_change_it_fails_and_says_so(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(in_child(cannot_become_another), 0);
}

static void who_is_not_known_is_told(void **state)
{
	(void)state;
	assert_false(wrap_rights_of_user("no such user", NULL, why));
	assert_string_equal(why, "unknown user: \"no such user\"");
	assert_false(wrap_rights_of_user("root", "no such group", why));
	assert_string_equal(why, "unknown group: \"no such group\"");
	assert_false(wrap_rights_of_group("no such group", why));
	assert_true(wrap_rights_known("root", NULL, why));
	assert_true(wrap_rights_known("nobody", "daemon", why));
	assert_false(wrap_rights_known("no such user", NULL, why));
	assert_false(wrap_rights_known(NULL, "no such group", why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_option_names_a_user_a_group_or_both),
		cmocka_unit_test(rights_are_really_given_up),
		cmocka_unit_test(without_the_right_to_change_it_fails_and_says_so),
		cmocka_unit_test(who_is_not_known_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
