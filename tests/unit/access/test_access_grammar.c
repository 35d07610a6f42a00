/* SPDX-License-Identifier: ISC */
#include "access/access_grammar.h"

#include "access/access_grammar_fault.h"

#include "table_check.h"

#include <stdio.h>

#define WORD ACCESS_GRAMMAR_WORD
#define NETWORK ACCESS_GRAMMAR_NETWORK
#define ADDRESS ACCESS_GRAMMAR_ADDRESS
#define NAME ACCESS_GRAMMAR_NAME
#define BROKEN ACCESS_GRAMMAR_BROKEN

static const struct {
	const char *word;
	enum access_grammar_form form;
	const char *text; /* of a network as it is read; of a word that is refused, what is told behind it */
} host_rows[] = {
	/* Addresses. */
	{"192.0.2.7", NETWORK, "192.0.2.7"},
	{"0.0.0.0", NETWORK, "0.0.0.0"},
	{"192.0.2.", NETWORK, "192.0.2.0/24"},
	{"10.", NETWORK, "10.0.0.0/8"},
	{"192.0.2.0/24", NETWORK, "192.0.2.0/24"},
	{"192.0.2.7/32", NETWORK, "192.0.2.7"},
	{"192.0.2.0/255.255.255.0", NETWORK, "192.0.2.0/24"},
	{"0.0.0.0/0.0.0.0", NETWORK, "0.0.0.0/0"},
	{"192.0.0.7/255.255.0.255", ADDRESS, NULL},
	{"192.0.2.*", ADDRESS, NULL},
	{"10.?", ADDRESS, NULL},
	{"2001:db8:*", ADDRESS, NULL},
	{".7", ADDRESS, NULL},
	{".2.7", ADDRESS, NULL},
	{"[2001:db8::7]", NETWORK, "2001:db8::7"},
	{"[2001:DB8::]/32", NETWORK, "2001:db8::/32"},
	{"[::]/0", NETWORK, "::/0"},
	{"2001:db8::7", NETWORK, "2001:db8::7"},
	{"2001:db8::/32", NETWORK, "2001:db8::/32"},
	{"::1", NETWORK, "::1"},
	{"1:2:3:4:5:6:7:8", NETWORK, "1:2:3:4:5:6:7:8"},
	/* Names. */
	{"host.example.com", NAME, NULL},
	{"Host.Example.COM", NAME, NULL},
	{"localhost", NAME, NULL},
	{"3com.example", NAME, NULL},
	{".example.com", NAME, NULL},
	{"mail.", NAME, NULL},
	{"10.evil.", BROKEN, NULL},
	{"x", NAME, NULL},
	{"X", NAME, NULL},
	{"fe80", NAME, NULL},
	{"a_b-c.example", NAME, NULL},
	{"*.example.com", NAME, NULL},
	{"10.*.example", NAME, NULL},
	{"h?st*", NAME, NULL},
	/* Words. */
	{"ALL", WORD, NULL},
	{"all", WORD, NULL},
	{"LOCAL", WORD, NULL},
	{"Known", WORD, NULL},
	{"UNKNOWN", WORD, NULL},
	{"paranoid", WORD, NULL},
	{"@friends", WORD, NULL},
	{"/etc/friends", WORD, NULL},
	/* Neither. */
	{"192.0.2.7/24", BROKEN, "bits are set behind the mask; write 192.0.2.0/24"},
	{"10.0.0.1/255.0.0.0", BROKEN, "bits are set behind the mask; write 10.0.0.0/255.0.0.0"},
	{"[2001:db8::7]/32", BROKEN, "bits are set behind the length; write [2001:db8::]/32"},
	{"2001:db8::7/32", BROKEN, "bits are set behind the length; write [2001:db8::]/32"},
	{"0.0.0.0/0", BROKEN, "a length of 0; write 0.0.0.0/0.0.0.0"},
	{"192.0.2.7/255.255.255.255", BROKEN, "the mask 255.255.255.255; write 192.0.2.7"},
	{"192.0.2.0/0.0.0.255", BROKEN, "the mask is inverted, as routers write it; write 192.0.2.0/24"},
	{"192.0.2.0/24x", BROKEN, "the mask is none; write 192.0.2.0/24"},
	{"192.0.2.0/33", BROKEN, "the mask is none"},
	{"192.0.2.0/024", BROKEN, "a number begins with 0; write 192.0.2.0/24"},
	{"192.0.2.07", BROKEN, "a number begins with 0; write 192.0.2.7"},
	{"192.0.2", BROKEN, "the address has less than four fields; write 192.0.2."},
	{"192.0.2.7.", BROKEN, "a dot behind a whole address; write 192.0.2.7"},
	{"192.0.2.256", BROKEN, "not an address"},
	{"10.1/16", BROKEN, "the address has less than four fields; write 10.1.0.0/16"},
	{"192.0.2.1-192.0.2.2", BROKEN, "there are no ranges of addresses; write 192.0.2.1 192.0.2.2"},
	{"255.255.255.255", BROKEN, "no client of a strict table"},
	{"2001", BROKEN, "not an address"},
	{"0x7f.1", BROKEN, NULL},
	{"host.7", BROKEN, "no client of a strict table"},
	{"host.0x7f", BROKEN, "no client of a strict table"},
	{"..7", BROKEN, NULL},
	{".7.", BROKEN, NULL},
	{".", BROKEN, NULL},
	{"[192.0.2.7]", BROKEN, "an IPv4 address in brackets; write 192.0.2.7"},
	{"[::ffff:192.0.2.0]/120", BROKEN, "an IPv4 address as IPv6; write 192.0.2.0/24"},
	{"::ffff:192.0.2.7", BROKEN, NULL},
	{"[fe80::1%eth0]", BROKEN, "a zone is not compared; write [fe80::1]"},
	{"[2001:db8::]/129", BROKEN, NULL},
	{"[2001:db8::]/", BROKEN, "the length behind the brackets is none"},
	{"[2001:db8::", BROKEN, NULL},
	{"2001:db8:", BROKEN, NULL},
	{"#", BROKEN, "no client of a strict table"},
	{"(home)", BROKEN, NULL},
	{"a;b", BROKEN, NULL},
	{"host..example", BROKEN, NULL},
	{".example.", BROKEN, NULL},
	{"..example", BROKEN, NULL},
	{"ALLL", BROKEN, "no such word; write ALL"},
	{"ANY", BROKEN, "no such word; write ALL"},
	{"MAILHOST", BROKEN, "no word of the language, and a name is written in small letters"},
	{"EXCEPT", BROKEN, NULL},
	{"*", BROKEN, "fits everybody; write ALL"},
	{"?*", BROKEN, "fits everybody; write ALL"},
	{"fe80*", BROKEN, "could be an address or a name"},
	{"*:zz", BROKEN, NULL},
	{"@", BROKEN, NULL},
	{"/", BROKEN, NULL},
	{"joe@host", BROKEN, NULL},
	{"", BROKEN, NULL},
};

static void a_host_is_of_one_form(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(host_rows); i++) {
		const struct text_slice word = text_slice_of(host_rows[i].word);
		const struct access_grammar_word got = access_grammar_of_host(word);
		faults += table_check_number(host_rows[i].word, "form", got.form, host_rows[i].form);
		if (got.form == NETWORK)
			faults += table_check_text(
				host_rows[i].word, "network", prefix_to_text(&got.network).text, host_rows[i].text);
		if (got.form != BROKEN || !host_rows[i].text)
			continue;
		char wanted[200];
		snprintf(wanted, sizeof wanted, "\"%s\": %s", host_rows[i].word, host_rows[i].text);
		faults += table_check_text(host_rows[i].word, "told", access_grammar_fault_of_host(word).text, wanted);
	}
	assert_int_equal(faults, 0);
}

static void lists_have_their_words(void **state)
{
	(void)state;
	static const char *const clients[] = {"joe@192.0.2.7", "ALL@.example.com", "j?e@ALL", "joe@@friends", "joe@/file", "joe@2001:db8::1",
		"known@host"},
			  *const no_clients[] = {"joe@", "joe@192.0.2.7/24", "JOE@ALL", "j;e@ALL", "joe@a@b", "EXCEPT", ""};
	static const char *const daemons[] = {"sshd", "in.*", "in.ftpd@192.0.2.1", "sshd@[2001:db8::]/32", "22", "65535", "ALL", "KNOWN@ALL",
		"3proxy", "rpc.mountd", "foo+bar", "Xvnc"},
			  *const no_daemons[] = {"/usr/sbin/sshd", "@group", "LOCAL", "PARANOID", "65536", "022", "+22", "ALLL", "SSHD", "#",
				  "sshd@", "sshd@192.0.2.1/24", "sshd;", "[", "\xef\xbb\xbfsshd", ""};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(clients); i++)
		faults += table_check_number(clients[i], "client", access_grammar_takes_client(text_slice_of(clients[i])), true);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(no_clients); i++)
		faults += table_check_number(no_clients[i], "client", access_grammar_takes_client(text_slice_of(no_clients[i])), false);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(daemons); i++)
		faults += table_check_number(daemons[i], "daemon", access_grammar_takes_daemon(text_slice_of(daemons[i])), true);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(no_daemons); i++) {
		const struct text_slice word = text_slice_of(no_daemons[i]);
		faults += table_check_number(no_daemons[i], "daemon", access_grammar_takes_daemon(word), false);
		faults += table_check_number(no_daemons[i], "told", access_grammar_fault_of_daemon(word).text[0], '"');
	}
	assert_int_equal(faults, 0);
}

static void what_is_told_fits_whatever_the_word(void **state)
{
	(void)state;
	char word[4000];
	struct table_check_random random = table_check_random_start("grammar");
	for (unsigned round = 0; round < 3000; round++) {
		const size_t length = table_check_random_below(&random, round % 50 ? 60 : sizeof word);
		for (size_t i = 0; i < length; i++) {
			static const char likely[] = "0123.:/[]*@ABfz%-";
			const unsigned any = table_check_random_below(&random, 256);
			word[i] = round % 2 ? (char)any : likely[any % (sizeof likely - 1)];
		}
		const struct text_slice w = {word, length};
		access_grammar_of_host(w);
		access_grammar_takes_client(w);
		access_grammar_takes_daemon(w);
		assert_in_range(strlen(access_grammar_fault_of_client(w).text), 1, sizeof(struct access_grammar_fault) - 1);
		assert_in_range(strlen(access_grammar_fault_of_daemon(w).text), 1, sizeof(struct access_grammar_fault) - 1);
		if (length > 0)
			assert_true(access_grammar_bare_v6(w) <= length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_is_of_one_form),
		cmocka_unit_test(lists_have_their_words),
		cmocka_unit_test(what_is_told_fits_whatever_the_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
