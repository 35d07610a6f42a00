/* SPDX-License-Identifier: ISC */
#include "access/access_lint_cover.h"

#include "base/text_buffer.h"

#include "table_check.h"

#include <stdio.h>
#include <stdlib.h>

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
	{"sshd: .7", "sshd: mail.7", false},
	{"sshd: .example.", "sshd: host.example.", false},
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

/* "daemon: client client ..." with so many words; the caller frees it. */
static char *lists_of(unsigned daemons, unsigned clients)
{
	const size_t size = (daemons + clients) * (size_t)16 + 16;
	char *text = malloc(size);
	struct text_buffer b = text_buffer_over(text, size);
	for (unsigned i = 0; i < daemons; i++)
		text_buffer_printf(&b, "d%u ", i);
	text_buffer_add(&b, ":");
	for (unsigned i = 0; i < clients; i++)
		text_buffer_printf(&b, " 10.%u.%u.1", i >> 8, i & 255);
	assert_false(b.cut);
	return text;
}

/* Is a rule of these lists, behind one that fits everybody, found `rounds` times? */
static bool is_found(unsigned daemons, unsigned clients, unsigned rounds)
{
	struct access_lint_cover *c = access_lint_cover_create();
	struct access_lint_covered by;
	char *text = lists_of(daemons, clients);
	struct access_rule all = rule_of("ALL: ALL"), rule = rule_of(text);
	bool found = true;
	assert_non_null(c);
	assert_false(access_lint_cover_add(c, &all, true, false, 0, &by));
	for (unsigned i = 0; i < rounds; i++)
		found = access_lint_cover_add(c, &rule, true, false, i + 1, &by);
	access_lint_cover_destroy(c);
	free(text);
	return found;
}

static void two_long_lists_cost_no_more_than_a_million_look_ups(void **state)
{
	(void)state;
	assert_true(is_found(1, 60000, 1));
	assert_true(is_found(1000, 1000, 1));
	assert_false(is_found(40000, 60000, 1)); /* which would take many minutes */
	assert_true(is_found(1000, 1000, 4));
	assert_false(is_found(1000, 1000, 5));
	assert_true(is_found(3, 100, 1000)); /* usual rules are always looked for */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_is_covered_by_what_is_around_it),
		cmocka_unit_test(what_decides_otherwise_is_named_first),
		cmocka_unit_test(a_rule_that_may_not_match_covers_nothing),
		cmocka_unit_test(a_hundred_thousand_rules_are_kept),
		cmocka_unit_test(two_long_lists_cost_no_more_than_a_million_look_ups),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
