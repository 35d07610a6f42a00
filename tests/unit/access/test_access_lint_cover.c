/* SPDX-License-Identifier: ISC */
#include "access/access_lint_cover.h"

#include "table_check.h"

#include <stdio.h>

/* Two rules of one table: is the second never reached? */
static const struct {
	const char *first, *second;
	bool covered;
} rows[] = {
	{"sshd: 192.0.2.1", "sshd: 192.0.2.1", true},
	{"sshd: 192.0.2.1", "SSHD: 192.0.2.1", true},
	{"sshd: 192.0.2.1", "sshd: 192.0.2.2", false},
	{"sshd: 192.0.2.1", "vsftpd: 192.0.2.1", false},
	{"ALL: 192.0.2.1", "vsftpd: 192.0.2.1", true},
	{"sshd: 192.0.2.1", "ALL: 192.0.2.1", false},
	{"sshd: ALL", "sshd: .example.com", true},
	{"sshd: 192.0.2.0/24", "sshd: 192.0.2.7, 192.0.2.128/25, 192.0.2.64/255.255.255.192", true},
	{"sshd: 192.0.2.0/24", "sshd: 192.0.2.", true},
	{"sshd: 192.0.", "sshd: 192.0.2.0/24", true},
	{"sshd: 192.0.2.0/24", "sshd: 192.0.", false},
	{"sshd: 192.0.2.0/24", "sshd: 192.0.2.7, 192.0.3.7", false},
	{"sshd: 0.0.0.0/0.0.0.0", "sshd: 192.0.2.1", true},
	{"sshd: [::]/0", "sshd: 192.0.2.1", false},
	{"sshd: [::]/0", "sshd: [2001:db8::1]", true},
	{"sshd: [2001:db8::]/32", "sshd: [2001:db8:1::]/48", true},
	{"sshd: .example.com", "sshd: host.example.com, .sub.example.com", true},
	{"sshd: .example.com", "sshd: example.com", false},
	{"sshd: .example.com", "sshd: *.example.com", false},
	{"sshd: 192.0.2.0/24", "sshd: root@192.0.2.1", true},
	{"sshd: root@192.0.2.0/24", "sshd: 192.0.2.1", false},
	{"sshd: ALL EXCEPT 192.0.2.1", "sshd: 192.0.2.2", false},
	{"sshd: ALL", "sshd: ALL EXCEPT 192.0.2.1", true},
	{"sshd: 10. EXCEPT 10.1.", "sshd: 10.2.3.4", false},
	{"sshd: ALL", "sshd@192.0.2.1: ALL", true},
	{"sshd@192.0.2.1: ALL", "sshd: ALL", false},
	{"sshd, vsftpd: ALL", "vsftpd sshd: 192.0.2.1", true},
	{"sshd: /etc/Friends", "sshd: /etc/friends", false},
	{"sshd: LOCAL", "sshd: host", false},
};

static struct access_rule rule_of(const char *text)
{
	struct access_rule rule = {0};
	assert_int_equal(access_rule_split(text_slice_of(text), &rule), ACCESS_RULE_RULE);
	return rule;
}

static void a_rule_is_covered_by_what_is_around_it(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct access_lint_cover *c = access_lint_cover_create();
		struct access_rule first = rule_of(rows[i].first), second = rule_of(rows[i].second);
		struct access_lint_covered by = {9, false};
		char name[128];
		snprintf(name, sizeof name, "%s, %s", rows[i].first, rows[i].second);
		assert_non_null(c);
		assert_false(access_lint_cover_add(c, &first, true, false, 0, &by));
		faults += table_check_number(name, "covered",
			access_lint_cover_add(c, &second, false, false, 1, &by), rows[i].covered);
		if (rows[i].covered)
			faults += table_check_number(name, "by", by.by + (by.against ? 0 : 100), 0);
		access_lint_cover_destroy(c);
	}
	assert_int_equal(faults, 0);
}

static void what_decides_otherwise_is_named_first(void **state)
{
	struct access_lint_cover *c = access_lint_cover_create();
	struct access_lint_covered by;
	struct access_rule a = rule_of("sshd: 192.0.2.1"), b = rule_of("sshd: 192.0.2.2"),
			   both = rule_of("sshd: 192.0.2.1 192.0.2.2");
	(void)state;
	assert_non_null(c);
	assert_false(access_lint_cover_add(c, &a, true, false, 0, &by));
	assert_false(access_lint_cover_add(c, &b, false, false, 1, &by));
	assert_true(access_lint_cover_add(c, &both, true, false, 2, &by));
	assert_int_equal(by.by, 1);
	assert_true(by.against);
	access_lint_cover_destroy(c);
}

static void a_rule_that_may_not_match_covers_nothing(void **state)
{
	struct access_lint_cover *c = access_lint_cover_create();
	struct access_lint_covered by;
	struct access_rule a = rule_of("ALL: ALL"), b = rule_of("sshd: 192.0.2.2");
	(void)state;
	assert_non_null(c);
	assert_false(access_lint_cover_add(c, &a, true, true, 0, &by));
	assert_false(access_lint_cover_add(c, &b, true, false, 1, &by));
	access_lint_cover_destroy(c);
}

static void a_hundred_thousand_rules_are_kept(void **state)
{
	struct access_lint_cover *c = access_lint_cover_create();
	struct access_lint_covered by;
	char text[64];
	(void)state;
	assert_non_null(c);
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(text, sizeof text, "sshd: 10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
		struct access_rule rule = rule_of(text);
		assert_false(access_lint_cover_add(c, &rule, true, false, i, &by));
	}
	struct access_rule again = rule_of("sshd: 10.0.1.44");
	assert_true(access_lint_cover_add(c, &again, true, false, 100000, &by));
	assert_int_equal(by.by, 300);
	access_lint_cover_destroy(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_is_covered_by_what_is_around_it),
		cmocka_unit_test(what_decides_otherwise_is_named_first),
		cmocka_unit_test(a_rule_that_may_not_match_covers_nothing),
		cmocka_unit_test(a_hundred_thousand_rules_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
