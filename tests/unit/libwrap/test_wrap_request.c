/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_request.h"

#include "libwrap/wrap_unanswered.h"
#include "table_files.h"

#include <netinet/in.h>

static unsigned names;

static void count_name(struct host_info *host)
{
	names++;
	strcpy(host->name, "host.example");
}

static void a_question_is_put_when_a_rule_needs_it(void **state)
{
	(void)state;
	static const struct {
		const char *allow;
		unsigned names;
		int verdict;
	} rows[] = {
		{"sshd: 192.0.2.1\n", 0, 1},
		{"sshd: 192.0.2.0/24\n", 0, 1},
		{"sshd: ALL\n", 0, 1},
		{"ftpd: .example\n", 0, 0},
		{"sshd: .example\n", 1, 1},
		{"sshd: 198.51.100. .other .example\n", 1, 1},
		{"sshd: KNOWN\n", 1, 1},
		{"sshd: ALL: spawn echo %h\n", 0, 1},
		{"sshd: ALL: spawn echo %n\n", 1, 1},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct request_info r;
		table_files_set(rows[i].allow, "ALL: 192.0.2.1\n");
		request_init(&r, RQ_DAEMON, "sshd", RQ_CLIENT_ADDR, "192.0.2.1", 0);
		r.hostname = count_name;
		names = 0;
		faults += table_check_number(rows[i].allow, "verdict", hosts_access(&r), rows[i].verdict);
		faults += table_check_number(rows[i].allow, "names asked for", names, rows[i].names);
	}
	assert_int_equal(faults, 0);
}

static void a_port_is_known_with_its_socket_only(void **state)
{
	(void)state;
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(22)};
	struct sockaddr other = {.sa_family = AF_UNIX};
	struct request_info r;
	request_init(&r, RQ_SERVER_SIN, &four, 0);
	struct access_request q = wrap_request_of(&r);
	assert_int_equal(q.answers->port(q.self, ACCESS_SERVER), 22);
	assert_int_equal(q.answers->port(q.self, ACCESS_CLIENT), -1);
	r.client->sin = &other;
	assert_int_equal(q.answers->port(q.self, ACCESS_CLIENT), -1);
	table_files_set("22: ALL\n", "ALL: ALL\n");
	request_set(&r, RQ_DAEMON, "sshd", RQ_CLIENT_ADDR, "192.0.2.1", 0);
	assert_int_equal(hosts_access(&r), 1);
	r.server->sin = NULL;
	assert_int_equal(hosts_access(&r), 0);
}

static void what_was_given_is_known_without_asking(void **state)
{
	(void)state;
	struct request_info r;
	request_init(&r, RQ_DAEMON, "d", RQ_CLIENT_NAME, "a.example", 0);
	struct access_request q = wrap_request_of(&r);
	assert_string_equal(q.answers->name_so_far(q.self, ACCESS_CLIENT), "a.example");
	assert_null(q.answers->name_so_far(q.self, ACCESS_SERVER));
	assert_false(q.answers->has_user(q.self));
	assert_string_equal(q.answers->user(q.self), "unknown");
	assert_true(q.answers->has_user(q.self));
	assert_string_equal(q.answers->pid(q.self), r.pid);
}

static void nobody_is_in_a_netgroup_that_does_not_exist(void **state)
{
	(void)state;
	struct request_info r;
	request_init(&r, 0);
	struct access_request q = wrap_request_of(&r);
	assert_false(q.answers->in_netgroup(q.self, "kw-no-such-group", "host.example"));
}

static const char *why_noted;

static void give_no_answer(struct host_info *host)
{
	wrap_unanswered_note(host, why_noted);
}

static void give_paranoid(struct host_info *host)
{
	strcpy(host->name, "paranoid");
	wrap_unanswered_note(host, why_noted);
}

static void a_name_that_nobody_says_keeps_out(void **state)
{
	(void)state;
	struct request_info r, copy;
	table_files_set("", "ALL: .example\n");
	for (unsigned i = 0; i < 4; i++) {
		request_init(&r, RQ_DAEMON, "sshd", RQ_CLIENT_ADDR, "192.0.2.1", 0);
		r.hostname = i % 2 ? give_no_answer : give_paranoid;
		why_noted = i < 2 ? "nobody answered" : NULL;
		assert_int_equal(hosts_access(&r), i >= 2);
		assert_string_equal(r.client->name, i % 2 ? "unknown" : "paranoid");
		assert_int_equal(wrap_unanswered_why(r.client) != NULL, i < 2);
		copy = r;
		assert_int_equal(wrap_unanswered_why(copy.client) != NULL, i < 2);
	}
	/* Who brings a name has an answer. */
	why_noted = "nobody answered";
	request_init(&r, RQ_DAEMON, "sshd", RQ_CLIENT_ADDR, "192.0.2.1", 0);
	r.hostname = give_no_answer;
	assert_int_equal(hosts_access(&r), 0);
	request_set(&r, RQ_CLIENT_NAME, "unknown", 0);
	assert_int_equal(hosts_access(&r), 1);
	assert_int_equal(hosts_ctl((char *)"sshd", (char *)"unknown", (char *)"192.0.2.1", (char *)"unknown"), 1);
}

static void a_reason_has_the_room_that_a_name_leaves(void **state)
{
	(void)state;
	struct host_info host;
	char reason[400];
	memset(reason, 'r', sizeof reason - 1);
	reason[sizeof reason - 1] = '\0';
	for (size_t length = 0; length < sizeof host.name; length++) {
		memset(&host, 'x', sizeof host);
		host.name[length] = '\0';
		assert_null(wrap_unanswered_why(&host));
		wrap_unanswered_note(&host, reason);
		const char *why = wrap_unanswered_why(&host);
		if (length < 100)
			assert_int_equal(strlen(why), sizeof host.name - length - 1 - 5 - 1);
		assert_int_equal(strlen(host.name), length);
		assert_int_equal(host.addr[0], 'x');
		wrap_unanswered_note(&host, NULL);
		assert_null(wrap_unanswered_why(&host));
	}
	memset(&host, 'x', sizeof host);
	assert_null(wrap_unanswered_why(&host));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_that_nobody_says_keeps_out),
		cmocka_unit_test(a_reason_has_the_room_that_a_name_leaves),
		cmocka_unit_test(a_question_is_put_when_a_rule_needs_it),
		cmocka_unit_test(a_port_is_known_with_its_socket_only),
		cmocka_unit_test(what_was_given_is_known_without_asking),
		cmocka_unit_test(nobody_is_in_a_netgroup_that_does_not_exist),
	};
	return cmocka_run_group_tests(tests, table_files_begin, table_files_end);
}
