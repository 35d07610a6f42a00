/* SPDX-License-Identifier: ISC */
#include "access/access_strict.h"

#include "table_check.h"

static bool same(struct text_slice got, const char *wanted)
{
	return text_slice_equals(got, wanted);
}

static void a_line_is_split_beside_ipv6(void **state)
{
	(void)state;
	static const struct {
		const char *line, *daemons, *clients, *options; /* options null: there are none */
	} rows[] = {
		{"ALL: ALL", "ALL", " ALL", NULL},
		{"ALL: ALL: deny", "ALL", " ALL", " deny"},
		{"ALL: 2001:db8::1", "ALL", " 2001:db8::1", NULL},
		{"ALL: 2001:db8::1: deny", "ALL", " 2001:db8::1", " deny"},
		{"ALL: 2001:db8::1 : deny", "ALL", " 2001:db8::1 ", " deny"},
		{"ALL:2001:db8::/32,10.,::1:deny:x", "ALL", "2001:db8::/32,10.,", ":1:deny:x"},
		{"ALL:2001:db8::/32,10.,::1: deny:x", "ALL", "2001:db8::/32,10.,::1", " deny:x"},
		{"ALL: joe@2001:db8::1 x: spawn a:b", "ALL", " joe@2001:db8::1 x", " spawn a:b"},
		{"ALL: 2001:db8::: deny", "ALL", " 2001:db8::", " deny"},
		{"ALL: 2001:db8::1:deny", "ALL", " 2001", "db8::1:deny"},
		{"ALL: 2001:db8::1/129", "ALL", " 2001", "db8::1/129"},
		{"ALL: cafe:bad", "ALL", " cafe", "bad"},
		{"ALL: [2001:db8::1]:deny", "ALL", " [2001:db8::1]", "deny"},
		{"ALL: [2001:db8::1] ::1: deny", "ALL", " [2001:db8::1] ::1", " deny"},
		{"sshd@2001:db8::1: ALL", "sshd@2001", "db8::1", " ALL"},
		{"ALL: ALL:", "ALL", " ALL", ""},
		{"ALL:", "ALL", "", NULL},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct access_rule r;
		assert_int_equal(access_strict_split(text_slice_of(rows[i].line), &r), ACCESS_RULE_RULE);
		faults += table_check_number(rows[i].line, "daemons", same(r.daemons, rows[i].daemons), true);
		faults += table_check_number(rows[i].line, "clients", same(r.clients, rows[i].clients), true);
		faults += table_check_number(rows[i].line, "has options", r.has_options, rows[i].options != NULL);
		faults += table_check_number(rows[i].line, "options", same(r.options, rows[i].options ? rows[i].options : ""), true);
	}
	assert_int_equal(faults, 0);
}

static void a_rule_is_good_or_says_why_not(void **state)
{
	(void)state;
	static const struct {
		const char *line, *why; /* null: it is good */
	} rows[] = {
		{"", NULL},
		{"# ALL: 10.0.0.1/8", NULL},
		{"sshd, 22 in.*: 10. [2001:db8::]/32 fe80::/10 .example EXCEPT 10.0.0.1 joe@host: severity info: spawn a\\:b: deny", NULL},
		{"ALL EXCEPT sshd EXCEPT ftpd: ALL EXCEPT 10. EXCEPT 10.1.", NULL},
		{"ALL: ALL: expires 20200101T000000Z", NULL},
		{"ALL ALL", "missing \":\" between daemons and clients"},
		{"ALL]: ALL", "missing \":\" between daemons and clients"},
		{" # note: ALL", "\"#\": no daemon of a strict table"},
		{": ALL", "the list of daemons is empty"},
		{"ALL:", "the list of clients is empty"},
		{"ALL: EXCEPT 10.", "nothing stands before EXCEPT"},
		{"ALL: 10. EXCEPT", "nothing stands behind EXCEPT"},
		{"ALL: 10. EXCEPT EXCEPT 10.1.", "nothing stands before EXCEPT"},
		{"sshd: 192.0.2.7/24", "\"192.0.2.7/24\": bits are set behind the mask; write 192.0.2.0/24"},
		{"sshd: ALL # home", "\"#\": no client of a strict table"},
		{"sshd: ALL\\", "\"ALL\\\\\": no client of a strict table"},
		{"sshd: ALL: alow", "unknown option \"alow\""},
		{"sshd: ALL:", "an option is missing: nothing, or only a value, between two ':'"},
		{"sshd: 2001:db8::1/129", "\"2001:db8::1/129\": not an address"},
		{"sshd: 2001:db8::1/32", "\"2001:db8::1/32\": bits are set behind the length; write [2001:db8::]/32"},
		{"sshd: 10. fe80::1/10: deny", "\"fe80::1/10\": bits are set behind the length; write [fe80::]/10"},
		{"sshd: fe80::1%eth0, 10.", "\"fe80::1%eth0\": a zone is not compared; write [fe80::1]"},
		{"sshd: ::ffff:192.0.2.7", "\"::ffff:192.0.2.7\": not an address"},
		{"sshd: cafe:bad", "unknown option \"bad\""},
		{"sshd@192.0.2.1/24: ALL", "\"192.0.2.1/24\": bits are set behind the mask; write 192.0.2.0/24"},
		{"sshd@fd12:3456::1: ALL", "an IPv6 address of this host needs brackets: \"@[fd12:3456::1]\""},
		{"ftpd, sshd@fe80::1 : ALL", "an IPv6 address of this host needs brackets: \"@[fe80::1]\""},
		{"sshd@[fd12:3456::1]: ALL", NULL},
		{"sshd@dead: ALL", NULL},
		{"sshd@dead: 10. : deny", NULL},
		{"sshd: evil.example.com.", "\"evil.example.com.\": a dot behind a name; write evil.example.com"},
		{"sshd: mail.", NULL},
		{"/usr/sbin/sshd: ALL", "\"/usr/sbin/sshd\": a daemon is named without its directory; write sshd"},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct access_option_fault why = {""};
		const bool broken = access_strict_text_is_broken(text_slice_of(rows[i].line), &why);
		faults += table_check_number(rows[i].line, "broken", broken, rows[i].why != NULL);
		faults += table_check_number(
			rows[i].line, "without a reason", access_strict_text_is_broken(text_slice_of(rows[i].line), NULL), broken);
		if (broken)
			faults += table_check_text(rows[i].line, "why", why.text, rows[i].why);
	}
	assert_int_equal(faults, 0);
}

static void a_line_that_hides_something_is_odd(void **state)
{
	(void)state;
	struct access_line line = {.text = text_slice_of("# x"), .first = 3, .number = 3};
	assert_false(access_strict_line_is_odd(&line, NULL));
	line.number = 4;
	assert_true(access_strict_line_is_odd(&line, NULL));
	line.text = text_slice_of("ALL: ALL");
	assert_false(access_strict_line_is_odd(&line, NULL));
	line.cut_by_nul = true;
	assert_true(access_strict_line_is_odd(&line, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_split_beside_ipv6),
		cmocka_unit_test(a_rule_is_good_or_says_why_not),
		cmocka_unit_test(a_line_that_hides_something_is_odd),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
