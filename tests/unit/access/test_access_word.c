/* SPDX-License-Identifier: ISC */
#include "access/access_word.h"

#include "table_check.h"

#include <stdio.h>

struct client_row {
	const char *word;
	enum access_word_kind kind;
	bool needs_name;
	const char *network;
};

static const struct client_row client_rows[] = {
	{"ALL", ACCESS_WORD_ALL, false, NULL},
	{"all", ACCESS_WORD_ALL, false, NULL},
	{"198.51.100.7", ACCESS_WORD_NETWORK, false, "198.51.100.7"},
	{"198.51.100.07", ACCESS_WORD_NEVER, false, NULL},
	{"300.1.1.1", ACCESS_WORD_NEVER, false, NULL},
	{"2001", ACCESS_WORD_NEVER, false, NULL},
	{"255.255.255.255", ACCESS_WORD_OTHER, false, NULL},
	{"10.", ACCESS_WORD_NETWORK, false, "10.0.0.0/8"},
	{"10.1.", ACCESS_WORD_NETWORK, false, "10.1.0.0/16"},
	{"192.168.177.", ACCESS_WORD_NETWORK, false, "192.168.177.0/24"},
	{"010.", ACCESS_WORD_NEVER, false, NULL},
	{"256.", ACCESS_WORD_NEVER, false, NULL},
	{"10..", ACCESS_WORD_NEVER, false, NULL},
	{"1.2.3.4.", ACCESS_WORD_NEVER, false, NULL},
	{"1234567890123.", ACCESS_WORD_NEVER, false, NULL},
	{".7", ACCESS_WORD_TEXT, false, NULL},
	{".", ACCESS_WORD_TEXT, false, NULL},
	{".example", ACCESS_WORD_TEXT, true, NULL},
	{".7x", ACCESS_WORD_TEXT, true, NULL},
	{"host.example", ACCESS_WORD_TEXT, true, NULL},
	{"host.", ACCESS_WORD_TEXT, true, NULL},
	{"unknown", ACCESS_WORD_TEXT, true, NULL},
	{"PARANOID", ACCESS_WORD_TEXT, true, NULL},
	{"10.1.0.0/16", ACCESS_WORD_NETWORK, false, "10.1.0.0/16"},
	{"10.1.0.0/255.255.0.0", ACCESS_WORD_NETWORK, false, "10.1.0.0/16"},
	{"10.1.2.0/16", ACCESS_WORD_NEVER, false, NULL},
	{"10.1.2.0/255.255.0.0", ACCESS_WORD_NEVER, false, NULL},
	{"10.1.2.3/32", ACCESS_WORD_NETWORK, false, "10.1.2.3"},
	{"0.0.0.0/0", ACCESS_WORD_OTHER, false, NULL},
	{"0.0.0.0/0.0.0.0", ACCESS_WORD_NETWORK, false, "0.0.0.0/0"},
	{"0.0.0.0/128.0.0.0", ACCESS_WORD_NETWORK, false, "0.0.0.0/1"},
	{"10.1.0.0/16x", ACCESS_WORD_OTHER, false, NULL},
	{"10.1.0.0/016", ACCESS_WORD_OTHER, false, NULL},
	{"10.1.0.0/33", ACCESS_WORD_OTHER, false, NULL},
	{"10.1.0.0/", ACCESS_WORD_OTHER, false, NULL},
	{"10.1/16", ACCESS_WORD_OTHER, false, NULL},
	{"010.1.0.0/16", ACCESS_WORD_OTHER, false, NULL},
	{"10.1.0.0/255.0.255.0", ACCESS_WORD_OTHER, false, NULL},
	{"10.1.0.0/255.255.255.255", ACCESS_WORD_OTHER, false, NULL},
	{"[2001:db8::1]", ACCESS_WORD_NETWORK, true, "2001:db8::1"},
	{"[2001:db8::1]/32", ACCESS_WORD_NETWORK, false, "2001:db8::/32"},
	{"[::]/0", ACCESS_WORD_NETWORK, false, "::/0"},
	{"[2001:db8::]/128", ACCESS_WORD_NETWORK, false, "2001:db8::"},
	{"[2001:db8::]/129", ACCESS_WORD_OTHER, false, NULL},
	{"[2001:db8::]/", ACCESS_WORD_OTHER, false, NULL},
	{"[2001:db8::]x", ACCESS_WORD_OTHER, false, NULL},
	{"[2001:db8::", ACCESS_WORD_OTHER, false, NULL},
	{"[fe80::1%eth0]", ACCESS_WORD_OTHER, false, NULL},
	{"[::ffff:1.2.3.4]", ACCESS_WORD_OTHER, false, NULL},
	{"[1.2.3.4]", ACCESS_WORD_OTHER, false, NULL},
	{"[", ACCESS_WORD_OTHER, false, NULL},
	{"[]", ACCESS_WORD_OTHER, false, NULL},
	{"EXCEPT", ACCESS_WORD_OTHER, false, NULL},
	{"KNOWN", ACCESS_WORD_OTHER, false, NULL},
	{"Local", ACCESS_WORD_OTHER, false, NULL},
	{"10.*", ACCESS_WORD_OTHER, false, NULL},
	{"host?", ACCESS_WORD_OTHER, false, NULL},
	{"@group", ACCESS_WORD_OTHER, false, NULL},
	{"/etc/list", ACCESS_WORD_OTHER, false, NULL},
	{"joe@host", ACCESS_WORD_OTHER, false, NULL},
	{"h\xc3\xb6st", ACCESS_WORD_OTHER, false, NULL},
	{"", ACCESS_WORD_OTHER, false, NULL},
};

static void a_client_word_is_told_apart_only_where_it_is_certain(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(client_rows); i++) {
		const struct client_row *r = &client_rows[i];
		const struct access_word got = access_word_of_client(text_slice_of(r->word));
		faults += table_check_number(r->word, "kind", got.kind, r->kind);
		faults += table_check_number(r->word, "needs a name", got.needs_name, r->needs_name);
		if (r->network && got.kind == ACCESS_WORD_NETWORK)
			faults += table_check_text(r->word, "network",
				addr_is_none(&got.network.base) ? r->network : prefix_to_text(&got.network).text, r->network);
	}
	assert_int_equal(faults, 0);
}

static void what_is_longer_than_any_name_is_not_certain(void **state)
{
	(void)state;
	char word[ACCESS_TEXT_SIZE + 1];
	memset(word, 'a', sizeof word);
	assert_int_equal(access_word_of_client((struct text_slice){word, ACCESS_TEXT_SIZE}).kind, ACCESS_WORD_OTHER);
	assert_int_equal(access_word_of_client((struct text_slice){word, ACCESS_TEXT_SIZE - 1}).kind, ACCESS_WORD_TEXT);
}

static const struct {
	const char *word;
	enum access_word_kind kind;
} daemon_rows[] = {
	{"ALL", ACCESS_WORD_ALL},
	{"sshd", ACCESS_WORD_TEXT},
	{"in.telnetd", ACCESS_WORD_TEXT},
	{"unknown", ACCESS_WORD_TEXT},
	{"LOCAL", ACCESS_WORD_TEXT},
	{"22", ACCESS_WORD_OTHER},
	{"3proxy", ACCESS_WORD_OTHER},
	{"KNOWN", ACCESS_WORD_OTHER},
	{"EXCEPT", ACCESS_WORD_OTHER},
	{".d", ACCESS_WORD_OTHER},
	{"in.", ACCESS_WORD_OTHER},
	{"in.*", ACCESS_WORD_OTHER},
	{"sshd@10.1.1.1", ACCESS_WORD_OTHER},
	{"@g", ACCESS_WORD_OTHER},
	{"/f", ACCESS_WORD_OTHER},
	{"#", ACCESS_WORD_OTHER},
};

static void a_daemon_word_is_a_name_only_where_it_is_certain(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(daemon_rows); i++)
		faults += table_check_number(daemon_rows[i].word, "kind",
			access_word_of_daemon(text_slice_of(daemon_rows[i].word)), daemon_rows[i].kind);
	assert_int_equal(faults, 0);
}

static const struct {
	const char *text;
	enum access_address_form form;
} address_rows[] = {
	{"198.51.100.7", ACCESS_ADDRESS_V4},
	{"::ffff:198.51.100.7", ACCESS_ADDRESS_V4},
	{"::FFFF:198.51.100.7", ACCESS_ADDRESS_V4},
	{"2001:db8::7", ACCESS_ADDRESS_V6},
	{"::", ACCESS_ADDRESS_V6},
	{"::1.2.3.4", ACCESS_ADDRESS_V6},
	{"unknown", ACCESS_ADDRESS_UNKNOWN},
	{"::ffff:unknown", ACCESS_ADDRESS_ODD},
	{"::ffff:c633:6407", ACCESS_ADDRESS_ODD},
	{"::ffff:198.51.100.07", ACCESS_ADDRESS_ODD},
	{"fe80::1%nosuchinterface", ACCESS_ADDRESS_ODD},
	{"fe80::1%1", ACCESS_ADDRESS_V6},
	{"fe80::1%1.lan", ACCESS_ADDRESS_ODD},
	{"255.255.255.255", ACCESS_ADDRESS_ODD},
	{"198.51.100.07", ACCESS_ADDRESS_ODD},
	{"198.51.100", ACCESS_ADDRESS_ODD},
	{"host.example", ACCESS_ADDRESS_ODD},
};

static void an_address_is_looked_up_only_as_the_kernel_would_write_it(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(address_rows); i++) {
		struct access_known known = {.port = {-1, -1}};
		struct addr a;
		snprintf(known.address[ACCESS_CLIENT], sizeof known.address[0], "%s", address_rows[i].text);
		const struct access_request q = access_request_known("sshd", &known);
		struct access_asker asker = access_asker_of(&q);
		const struct access_asked_host *told = access_asker_address(&asker, ACCESS_CLIENT);
		faults += table_check_number(
			address_rows[i].text, "form", access_word_of_address(told, &a), address_rows[i].form);
	}
	assert_int_equal(faults, 0);
}

static const struct {
	const char *name;
	bool odd;
} name_rows[] = {
	{"host.example", false},
	{"unknown", false},
	{"198.51.100.7", false},
	{"a:b.example", false},
	{"2001:db8::7", true},
	{"fe80::1%lo", true},
	{"::ffff:010.1.1.1", true},
	{"", true},
};

static void a_name_that_could_be_an_address_is_left_to_the_plain_table(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(name_rows); i++)
		faults += table_check_number(
			name_rows[i].name, "odd", access_word_is_odd_name(name_rows[i].name), name_rows[i].odd);
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_word_is_told_apart_only_where_it_is_certain),
		cmocka_unit_test(what_is_longer_than_any_name_is_not_certain),
		cmocka_unit_test(a_daemon_word_is_a_name_only_where_it_is_certain),
		cmocka_unit_test(an_address_is_looked_up_only_as_the_kernel_would_write_it),
		cmocka_unit_test(a_name_that_could_be_an_address_is_left_to_the_plain_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
