/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_dns.h"

#include "dns_message.h"
#include "table_check.h"

#include <stdio.h>

enum { A = 1, CNAME = 5, PTR = 12, AAAA = 28, GOOD = 0x8180 };

static struct addr address(const char *text)
{
	struct addr a;
	assert_true(addr_parse(text, strlen(text), &a));
	return a;
}

static void an_address_is_asked_for_backwards(void **state)
{
	(void)state;
	static const struct {
		const char *address, *question;
	} rows[] = {
		{"192.0.2.1", "1.2.0.192.in-addr.arpa"},
		{"2001:db8::567:89ab",
			"b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"},
		{"::ffff:192.0.2.1", "1.2.0.192.in-addr.arpa"},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char question[WRAP_DNS_QUESTION_SIZE];
		struct addr a = address(rows[i].address);
		wrap_dns_question(&a, question);
		faults += table_check_text(rows[i].address, "question", question, rows[i].question);
	}
	assert_int_equal(faults, 0);
}

static const char asked[] = "1.2.0.192.in-addr.arpa";

struct name_row {
	const char *what;
	unsigned flags;
	struct {
		const char *owner;
		unsigned type;
		const char *name;
	} records[4];
	enum wrap_dns_result result;
	const char *name;
};

static const char label63[] = "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg";

static const struct name_row name_rows[] = {
	{"one name", GOOD, {{asked, PTR, "host.example"}}, WRAP_DNS_YES, "host.example"},
	{"the first of several", GOOD, {{asked, PTR, "a.example"}, {asked, PTR, "b.example"}}, WRAP_DNS_YES, "a.example"},
	{"letters of the owner in another case", GOOD, {{"1.2.0.192.IN-ADDR.ARPA", PTR, "a.example"}}, WRAP_DNS_YES,
		"a.example"},
	{"through an alias", GOOD,
		{{asked, CNAME, "1.0-63.2.0.192.in-addr.arpa"}, {"1.0-63.2.0.192.in-addr.arpa", PTR, "a.example"}},
		WRAP_DNS_YES, "a.example"},
	{"the alias behind its target", GOOD,
		{{"x.example", PTR, "a.example"}, {asked, CNAME, "x.example"}}, WRAP_DNS_YES, "a.example"},
	{"a name for another address", GOOD, {{"2.2.0.192.in-addr.arpa", PTR, "a.example"}}, WRAP_DNS_NO, NULL},
	{"an alias that leads to nothing", GOOD, {{asked, CNAME, "x.example"}}, WRAP_DNS_NO, NULL},
	{"an alias of itself", GOOD, {{asked, CNAME, asked}}, WRAP_DNS_NO, NULL},
	{"aliases in a ring", GOOD, {{asked, CNAME, "x.example"}, {"x.example", CNAME, asked}}, WRAP_DNS_NO, NULL},
	{"no record", GOOD, {{NULL, 0, NULL}}, WRAP_DNS_NO, NULL},
	{"a blank in the name", GOOD, {{asked, PTR, "a b.example"}}, WRAP_DNS_BAD, NULL},
	{"a line end in the name", GOOD, {{asked, PTR, "a\nb.example"}}, WRAP_DNS_BAD, NULL},
	{"a colon in the name", GOOD, {{asked, PTR, "2001:db8::1"}}, WRAP_DNS_BAD, NULL},
	{"a dash first", GOOD, {{asked, PTR, "-a.example"}}, WRAP_DNS_BAD, NULL},
	{"the root as name", GOOD, {{asked, PTR, ""}}, WRAP_DNS_BAD, NULL},
	{"an underscore", GOOD, {{asked, PTR, "a_b.example"}}, WRAP_DNS_YES, "a_b.example"},
	{"not an answer", 0x0180, {{asked, PTR, "a.example"}}, WRAP_DNS_FAILED, NULL},
	{"server failure", 0x8182, {{asked, PTR, "a.example"}}, WRAP_DNS_FAILED, NULL},
	{"cut off by the server, but there", 0x8380, {{asked, PTR, "a.example"}}, WRAP_DNS_YES, "a.example"},
};

static void only_the_name_of_the_address_that_was_asked_for_counts(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(name_rows); i++) {
		const struct name_row *r = &name_rows[i];
		struct dns_message m = dns_message_begin(r->flags, asked, PTR);
		for (size_t k = 0; k < 4 && r->records[k].owner; k++)
			dns_message_add_name_record(&m, r->records[k].owner, r->records[k].type, r->records[k].name);
		char name[WRAP_DNS_NAME_SIZE] = "untouched";
		faults += table_check_number(
			r->what, "result", wrap_dns_read_name(m.bytes, m.size, asked, name), r->result);
		faults += table_check_text(r->what, "name", name, r->name ? r->name : "untouched");
	}
	assert_int_equal(faults, 0);
}

static void a_name_longer_than_127_is_not_written_down(void **state)
{
	(void)state;
	char longest[200], name[WRAP_DNS_NAME_SIZE];
	snprintf(longest, sizeof longest, "%s.%s", label63, label63); /* 127 */
	struct dns_message m = dns_message_begin(GOOD, asked, PTR);
	dns_message_add_name_record(&m, asked, PTR, longest);
	assert_int_equal(wrap_dns_read_name(m.bytes, m.size, asked, name), WRAP_DNS_YES);
	assert_string_equal(name, longest);
	snprintf(longest, sizeof longest, "%s.%s.x", label63, label63);
	m = dns_message_begin(GOOD, asked, PTR);
	dns_message_add_name_record(&m, asked, PTR, longest);
	assert_int_equal(wrap_dns_read_name(m.bytes, m.size, asked, name), WRAP_DNS_BAD);
}

static void an_address_counts_under_the_very_name_only(void **state)
{
	(void)state;
	static const uint8_t one[4] = {192, 0, 2, 1}, two[4] = {192, 0, 2, 2};
	static const uint8_t six[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
	const struct addr a = address("192.0.2.1"), b = address("2001:db8::1");
	struct dns_message m = dns_message_begin(GOOD, "host.example", A);
	dns_message_add_record(&m, "host.example", A, two, 4);
	assert_int_equal(wrap_dns_read_address(m.bytes, m.size, "host.example", &a), WRAP_DNS_NO);
	dns_message_add_record(&m, "HOST.example", A, one, 4);
	assert_int_equal(wrap_dns_read_address(m.bytes, m.size, "host.example", &a), WRAP_DNS_YES);
	assert_int_equal(wrap_dns_read_address(m.bytes, m.size, "host.example", &b), WRAP_DNS_NO);

	m = dns_message_begin(GOOD, "host.example", A);
	dns_message_add_name_record(&m, "host.example", CNAME, "other.example");
	dns_message_add_record(&m, "other.example", A, one, 4);
	assert_int_equal(wrap_dns_read_address(m.bytes, m.size, "host.example", &a), WRAP_DNS_NO);

	m = dns_message_begin(GOOD, "host.example", AAAA);
	dns_message_add_record(&m, "host.example", A, six, 16);
	dns_message_add_record(&m, "host.example", AAAA, six, 4);
	assert_int_equal(wrap_dns_read_address(m.bytes, m.size, "host.example", &b), WRAP_DNS_NO);
	dns_message_add_record(&m, "host.example", AAAA, six, 16);
	assert_int_equal(wrap_dns_read_address(m.bytes, m.size, "host.example", &b), WRAP_DNS_YES);
}

static void a_message_cut_anywhere_is_survived(void **state)
{
	(void)state;
	static const uint8_t one[4] = {192, 0, 2, 1};
	const struct addr a = address("192.0.2.1");
	struct dns_message m = dns_message_begin(GOOD, asked, PTR), n = dns_message_begin(GOOD, "h.example", A);
	dns_message_add_name_record(&m, asked, CNAME, "x.example");
	dns_message_add_name_record(&m, "x.example", PTR, "a.example");
	dns_message_add_record(&n, "h.example", A, one, 4);
	for (size_t size = 0; size < m.size; size++) {
		char name[WRAP_DNS_NAME_SIZE];
		uint8_t *exact = malloc(size > 0 ? size : 1);
		memcpy(exact, m.bytes, size);
		assert_int_not_equal(wrap_dns_read_name(exact, size, asked, name), WRAP_DNS_YES);
		free(exact);
	}
	for (size_t size = 0; size < n.size; size++)
		assert_int_not_equal(wrap_dns_read_address(n.bytes, size, "h.example", &a), WRAP_DNS_YES);
	assert_int_equal(wrap_dns_read_address(n.bytes, n.size, "h.example", &a), WRAP_DNS_YES);
}

/* A name that points to itself, in the question and in a record. */
static void compression_that_runs_in_circles_ends(void **state)
{
	(void)state;
	char name[WRAP_DNS_NAME_SIZE];
	struct dns_message m = dns_message_begin(GOOD, asked, PTR);
	static const uint8_t itself[2] = {0xc0, 12};
	dns_message_add_record(&m, asked, PTR, itself, 2); /* the question's name: good */
	assert_int_equal(wrap_dns_read_name(m.bytes, m.size, asked, name), WRAP_DNS_YES);
	memcpy(m.bytes + 12, itself, 2);
	assert_int_not_equal(wrap_dns_read_name(m.bytes, m.size, asked, name), WRAP_DNS_YES);
	m = dns_message_begin(GOOD, asked, PTR);
	const uint8_t here[2] = {0xc0, (uint8_t)(m.size + strlen(asked) + 2 + 10)};
	dns_message_add_record(&m, asked, PTR, here, 2);
	assert_int_equal(wrap_dns_read_name(m.bytes, m.size, asked, name), WRAP_DNS_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_asked_for_backwards),
		cmocka_unit_test(only_the_name_of_the_address_that_was_asked_for_counts),
		cmocka_unit_test(a_name_longer_than_127_is_not_written_down),
		cmocka_unit_test(an_address_counts_under_the_very_name_only),
		cmocka_unit_test(a_message_cut_anywhere_is_survived),
		cmocka_unit_test(compression_that_runs_in_circles_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
