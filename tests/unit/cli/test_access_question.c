/* SPDX-License-Identifier: ISC */
#include "cli/access_question.h"

#include "support/table_check.h"

#include <stdio.h>
#include <stdlib.h>

static struct access_trial *trial;

static int set_up(void **state)
{
	(void)state;
	trial = calloc(1, sizeof *trial);
	/* What is said about wrong words is not looked at here. */
	return trial && freopen("/dev/null", "w", stderr) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	free(trial);
	return 0;
}

static const struct {
	const char *word, *option;
	const char *daemon, *server; /* null: refused */
} services[] = {
	{"sshd", NULL, "sshd", ""},
	{"sshd@203.0.113.5", NULL, "sshd", "203.0.113.5"},
	{"sshd@[2001:db8::5]", NULL, "sshd", "2001:db8::5"},
	{"sshd@2001:db8::5", NULL, "sshd", "2001:db8::5"},
	{"sshd@203.0.113.5", "203.0.113.6", "sshd", "203.0.113.6"},
	{"sshd", "[2001:db8::5]", "sshd", "2001:db8::5"},
	{"@203.0.113.5", NULL, NULL, NULL},
	{"", NULL, NULL, NULL},
};

static void a_service_is_a_daemon_and_perhaps_an_address_of_ours(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(services); i++) {
		*trial = (struct access_trial){0};
		bool taken = access_question_take_service(
			trial, "test", services[i].word, services[i].option);
		faults += table_check_number(services[i].word, "taken", taken, services[i].daemon != NULL);
		if (!taken || !services[i].daemon)
			continue;
		faults += table_check_text(services[i].word, "daemon", trial->daemon, services[i].daemon);
		faults += table_check_text(
			services[i].word, "server", trial->address[ACCESS_SERVER], services[i].server);
	}
	assert_int_equal(faults, 0);
}

static const struct {
	const char *word, *user, *host; /* null: refused */
} clients[] = {
	{"192.0.2.1", "", "192.0.2.1"},
	{"joe@192.0.2.1", "joe", "192.0.2.1"},
	{"joe@[2001:db8::1]", "joe", "2001:db8::1"},
	{"[2001:db8::1]", "", "2001:db8::1"},
	{"[]", "", "[]"},
	{"@client.example", "", "client.example"},
	{"joe@", NULL, NULL},
	{"", NULL, NULL},
};

static void a_client_is_a_host_and_perhaps_a_user(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(clients); i++) {
		char host[ACCESS_TEXT_SIZE];
		*trial = (struct access_trial){0};
		bool taken = access_question_take_client(trial, "test", clients[i].word, NULL, host);
		faults += table_check_number(clients[i].word, "taken", taken, clients[i].host != NULL);
		if (!taken || !clients[i].host)
			continue;
		faults += table_check_text(clients[i].word, "user", trial->user, clients[i].user);
		faults += table_check_text(clients[i].word, "host", host, clients[i].host);
	}
	assert_int_equal(faults, 0);
}

static void what_is_too_long_is_refused(void **state)
{
	char word[ACCESS_TEXT_SIZE + 8], host[ACCESS_TEXT_SIZE];
	(void)state;
	memset(word, 'a', sizeof word);
	word[ACCESS_TEXT_SIZE] = '\0';
	assert_false(access_question_take_client(trial, "test", word, NULL, host));
	assert_false(access_question_take_client(trial, "test", "h", word, host));
	assert_false(access_question_take_service(trial, "test", word, NULL));
	word[ACCESS_TEXT_SIZE - 1] = '\0';
	assert_true(access_question_take_client(trial, "test", word, NULL, host));
	assert_true(access_question_take_service(trial, "test", word, NULL));
}

static void the_two_words_for_nobody_are_known_in_any_case(void **state)
{
	(void)state;
	assert_true(access_question_is_nobody("unknown"));
	assert_true(access_question_is_nobody("PARANOID"));
	assert_false(access_question_is_nobody("unknown.example"));
	assert_false(access_question_is_nobody(""));
}

static void an_address_that_is_not_whole_or_is_more_is_none(void **state)
{
	(void)state;
	static const struct {
		const char *host;
		bool is_odd;
	} rows[] = {{"1.2.3", true}, {"10.1", true}, {"7", true}, {"0x7f.1", true}, {"192.0.2.07", true}, {"192.0.2.7", false},
		{"2001:db8::7", false}, {"a.example", false}, {"7.example", false}, {"unknown", false}, {"", false},
		{"192.0.2.0/24", true}, {"192.0.2.7:22", true}, {"[2001:db8::7]:22", true}, {"2001:db8::/32", true}, {"a.example:22", false},
		{"a/b", false}};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += table_check_number(rows[i].host, "odd", access_question_is_odd("test", rows[i].host), rows[i].is_odd);
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_service_is_a_daemon_and_perhaps_an_address_of_ours),
		cmocka_unit_test(a_client_is_a_host_and_perhaps_a_user),
		cmocka_unit_test(what_is_too_long_is_refused),
		cmocka_unit_test(the_two_words_for_nobody_are_known_in_any_case),
		cmocka_unit_test(an_address_that_is_not_whole_or_is_more_is_none),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
